import type { Locator, Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { readSavedStep } from '../tools/browsers/savedStep.ts';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, type FormValues, tinyRun } from './labPage.ts';
import { expectMeasured, readResults } from './resultsTable.ts';

/** Two runs that do not end while a test looks on. */
const longRuns: FormValues = {
  'Hidden layers': '100',
  'Training set size': '3200',
  Epochs: '1000',
};
const stepsPerEpoch = 50;
/** The Quick look: three runs, dropout among them, of 3 epochs of 10 steps. */
const quickLook = '/#v=1&preset=quick&layers=16&images=640&epochs=3&seed=7&engine=simd';

/** Plain and ABP; all on one engine, since another one computes other last digits. */
async function prepare(lab: LabPage, values: FormValues): Promise<void> {
  await lab.open();
  await lab.fill(values);
  await lab.setup.getByRole('combobox', { name: 'Computing engine' }).selectOption('simd');
  await expect(lab.engine).toContainText('SIMD', { timeout: 60_000 });
  await lab.setup.getByRole('button', { name: 'Remove Dropout' }).click();
}

/** Waits until the database has checkpoints of all runs, of weight update `step` or later. */
async function reachSavedStep(page: Page, step: number, runs = 2): Promise<void> {
  await expect
    .poll(() => page.evaluate(readSavedStep, runs), { timeout: 90_000, intervals: [50] })
    .toBeGreaterThanOrEqual(step);
}

/** Everything that the curves show, with all digits, sorted by run and step. */
async function readCurves(page: Page): Promise<string[]> {
  const downloading = page.waitForEvent('download');
  const lab = new LabPage(page);
  await lab.showAllCurves();
  const { curves } = lab;
  await curves.getByRole('button', { name: 'Save CSV' }).click();
  const text = await readFile(await (await downloading).path(), 'utf8');
  return text.trim().split(/\r?\n/).slice(1).sort();
}

/** Each run's final errors, once all are measured: clean, FGSM and PGD. */
async function readFinalResults(page: Page): Promise<Record<string, readonly string[]>> {
  await expectMeasured(page, 3);
  return Object.fromEntries(
    Object.entries(await readResults(page)).map(([run, row]) => [run, Object.values(row).slice(1)]),
  );
}

const savedExperiments = (page: Page): Locator =>
  page.getByRole('region', { name: 'Saved experiments' });

/** Waits until the list of saved experiments has this many. */
async function expectSaved(page: Page, count: number): Promise<void> {
  await expect(page.getByTestId('saved-experiments')).toHaveAttribute('data-count', String(count));
}

