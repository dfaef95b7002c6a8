import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { tabTo } from './keyboard.ts';
import { expectMeasured, readResults } from './resultsTable.ts';
import { RobustnessPanel } from './robustnessPanel.ts';

/** Two epochs of ten steps; the networks are large enough that a measurement can be canceled. */
const link =
  '/#v=1&engine=simd&layers=128&images=640&epochs=2&runs=plain;adversarial,eps:0.1&attack=0.08';
const names = ['Plain', 'ABP ε 0.1'];
const attacks = ['Random signs', 'FGSM', 'PGD-20'];
/** How many ε each attack is measured with. */
const epsilonCount = 11;

const panelOf = (page: Page): Locator => page.getByRole('region', { name: 'Robustness' });

/** One cell of a run: error rate, images and epoch, as they are written. */
interface Figures {
  readonly error: string;
  readonly images: string;
  readonly epoch: string;
}

/** The curves' numbers by attack and ε, "FGSM 0.08", those of each run in order. */
async function readTable(page: Page): Promise<Map<string, Figures[]>> {
  const table = panelOf(page).getByRole('table', { name: /^Error rates by attack and ε/ });
  const rows = await table.evaluate((element) =>
    [...(element as HTMLTableElement).tBodies[0]!.rows].map((row) =>
      [...row.cells].map((cell) => cell.textContent),
    ),
  );
  return new Map(
    rows.map(([attack, epsilon, ...cells]) => [
      `${attack} ${epsilon}`,
      names.map((_, run) => {
        const [error, images, epoch] = cells.slice(3 * run);
        return { error: error!, images: images!, epoch: epoch! };
      }),
    ]),
  );
}

const errorsOf = (figures: readonly Figures[] | undefined): string[] =>
  figures!.map(({ error }) => error);

/** The ε at which a chart has a mark: where its line stands between the ends of the axis, 0 and 0.5. */
async function readMark(chart: Locator, text: string): Promise<number> {
  return chart.getByText(text, { exact: true }).evaluate((label) => {
    const x = Number(label.parentElement!.querySelector('line')!.getAttribute('x1'));
    const grid = label.closest('svg')!.querySelector('.recharts-cartesian-grid-horizontal line')!;
    const left = Number(grid.getAttribute('x1'));
    const right = Number(grid.getAttribute('x2'));
    return (0.5 * (x - left)) / (right - left);
  });
}

function describeFigures({ error, images, epoch }: Figures): string {
  return `${error} of ${images} after ${epoch}`;
}

/** On how many images anything in the table was measured. */
async function readImageCounts(page: Page): Promise<string[]> {
  const figures = [...(await readTable(page)).values()].flat();
  return [...new Set(figures.map(({ images }) => images))];
}

