import type { Locator, Page } from '@playwright/test';
import { expectAccessible } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { tabTo } from './keyboard.ts';
import { expectMeasured, readResults } from './resultsTable.ts';

const race =
  '/#v=1&engine=simd&layers=16&images=6400&epochs=2&runs=plain;adversarial,eps:0.1&attack=0.08';
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

/** The curves' numbers by attack and ε, "FGSM 0.08", those of each run in the race's order. */
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

test('curves, their numbers, all 10,000 images on demand, and transfer, much of it by keyboard', async ({
  lab,
  page,
}) => {
  test.setTimeout(300_000);
  const panel = panelOf(page);
  const measure = panel.getByRole('button', { name: 'Measure on all 10,000' });
  await lab.open(race);
  await expect(panel.getByText('There is no network to measure yet.').first()).toBeVisible();
  await lab.button('Train').click();
  await expect(page.getByText(/^Finished: .* error/)).toHaveCount(2, { timeout: 60_000 });
  // What follows the last epoch by itself is done.
  await expectMeasured(page, 2);
  await expect(measure).toBeVisible({ timeout: 60_000 });
  await expect(panel.getByText(/^Measuring/)).toBeHidden();

  await test.step('marks training ε and attack ε in every chart', async () => {
    for (const title of ['Error under random signs', 'Error under FGSM', 'Error under PGD-20']) {
      const chart = panel.getByRole('figure').filter({ hasText: title });
      expect(await readMark(chart, 'ABP ε 0.1')).toBeCloseTo(0.1, 3);
      expect(await readMark(chart, 'attack ε 0.08')).toBeCloseTo(0.08, 3);
    }
    const slider = panel.getByRole('slider', { name: 'Error under FGSM, by Attack ε' });
    await tabTo(slider);
    await page.keyboard.press('End');
    await expect(slider).toHaveAttribute('aria-valuetext', /^Near ε 0\.50?\. .*Plain.*\d %/);
  });

  const results = Object.values(await readResults(page));
  await test.step('gives the curves in numbers', async () => {
    await panel.getByRole('checkbox', { name: 'Table' }).check();
    const figures = await readTable(page);
    expect(figures.size).toBe(attacks.length * epsilonCount);
    for (const { error, images, epoch } of [...figures.values()].flat()) {
      expect(error).toMatch(/^\d+\.\d+\s%$/);
      expect(images).toMatch(/^(1|10),000$/);
      expect(epoch).toBe('2');
    }
    // An attack of no size changes nothing, whatever its kind.
    expect(errorsOf(figures.get('FGSM 0.00'))).toEqual(errorsOf(figures.get('PGD-20 0.00')));
    expect(errorsOf(figures.get('FGSM 0.00'))).toEqual(errorsOf(figures.get('Random signs 0.00')));
    for (const [attack, column] of [
      ['FGSM 0.08', 'FGSM, ε 0.08'],
      ['PGD-20 0.08', 'PGD-20, ε 0.08'],
    ] as const) {
      expect(errorsOf(figures.get(attack))).toEqual(results.map((row) => row[column]));
    }
  });

  const matrix = panel.getByRole('table', { name: 'Transfer of attacks' });
  await test.step('measures transfer, by keyboard', async () => {
    await expect(matrix).toHaveCount(0);
    await lab.attackSlider.fill('0.2');
    await tabTo(panel.getByRole('combobox', { name: 'Attack to transfer' }));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await expect(panel.getByRole('button', { name: 'Measure transfer' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(matrix).toBeVisible({ timeout: 60_000 });
    await expect(matrix).toHaveAccessibleDescription(
      /^Error rates after epoch 2 under PGD-20, ε 0\.20, on the first 1,000 test images\. Rows:/,
    );
    await expect(matrix.getByRole('columnheader')).toHaveText([/Made on/, ...names]);
    await expect(matrix.getByRole('rowheader')).toHaveText(names);
    const cells = await matrix.getByRole('cell').allTextContents();
    expect(cells).toHaveLength(names.length ** 2);
    for (const cell of cells) expect(cell).toMatch(/^\d+\.\d+\s%(own)?$/);
    // A network's own attack is the one that its curve was measured by, on the same images.
    const own = (await readTable(page)).get('PGD-20 0.20');
    expect(own!.map(({ images }) => images)).toEqual(['1,000', '1,000']);
    expect([cells[0], cells[3]]).toEqual(errorsOf(own).map((error) => `${error}own`));
    expect(parseFloat(cells[1]!)).toBeLessThan(parseFloat(cells[3]!));
    expect(parseFloat(cells[2]!)).toBeLessThan(parseFloat(cells[0]!));
  });

  await expectAccessible(page, 'section[data-panel="Robustness"]');

  const progress = panel.getByRole('progressbar', { name: 'Measuring' });
  const isWhole = async (): Promise<boolean> =>
    [...(await readTable(page)).values()].flat().every(({ images }) => images === '10,000');
  await test.step('gives up a measurement on all images, by keyboard', async () => {
    await tabTo(measure);
    await page.keyboard.press('Enter');
    await expect(progress).toBeVisible();
    await expect(panel.getByText(/^Measuring: [1-9]\d* of \d+$/)).toBeVisible();
    await tabTo(panel.getByRole('button', { name: 'Cancel' }));
    await page.keyboard.press('Enter');
    await expect(progress).toBeHidden();
    await expect(measure).toBeEnabled();
    expect(await isWhole()).toBe(false);
  });

  await test.step('measures on all images, with progress to the end', async () => {
    await tabTo(measure);
    await page.keyboard.press('Enter');
    const done = async (): Promise<number> =>
      Number(await progress.getAttribute('aria-valuenow', { timeout: 5000 }));
    await expect.poll(done, { intervals: [100] }).toBeGreaterThan(5);
    await expect.poll(done, { intervals: [100] }).toBeGreaterThan(15);
    await expect(measure).toBeVisible({ timeout: 120_000 });
    await expect(progress).toBeHidden();
    await expect.poll(isWhole).toBe(true);
    const figures = await readTable(page);
    expect(figures.size).toBe(attacks.length * epsilonCount);
    expect(errorsOf(figures.get('FGSM 0.00'))).toEqual(results.map((row) => row['Clean error']));
    await expect(panel.getByRole('alert')).toHaveCount(0);
  });
});