test.describe('an experiment that is interrupted', () => {
  test.use({ allowedErrors: /boom/ });

  test('ends with the numbers of one that was not, to the last bit', async ({ lab, page }) => {
    test.setTimeout(240_000);
    await lab.open(quickLook);
    await expect(lab.engine).toContainText('SIMD', { timeout: 60_000 });
    await lab.button('Train').click();
    await lab.expectFinished(3);
    const wholeResults = await readFinalResults(page);
    expect(Object.keys(wholeResults)).toEqual(['Plain', 'Dropout', 'ABP ε 0.08']);
    const whole = await readCurves(page);
    await lab.press('Start over');

    await test.step('a reload after the first step', async () => {
      await lab.press('One step');
      await lab.expectRuns({ status: 'paused', epoch: 1, step: 1 }, 3);
      await reachSavedStep(page, 1, 3);
      await page.reload();
      await expect(lab.notice('continued')).toBeVisible();
      await lab.expectRuns({ status: 'paused', epoch: 1, step: 1 }, 3);
    });
    await test.step('a worker that throws after the first epoch', async () => {
      await lab.press('One epoch');
      await lab.expectRuns({ status: 'paused', epoch: 1, step: 10 }, 3);
      await page.workers()[0]!.evaluate(() => {
        setTimeout(() => {
          throw new Error('boom');
        });
      });
      await expect(lab.notice('recovery')).toBeVisible();
      await lab.expectRuns({ status: 'paused', epoch: 1, step: 10 }, 3);
    });
    await lab.press('One epoch');
    await lab.expectRuns({ status: 'paused', epoch: 2, step: 10 }, 3);
    const begun = await readCurves(page);
    expect(begun.length).toBeGreaterThan(6);
    expect(begun.length).toBeLessThan(whole.length);
    // A single step is measured by itself; an uninterrupted run does not stop there.
    const isOfTheStep = (row: string): boolean => /^[^,]*,\d+,0\.1,1,/.test(row);
    const ofTheStep = begun.filter(isOfTheStep);
    expect(ofTheStep.length).toBeGreaterThanOrEqual(3);
    expect(whole).toEqual(expect.arrayContaining(begun.filter((row) => !isOfTheStep(row))));
    whole.push(...ofTheStep);
    whole.sort();

    await reachSavedStep(page, 20, 3);
    const context = page.context();
    await page.close();
    const next = new LabPage(await context.newPage());
    await next.page.goto('/');
    await test.step('a closed tab, after the second epoch', async () => {
      await expect(next.notice('continued')).toBeVisible();
      await next.expectRuns({ status: 'paused', epoch: 2, step: 10 }, 3);
      await next.button('Train').click();
      await next.expectFinished(3);
      expect(await readFinalResults(next.page)).toEqual(wholeResults);
      expect(await readCurves(next.page)).toEqual(whole);
    });
    await test.step('a finished experiment comes back with its networks', async () => {
      await next.page.reload();
      await expect(next.notice('continued')).toBeVisible();
      await next.expectFinished(3);
      expect(await readFinalResults(next.page)).toEqual(wholeResults);
      expect(await readCurves(next.page)).toEqual(whole);
      await expect(next.trainedSummary).toBeVisible();
    });
  });
});

test('after a reload a paused experiment stays paused, and one that was reset is only saved', async ({
  lab,
  page,
}) => {
  await prepare(lab, longRuns);
  await lab.button('Train').click();
  await reachSavedStep(page, 2 * stepsPerEpoch);
  await lab.button('Pause').click();
  await page.reload(); // at once
  await lab.expectRuns({ status: 'paused' }, 2);
  const before = await readCurves(page);
  await page.waitForTimeout(500); // an epoch takes some 50 ms
  expect(await readCurves(page)).toEqual(before);
  await lab.button('Train').click();
  await expect.poll(async () => (await readCurves(page)).length).toBeGreaterThan(before.length);

  await lab.press('Start over');
  await page.reload();
  await expect(lab.noRuns).toBeVisible();
  await expect(lab.notice('continued')).toHaveCount(0);
  await lab.goTo('Files');
  await expect(savedExperiments(page).getByRole('button', { name: /^Open / })).toHaveCount(1);
});

test('the list of saved experiments is read where it is shown, not at the start', async ({
  lab,
  page,
}) => {
  await page.addInitScript(`
    const { openKeyCursor } = IDBIndex.prototype;
    globalThis.lists = 0;
    IDBIndex.prototype.openKeyCursor = function (...query) {
      globalThis.lists++;
      return openKeyCursor.apply(this, query);
    };
  `);
  const countLists = () => page.evaluate<number>('lists');
  await lab.open('/#v=1&preset=quick&layers=16&images=640&epochs=1&engine=simd');
  await lab.button('Train').click();
  await lab.expectFinished(3);
  await lab.press('Start over');
  await expect(lab.noRuns).toBeVisible();
  expect(await countLists()).toBe(0);
  await lab.goTo('Files');
  await expectSaved(page, 1);
  expect(await countLists()).toBeGreaterThan(0);
});

test('the list of saved experiments shows the newest, and more on request', async ({
  lab,
  page,
}) => {
  await lab.open('/#v=1&preset=quick&layers=16&images=640&epochs=1&engine=simd');
  await lab.button('Train').click();
  await lab.expectFinished(3);
  await lab.press('Start over'); // closes the experiment in the database
  await lab.goTo('Files');
  await expectSaved(page, 1);
  await page.evaluate(addCopies, 27);
  await page.reload();
  await expectSaved(page, 28);
  const items = page.getByTestId('saved-experiment');
  await expect(items).toHaveCount(4);
  const more = savedExperiments(page).getByTestId('more-experiments');
  await more.click();
  await expect(items).toHaveCount(24);
  await more.click();
  await expect(items).toHaveCount(28);
  await expect(more).toBeFocused();
  await more.click();
  await expect(items).toHaveCount(4);
});