test('measures curves, gives them in numbers and on all images, and measures transfer, mostly by keyboard', async ({
  lab,
  page,
}) => {
  test.setTimeout(240_000);
  const panel = panelOf(page);
  const measure = panel.getByRole('button', { name: 'Measure on all 1,000' });
  const progress = panel.getByRole('progressbar', { name: 'Measuring' });
  await lab.open(link);
  await lab.goTo('Robustness');
  await expect(measure).toHaveAttribute('aria-disabled', 'true');

  await test.step('after an epoch, on some of the images', async () => {
    await lab.goTo('Lab');
    await lab.press('One epoch');
    await lab.expectRuns({ status: 'paused', epoch: 1, step: 10 }, names.length);
    await lab.goTo('Robustness');
    await panel.getByRole('checkbox', { name: 'Table' }).check();
    await expect.poll(() => readImageCounts(page), { timeout: 60_000 }).toEqual(['200']);
    await expect(progress).toBeHidden();
  });

  await test.step('a measurement on all images can be canceled, by keyboard', async () => {
    await tabTo(measure);
    await page.keyboard.press('Enter');
    await expect(progress).toBeVisible();
    // The same button, so that the focus stays.
    await expect(panel.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(progress).toBeHidden();
    await expect(measure).toBeFocused();
    await expect(measure).toHaveAttribute('aria-disabled', 'false');
    expect(await readImageCounts(page)).toContain('200');
  });

  await test.step('a measurement on all images shows its progress to the end', async () => {
    await page.keyboard.press('Enter');
    const readProgress = async (): Promise<number> =>
      Number(await progress.getAttribute('aria-valuenow', { timeout: 5000 }));
    await expect.poll(readProgress, { intervals: [50] }).toBeGreaterThan(5);
    await expect.poll(readProgress, { intervals: [50] }).toBeGreaterThan(15);
    await expect(measure).toBeVisible({ timeout: 120_000 });
    await expect(progress).toBeHidden();
    await expect.poll(() => readImageCounts(page)).toEqual(['1,000']);
    await expect(panel.getByRole('alert')).toHaveCount(0);
  });

  // What follows the last epoch by itself is measured.
  await lab.goTo('Lab');
  await lab.button('Train').click();
  await lab.expectFinished(names.length);
  await expectMeasured(page, names.length);
  await lab.goTo('Robustness');
  await test.step('the curves in numbers are those of the results', async () => {
    // All of them by the networks of the last epoch.
    await expect
      .poll(async () => [...(await readTable(page)).values()].flat().map(describeFigures), {
        timeout: 60_000,
      })
      .toEqual(
        Array.from({ length: attacks.length * epsilonCount * names.length }, () =>
          expect.stringMatching(/^\d+\.\d+\s% of 1,000 after 2$/),
        ),
      );
    await expect(progress).toBeHidden();
    const figures = await readTable(page);
    // An attack of size 0 changes nothing, whatever its kind.
    const clean = errorsOf(figures.get('FGSM 0.00'));
    for (const attack of attacks) expect(errorsOf(figures.get(`${attack} 0.00`))).toEqual(clean);
    await lab.goTo('Lab');
    const readColumn = async (
      column: 'Clean error' | 'FGSM, ε 0.08' | 'PGD-20, ε 0.08',
    ): Promise<string[]> => Object.values(await readResults(page)).map((row) => row[column]);
    await expect.poll(() => readColumn('Clean error')).toEqual(clean);
    for (const attack of ['FGSM', 'PGD-20'] as const) {
      const ofCurve = errorsOf(figures.get(`${attack} 0.08`));
      await expect.poll(() => readColumn(`${attack}, ε 0.08`)).toEqual(ofCurve);
    }
  });

  await test.step('training ε and attack ε are marked in every chart', async () => {
    await lab.goTo('Robustness');
    await panel.getByRole('checkbox', { name: 'Table' }).uncheck();
    for (const title of ['Error under random signs', 'Error under FGSM', 'Error under PGD-20']) {
      const chart = panel.getByRole('figure').filter({ hasText: title });
      expect(await readMark(chart, 'ABP ε 0.1')).toBeCloseTo(0.1, 3);
      expect(await readMark(chart, 'attack ε 0.08')).toBeCloseTo(0.08, 3);
    }
    const slider = panel.getByRole('slider', { name: 'Error under FGSM, by Attack ε' });
    await tabTo(slider);
    await page.keyboard.press('End');
    await expect(slider).toHaveAttribute('aria-valuetext', /^Near ε 0\.50?\. .*Plain.*\d %/);
    await panel.getByRole('checkbox', { name: 'Table' }).check();
  });

  await test.step('transfer is measured by keyboard', async () => {
    const matrix = panel.getByRole('table', { name: 'Transfer of attacks' });
    await expect(matrix).toHaveCount(0);
    await lab.goTo('Lab');
    await lab.attackSlider.fill('0.2');
    await lab.goTo('Robustness');
    const robustness = new RobustnessPanel(lab);
    await robustness.open('Transfer');
    await tabTo(panel.getByRole('combobox', { name: 'Attack to transfer' }));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await expect(panel.getByRole('button', { name: 'Measure transfer' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(matrix).toBeVisible({ timeout: 60_000 });
    await expect(matrix.getByRole('columnheader')).toHaveText([/./, ...names]);
    await expect(matrix.getByRole('rowheader')).toHaveText(names);
    const cells = await matrix.getByRole('cell').allTextContents();
    expect(cells).toHaveLength(names.length ** 2);
    for (const cell of cells) expect(cell).toMatch(/^\d+\.\d+\s%(own)?$/);
    // A network's own attack is the one that its curve was measured by, on the same images.
    await robustness.open('Error against ε');
    const own = errorsOf((await readTable(page)).get('PGD-20 0.20'));
    expect([cells[0], cells[3]]).toEqual(own.map((error) => `${error}own`));
    expect(parseFloat(cells[1]!)).toBeLessThan(parseFloat(cells[3]!));
    expect(parseFloat(cells[2]!)).toBeLessThan(parseFloat(cells[0]!));
  });

  await expectAccessible(page, 'section[data-panel="Robustness"]');
});

test('proofs and the strongest attack enclose what is true: proven ≤ survives ≤ what every weaker attack leaves', async ({
  lab,
  page,
}) => {
  test.setTimeout(240_000);
  await lab.open(
    '/#v=1&engine=simd&layers=32&images=640&epochs=1&runs=adversarial,eps:0.1&attack=0.08',
  );
  await lab.button('Train').click();
  await lab.expectFinished(1);
  await expectMeasured(page, 1);
  const panel = new RobustnessPanel(lab);
  const tab = await panel.open('Proof');
  const start = tab.getByRole('button', { name: 'Attack and prove' });
  await expect(start).toHaveAttribute('aria-disabled', 'false', { timeout: 60_000 });
  await start.click();
  const table = tab.getByRole('table');
  const readRows = async () =>
    table
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) =>
          [...(row as HTMLTableRowElement).cells].map((cell) =>
            Number.parseFloat(cell.textContent),
          ),
        ),
      );
  await expect.poll(async () => (await readRows()).length, { timeout: 120_000 }).toBeGreaterThan(1);
  await tab.getByRole('button', { name: 'Cancel' }).click();
  await expect(start).toHaveAttribute('aria-disabled', 'false', { timeout: 5000 });
  const rows = await readRows();

  await panel.open('Error against ε');
  await panel.region.getByRole('checkbox', { name: 'Table' }).check();
  const curves = panel.region.getByRole('table', { name: /^Error rates by attack and ε/ });
  const errors = await curves.locator('tbody tr').evaluateAll((all) =>
    all.map((row) => {
      const [attack, epsilon, error] = [...(row as HTMLTableRowElement).cells];
      return {
        attack: attack!.textContent,
        epsilon: Number(epsilon!.textContent),
        error: Number.parseFloat(error!.textContent),
      };
    }),
  );
  for (const [epsilon, proven, survive] of rows) {
    expect(proven).toBeLessThanOrEqual(survive!);
    const weaker = errors.filter((one) => one.epsilon === epsilon);
    expect(weaker.map(({ attack }) => attack)).toEqual(attacks);
    for (const { error } of weaker) expect(survive).toBeLessThanOrEqual(100 - error + 1e-9);
  }

  // What was found stays, also after a reload.
  await page.reload();
  await panel.open('Proof');
  await expect.poll(readRows, { timeout: 60_000 }).toEqual(rows);
});

test('“Too much ε” is named label leaking wherever its numbers stand, and ε 0.08 is not', async ({
  lab,
  page,
}) => {
  test.setTimeout(300_000);
  await lab.open('/#v=1&preset=too-much&images=4000&epochs=15&engine=simd');
  await lab.button('Train').click();
  await lab.expectFinished(4);
  for (const place of ['Curves', 'Results', 'Examples']) {
    const notes = page.getByRole('region', { name: place }).getByTestId('label-leaking');
    await expect(notes.filter({ hasText: 'ABP ε 0.25' }), place).toBeVisible({ timeout: 120_000 });
    await expect(notes.filter({ hasText: /Plain|ABP ε 0\.08/ }), place).toHaveCount(0);
  }
  await lab.goTo('Robustness');
  const robustness = panelOf(page);
  await expect(
    robustness.getByTestId('label-leaking').filter({ hasText: 'ABP ε 0.25 reads the label' }),
  ).toContainText('Kurakin et al. 2017');
  // It makes more errors on training images than on the same images with the attack of its training.
  const errors = robustness.getByTestId('training-errors');
  const ofAbp = /ABP\sε\s0\.25\s([\d.]+)\s%\sand\s([\d.]+)\s%/;
  await expect(errors).toHaveText(ofAbp, { timeout: 120_000 });
  const [, clean, attacked] = ofAbp.exec(await errors.innerText())!;
  expect(Number(clean)).toBeGreaterThan(Number(attacked) + 5);
});

test('measures curves in the Euclidean norm, with an ε of their own', async ({ lab, page }) => {
  test.setTimeout(240_000);
  const panel = panelOf(page);
  await lab.open(link);
  await lab.button('Train').click();
  await expectMeasured(page, names.length);
  const results = await readResults(page);
  await lab.goTo('Robustness');
  await panel.getByRole('radio', { name: 'L2' }).check();
  // The curves in L∞ are measured at the end of training; the next measurement takes their place.
  await panel
    .getByRole('button', { name: 'Cancel' })
    .click({ timeout: 5_000 })
    .catch(() => undefined);
  const measure = panel.getByRole('button', { name: 'Measure on 1,000' });
  // The empty chart names the button.
  await expect(panel.getByRole('figure')).toContainText(await measure.innerText());
  await measure.click();
  const progress = panel.getByRole('progressbar', { name: 'Measuring' });
  await expect(progress).toBeVisible();
  await expect(progress).toBeHidden({ timeout: 120_000 });
  await expect(panel.getByRole('figure')).toHaveCount(1);
  await expectAccessible(page, 'section[data-panel="Robustness"]');

  await panel.getByRole('checkbox', { name: 'Table' }).check();
  const table = await readTable(page);
  const epsilons = [0, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 4];
  expect([...table.keys()]).toEqual(epsilons.map((epsilon) => `PGD-20 ${epsilon.toFixed(2)}`));
  // No change, no attack; the longest change fools nearly every network on nearly every digit.
  expect(errorsOf(table.get('PGD-20 0.00'))).toEqual(
    names.map((name) => results[name]!['Clean error']),
  );
  for (const error of errorsOf(table.get('PGD-20 4.00'))) {
    expect(Number.parseFloat(error)).toBeGreaterThan(80);
  }

  await panel.getByRole('radio', { name: 'L∞' }).check();
  for (const name of (await readTable(page)).keys()) {
    expect(Number(name.split(' ').at(-1))).toBeLessThanOrEqual(0.5);
  }
});
