import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { LabPage, type FormValues } from './labPage.ts';
import { expectMeasured, readResults } from './resultsTable.ts';

/** Two runs of some seconds: every second epoch is measured in full and saved. */
const shortRace: FormValues = { 'Hidden layers': '32', 'Training set size': '6400', Epochs: '24' };
/** Steps of an epoch of these races. */
const stepsPerEpoch = 100;
/** A race of two runs that does not end while a test looks on. */
const longRace: FormValues = { ...shortRace, Epochs: '1000' };
/**
 * The Quick look of three runs, dropout among them, with epochs so short that it can be broken off several times:
 * long enough that a slow disk is a few of them behind and the race still far from its end.
 */
const quickLook = '/#v=1&preset=quick&layers=16&images=6400&epochs=30&seed=7&engine=simd';

async function prepare(lab: LabPage, values: FormValues): Promise<void> {
  await lab.open();
  // Settings change results, so every race of these tests is of plain and ABP on the same engine.
  await lab.fill(values);
  await lab.setup.getByRole('combobox', { name: 'Computing engine' }).selectOption('simd');
  await expect(lab.engine).toContainText('SIMD', { timeout: 60_000 });
  await lab.setup.getByRole('button', { name: 'Remove Dropout' }).click();
}

/** Waits until all runs are in an epoch from `first` on. */
async function reachEpoch(page: Page, first: number, runs = 2): Promise<void> {
  await expect
    .poll(
      async () => {
        const texts = await page.getByText(/Epoch \d+ of \d+ · step/).allTextContents();
        const epochs = texts.map((text) => Number(/Epoch (\d+)/.exec(text)?.[1]));
        return epochs.length === runs ? Math.min(...epochs) : 0;
      },
      { timeout: 90_000, intervals: [50] },
    )
    .toBeGreaterThanOrEqual(first);
}

/**
 * Waits until all runs of the race under way lie in the database with an epoch from `first` on: what the page
 * has computed by then may be more.
 */
async function reachKeptEpoch(page: Page, first: number, runs = 2): Promise<void> {
  await expect
    .poll(() => page.evaluate(readKeptSteps, runs), { timeout: 90_000, intervals: [50] })
    .toBeGreaterThanOrEqual(first * stepsPerEpoch);
}

/** In the page: the least step that is kept of a run of the present race; 0 while there is none. */
async function readKeptSteps(runCount: number): Promise<number> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error!);
    });
  const database = await answer(indexedDB.open('adversarial-gradient-lab'));
  try {
    const stores = database.transaction(['state', 'experiments']);
    const present: unknown = await answer(stores.objectStore('state').get('present'));
    const experiment = (await answer(stores.objectStore('experiments').get(String(present)))) as
      { runs: { checkpointStep: number | null }[] } | undefined;
    const steps = experiment?.runs.map(({ checkpointStep }) => checkpointStep ?? 0) ?? [];
    return steps.length === runCount ? Math.min(...steps) : 0;
  } finally {
    database.close();
  }
}

async function finish(page: Page, runs = 2): Promise<void> {
  await expect(page.getByText(/^Finished: .* error/)).toHaveCount(runs, { timeout: 120_000 });
}

/** All that the curves show, with all digits, in the order of run and step. */
async function readCurves(page: Page): Promise<string[]> {
  const downloading = page.waitForEvent('download');
  const curves = page.getByRole('region', { name: 'Curves' });
  await curves.getByRole('button', { name: 'Save CSV' }).click();
  const text = await readFile(await (await downloading).path(), 'utf8');
  return text.trim().split(/\r?\n/).slice(1).sort();
}

/** What the results say of each run at the end, once all of it is measured: clean, FGSM and PGD. */
async function readFinalResults(page: Page): Promise<Record<string, readonly string[]>> {
  await expectMeasured(page, 3);
  return Object.fromEntries(
    Object.entries(await readResults(page)).map(([run, row]) => [run, Object.values(row).slice(1)]),
  );
}

const keptRaces = (page: Page) => page.getByRole('region', { name: 'Kept races' });
const notice = (page: Page, text: string | RegExp) =>
  page.getByRole('status').filter({ hasText: text });