/** In the page: adds copies of its saved experiment, without curves and weights. */
async function addCopies(copies: number): Promise<void> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error!);
    });
  const database = await answer(indexedDB.open('adversarial-gradient-lab'));
  const names = ['experiments', 'summaries'];
  const stores = database.transaction(names, 'readwrite');
  for (const name of names) {
    const store = stores.objectStore(name);
    const [record] = (await answer(store.getAll())) as { startedAt: number }[];
    for (let copy = 1; copy <= copies; copy++) {
      const startedAt = record!.startedAt - copy * 60_000;
      await answer(store.put({ ...record, id: `copy ${copy}`, startedAt }));
    }
  }
  database.close();
}

test('saved experiments can be compared, opened and deleted, by keyboard too', async ({
  lab,
  page,
}) => {
  await prepare(lab, tinyRun);
  const saved = savedExperiments(page);
  await lab.goTo('Files');
  await expectSaved(page, 0);
  await lab.goTo('Lab');
  await lab.button('Train').click();
  await lab.expectFinished(2);
  const first = await readCurves(page);
  await lab.goTo('Files');
  await expect(page.getByTestId('saved-experiment')).toHaveAttribute('data-present', 'true');
  await lab.goTo('Lab');
  await lab.press('Start over');
  await lab.press('New random seed');
  await lab.button('Train').click();
  await lab.expectFinished(2);
  const second = await readCurves(page);
  await lab.goTo('Files');
  await expectSaved(page, 2);

  const compare = saved.getByRole('checkbox', { name: /^Compare/ });
  await compare.check();
  await expectAccessible(page, 'section:has([data-testid=saved-experiments])');
  await lab.goTo('Lab');
  await expect // the compared curves are read from storage
    .poll(async () => (await readCurves(page)).length)
    .toBe(first.length + second.length);
  await lab.goTo('Files');
  await compare.uncheck();

  await expect(saved.getByRole('heading', { name: 'Plain vs. ABP ε 0.08' })).toHaveCount(2);
  await expect(saved.getByTestId('sparkline').locator('path[d^=M]')).toHaveCount(4);
  await saved.getByRole('button', { name: /^Open Plain vs\. ABP/ }).press('Enter');
  await expect(page.getByRole('link', { name: 'Lab', exact: true })).toHaveAttribute(
    'aria-current',
    'page',
  );
  await expect(page.getByRole('main')).toBeFocused();
  await expect(lab.notice('continued')).toBeVisible();
  await lab.expectFinished(2);
  expect(await readCurves(page)).toEqual(first);
  await lab.goTo('Files');

  const remove = saved.getByRole('button', { name: /^Delete / });
  await expect(remove).toHaveCount(2);
  await remove.last().press('Enter');
  const dialog = page.getByRole('dialog', { name: /^Delete / });
  const confirm = dialog.getByRole('button', { name: 'Delete for good' });
  await expectAccessible(page, '[role=dialog]');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(remove.last()).toBeFocused();
  await remove.first().press('Enter');
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await confirm.click();
  await expectSaved(page, 1);
  await remove.press('Enter');
  await confirm.click();
  await expectSaved(page, 0);
  await page.reload(); // the address opens Files again
  await expectSaved(page, 0);
  await lab.goTo('Lab');
  await expect(lab.noRuns).toBeVisible();
});