test.describe('a race that is interrupted', () => {
  test.use({ allowedErrors: /boom/ });

  test('ends with the numbers of one that was not, to the last bit', async ({ lab, page }) => {
    test.setTimeout(360_000);
    await lab.open(quickLook);
    await expect(lab.engine).toContainText('SIMD', { timeout: 60_000 });
    await lab.button('Train').click();
    await finish(page, 3);
    const wholeResults = await readFinalResults(page);
    expect(Object.keys(wholeResults)).toEqual(['Plain', 'Dropout', 'ABP ε 0.08']);
    const whole = await readCurves(page);
    expect(whole.length).toBeGreaterThan(100);

    await lab.button('Reset').click();
    await lab.button('Train').click();
    await reachKeptEpoch(page, 2, 3);
    await page.reload();
    await expect(notice(page, /goes on from epoch [1-9]/)).toBeVisible();
    const kept = await readCurves(page);
    expect(kept.length).toBeGreaterThan(10);
    expect(kept.length).toBeLessThan(whole.length);
    expect(whole).toEqual(expect.arrayContaining(kept));

    await reachEpoch(page, 6, 3);
    await page.workers()[0]!.evaluate(() => {
      setTimeout(() => {
        throw new Error('boom');
      });
    });
    await expect(notice(page, 'The engine was replaced')).toBeVisible();
    await reachKeptEpoch(page, 8, 3);

    const context = page.context();
    await page.close();
    const next = await context.newPage();
    await next.goto('/');
    await expect(notice(next, /goes on from epoch ([89]|[12]\d)/)).toBeVisible();
    await finish(next, 3);
    expect(await readFinalResults(next)).toEqual(wholeResults);
    expect(await readCurves(next)).toEqual(whole);

    // A finished race comes back with its networks.
    await next.reload();
    await expect(notice(next, 'with its trained networks')).toBeVisible();
    await finish(next, 3);
    expect(await readFinalResults(next)).toEqual(wholeResults);
    expect(await readCurves(next)).toEqual(whole);
    await expect(new LabPage(next).examples.getByText(/^Of \d+ digits, attacked/)).toBeVisible();
  });
});

test('a paused race stays paused, one that was reset is gone from the page but kept', async ({
  lab,
  page,
}) => {
  await prepare(lab, longRace);
  await lab.button('Train').click();
  await reachKeptEpoch(page, 2);
  await lab.button('Pause').click();
  await page.reload(); // at once
  await expect(notice(page, /paused at epoch \d+\.\d\. Press Train to go on/)).toBeVisible();
  await expect(page.getByText(/^Paused · Epoch/)).toHaveCount(2, { timeout: 60_000 });
  const before = await readCurves(page);
  await page.waitForTimeout(1000);
  expect(await readCurves(page)).toEqual(before);
  await lab.button('Train').click();
  await expect.poll(async () => (await readCurves(page)).length).toBeGreaterThan(before.length);

  await lab.button('Reset').click();
  await page.reload();
  await expect(page.getByText('Nothing is trained yet.')).toBeVisible();
  await expect(keptRaces(page).getByRole('button', { name: /^Open the race of/ })).toHaveCount(1);
  await expect(notice(page, 'The race of')).toHaveCount(0);
});

test('kept races can be compared, opened and deleted, by keyboard too', async ({ lab, page }) => {
  await prepare(lab, { ...shortRace, Epochs: '2' });
  const races = keptRaces(page);
  await expect(races).toContainText('No race is kept yet.');
  await lab.button('Train').click();
  await finish(page);
  await expect(races).toContainText('on this page');
  const first = await readCurves(page);
  await lab.button('Reset').click();
  await lab.button('New seed').click();
  await lab.button('Train').click();
  await finish(page);
  await expect(races).toContainText(/2 races, [\d.]+ (kB|MB), in this browser/);
  const second = await readCurves(page);

  await races.getByRole('checkbox', { name: /^Compare with the race of/ }).check();
  await expect // the compared curves are read from storage
    .poll(async () => (await readCurves(page)).length)
    .toBe(first.length + second.length);
  await expectAccessible(page, 'section:has(table[aria-label="Kept races"])');
  await races.getByRole('checkbox', { name: /^Compare/ }).uncheck();

  await races.getByRole('button', { name: /^Open the race of/ }).press('Enter');
  await expect(notice(page, 'with its trained networks')).toBeVisible();
  await finish(page);
  expect(await readCurves(page)).toEqual(first);

  const remove = races.getByRole('button', { name: /^Delete the race of/ });
  await expect(remove).toHaveCount(2);
  await remove.last().press('Enter');
  const dialog = page.getByRole('dialog', { name: /^Delete the race of/ });
  await expect(dialog).toContainText('It is the race on this page');
  await expectAccessible(page, '[role=dialog]');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(remove.last()).toBeFocused();
  await remove.first().press('Enter');
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(races).toContainText('1 race,');
  await remove.press('Enter');
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(races).toContainText('No race is kept yet.');
  await expect(page.getByText('Nothing is trained yet.')).toBeVisible();
  await page.reload();
  await expect(races).toContainText('No race is kept yet.');
});