test('an experiment belongs to one tab at a time, resumes at its own address, and waits behind other links', async ({
  lab,
  page,
}) => {
  await prepare(lab, longRuns);
  await lab.button('Train').click();
  await reachSavedStep(page, 2 * stepsPerEpoch);
  const own = page.url();
  expect(own).toContain('#v=1');
  const before = await readCurves(page);
  const context = page.context();

  const other = new LabPage(await context.newPage());
  const open = savedExperiments(other.page).getByRole('button', { name: /^Open / });
  await test.step('another tab leaves it alone until the first is closed', async () => {
    await other.page.goto('/');
    await expect(other.noRuns).toBeVisible();
    await other.goTo('Files');
    await open.click();
    await expect(savedExperiments(other.page).getByRole('alert')).toBeVisible();
    await other.goTo('Lab');
    await expect(other.noRuns).toBeVisible();
    await other.goTo('Files');
    await page.close();
    // The browser may take a moment to release what the closed tab held.
    await expect(async () => {
      await open.click();
      await expect(other.notice('continued')).toBeVisible({ timeout: 10_000 });
    }).toPass({ timeout: 60_000 });
    await other.expectTraining(3, 2);
    expect(await readCurves(other.page)).toEqual(expect.arrayContaining(before));
  });

  await test.step('a closed tab resumes at its own address', async () => {
    await other.page.close();
    const again = new LabPage(await context.newPage());
    await again.page.goto(own);
    await expect(again.notice('continued')).toBeVisible();
    await again.expectTraining(3, 2);
    await again.page.close();
  });

  await test.step('behind another link it is offered', async () => {
    const linked = new LabPage(await context.newPage());
    await linked.page.goto('/#v=1&preset=tanh');
    const offer = linked.notice('kept');
    await expect(offer).toBeVisible();
    await expect(linked.noRuns).toBeVisible();
    await offer.getByRole('button', { name: /^Open the/ }).click();
    await expect(linked.notice('continued')).toBeVisible();
    await linked.expectTraining(3, 2);
    await expect(offer).toHaveCount(0);
  });
});

test('one damaged network stops no other run; an experiment that cannot be read is deleted', async ({
  lab,
  page,
}) => {
  async function damage(what: 'weights' | 'experiment'): Promise<void> {
    // In another document of the site: the page itself would save its own, whole state again.
    const body = '<link rel="icon" href="data:,">';
    await page.route('/empty', (route) => route.fulfill({ contentType: 'text/html', body }));
    await page.goto('/empty');
    await page.evaluate(damageRecord, what);
    await page.goto('/');
  }

  await prepare(lab, tinyRun);
  await lab.button('Train').click();
  await lab.expectFinished(2);
  await lab.goTo('Files');
  await expect(page.getByTestId('saved-experiment')).toHaveAttribute('data-present', 'true');
  await damage('weights');
  await expect(lab.alert).toHaveAttribute('data-code', 'data-corrupt');
  await lab.expectFinished(1);
  await expect(lab.runStatuses).toHaveCount(2);

  await damage('experiment');
  await expect(lab.notice('kept')).toBeVisible();
  await lab.goTo('Files');
  await expect(page.getByTestId('unreadable-experiment')).toBeVisible();
  await savedExperiments(page)
    .getByRole('button', { name: /^Delete / })
    .click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expectSaved(page, 0);
});

/** In the page: puts NaN into the weights of one saved run, or breaks the experiment's record. */
async function damageRecord(what: 'weights' | 'experiment'): Promise<void> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error!);
    });
  const database = await answer(indexedDB.open('adversarial-gradient-lab'));
  const name = what === 'weights' ? 'checkpoints' : 'experiments';
  const store = database.transaction(name, 'readwrite').objectStore(name);
  const [record] = (await answer(store.getAll())) as {
    runs?: unknown;
    layers?: { parameters: Float32Array }[];
  }[];
  if (what === 'experiment') record!.runs = 'all';
  else record!.layers![0]!.parameters.fill(Number.NaN);
  await answer(store.put(record));
  database.close();
}

test('where storage is full training works, and the page says that it saves nothing', async ({
  lab,
  page,
}) => {
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('Full.', 'QuotaExceededError');
    };
  });
  await lab.open();
  await lab.fill(tinyRun);
  await lab.button('Train').click();
  await lab.expectFinished(3);
  await expect(page.getByTestId('storage-notice')).toBeVisible();
  await expect(lab.alert).toHaveCount(0);
});