test('a race that one tab trains is left alone by another', async ({ lab, page }) => {
  await prepare(lab, longRace);
  await lab.button('Train').click();
  await reachKeptEpoch(page, 2);
  const other = await page.context().newPage();
  await other.goto('/');
  const open = keptRaces(other).getByRole('button', { name: /^Open the race of/ });
  await open.click();
  await expect(keptRaces(other).getByRole('alert')).toContainText('another tab of this page');
  await expect(other.getByText('Nothing is trained yet.')).toBeVisible();
  await page.close();
  // The browser may take a moment to let go of what the closed tab held.
  await expect(async () => {
    await open.click();
    await expect(notice(other, /goes on from epoch [1-9]/)).toBeVisible({ timeout: 10_000 });
  }).toPass({ timeout: 60_000 });
  await reachEpoch(other, 3);
});

test('a closed tab goes on at its own address; another link says that the race is kept', async ({
  lab,
  page,
}) => {
  await prepare(lab, longRace);
  await lab.button('Train').click();
  await reachKeptEpoch(page, 2);
  const own = page.url();
  expect(own).toContain('#v=1');
  const context = page.context();
  await page.close();
  const again = await context.newPage();
  await again.goto(own);
  await expect(notice(again, /goes on from epoch [1-9]/)).toBeVisible();
  await reachEpoch(again, 3);

  await again.close();
  const other = await context.newPage();
  await other.goto('/#v=1&preset=tanh');
  const offer = notice(other, 'It stays kept.');
  await expect(offer).toBeVisible();
  await expect(other.getByText('Nothing is trained yet.')).toBeVisible();
  await offer.getByRole('button', { name: /^Open the race of/ }).click();
  await expect(notice(other, /goes on from epoch [1-9]/)).toBeVisible();
  await expect(offer).toHaveCount(0);
});

test('one damaged network takes no other run along; a race that cannot be read is deleted', async ({
  lab,
  page,
}) => {
  await prepare(lab, { ...shortRace, Epochs: '2' });
  await lab.button('Train').click();
  await finish(page);
  await expect(keptRaces(page)).toContainText('on this page');
  await page.evaluate(damage, 'weights' as const);
  await page.reload();
  const problem = page.getByRole('alert').filter({ hasText: 'has stopped' });
  await expect(problem).toContainText('found infinite ones or NaN in its weights');
  await expect(page.getByText(/^Finished: .* error/)).toHaveCount(1, { timeout: 60_000 });

  await page.evaluate(damage, 'race' as const);
  await page.reload();
  await expect(notice(page, 'what is stored of it cannot be read')).toBeVisible();
  await expect(keptRaces(page)).toContainText('Cannot be read');
  await keptRaces(page)
    .getByRole('button', { name: /^Delete the race of/ })
    .click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(keptRaces(page)).toContainText('No race is kept yet.');
});

/** In the page: puts NaN into the weights of one kept run, or breaks the record of the race. */
async function damage(what: 'weights' | 'race'): Promise<void> {
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
  if (what === 'race') record!.runs = 'all';
  else record!.layers![0]!.parameters.fill(Number.NaN);
  await answer(store.put(record));
  database.close();
}

const failures: readonly [what: string, script: () => void, says: string][] = [
  [
    'is missing',
    () => Object.defineProperty(window, 'indexedDB', { value: undefined }),
    'offers the page no storage',
  ],
  [
    'is blocked',
    () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('Access is denied.', 'SecurityError');
      };
    },
    'Allow cookies and site data',
  ],
  [
    'is full',
    () => {
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('Full.', 'QuotaExceededError');
      };
    },
    'no room left',
  ],
];

for (const [what, script, says] of failures) {
  test(`where storage ${what}, training works and the page says why it saves nothing`, async ({
    lab,
    page,
  }) => {
    await page.addInitScript(script);
    await prepare(lab, { ...shortRace, Epochs: '2' });
    await lab.button('Train').click();
    await finish(page);
    await expect(notice(page, says)).toBeVisible();
    await expect(notice(page, says)).toContainText('Not saved.');
    await expect(lab.alert).toHaveCount(0);
  });
}
