import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { expectAccessible } from './axe.ts';
import { DrawPanel } from './drawPanel.ts';
import { expect, test } from './fixtures.ts';
import type { LabPage } from './labPage.ts';
import { readResults, results, transfer } from './resultsTable.ts';

/** Two runs of 6 epochs of 20 steps, on the engine that computes the same numbers every time. */
const setup =
  '/#v=1&engine=simd&layers=16&images=1280&epochs=6&seed=3&attack=0.08&runs=plain;adversarial';
/** Student's t for 4 degrees of freedom, two-sided 5 %, from a table. */
const t4 = 2.776445;

interface SavedRun {
  readonly name: string;
  readonly config: { readonly seed: number };
  readonly history: { readonly evaluations: readonly { readonly epoch: number }[] };
  readonly measurements: readonly {
    readonly sampleCount: number;
    readonly attack: { readonly kind: string; readonly epsilon: number };
    readonly clean: { readonly errorRate: number };
    readonly adversarial: { readonly errorRate: number };
    readonly mistakes?: unknown;
  }[];
}

/** The runs of all seeds in the file of the experiment, without what depends on the machine's speed. */
async function readSeeds(lab: LabPage, page: Page): Promise<readonly (readonly SavedRun[])[]> {
  await lab.goTo('Files');
  const downloading = page.waitForEvent('download');
  await transfer(page).getByRole('button', { name: 'Save experiment (JSON)' }).click();
  const text = await readFile(await (await downloading).path(), 'utf8');
  await lab.goTo('Lab');
  const { runs, repeats } = JSON.parse(text) as {
    runs: SavedRun[];
    repeats?: { finished: SavedRun[][] };
  };
  // A sweep over ε may still be under way for the first seed.
  const measuredAtEnd = ({ name, config, history, measurements }: SavedRun): SavedRun => ({
    name,
    config,
    history,
    measurements: measurements.filter(({ mistakes }) => mistakes !== undefined),
  });
  return [runs, ...(repeats?.finished ?? [])].map((seed) => seed.map(measuredAtEnd));
}

async function trainFirstSeed(lab: LabPage, page: Page): Promise<void> {
  await lab.button('Train').click();
  await lab.expectFinished(2);
  await expect(page.getByTestId('outcome')).not.toHaveAttribute('data-kind', 'measuring', {
    timeout: 60_000,
  });
}

const repeat = (page: Page) => page.getByRole('button', { name: /^Repeat with 5 seeds/ });

test('five seeds that a reload and a pause interrupt end with the numbers of five that nothing did', async ({
  lab,
  page,
}) => {
  test.setTimeout(300_000);
  await lab.open(setup);
  await trainFirstSeed(lab, page);
  const seeds = page.getByTestId('repeats');
  await repeat(page).click();
  await expect(seeds).toHaveAttribute('data-seed', '2');
  await expect(lab.button('Pause')).toBeFocused();
  await expectAccessible(page);
  await expect(seeds).toHaveCount(0, { timeout: 120_000 });
  const whole = await readSeeds(lab, page);
  expect(whole.map(([run]) => run!.config.seed)).toEqual([3, 4, 5, 6, 7]);

  await test.step('mean and interval are those of Student’s t, computed here', async () => {
    const table = await readResults(page);
    for (const [index, name] of ['Plain', 'ABP ε 0.08'].entries()) {
      const rates = whole.map((seed) => {
        const found = seed[index]!.measurements.find(({ attack }) => attack.kind === 'margin-pgd');
        expect(found!.sampleCount).toBe(1000);
        return found!.adversarial.errorRate;
      });
      const mean = rates.reduce((sum, rate) => sum + rate, 0) / 5;
      const squares = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0);
      const reach = (t4 * Math.sqrt(squares / 4)) / Math.sqrt(5);
      const text = `${(100 * mean).toFixed(2)} ± ${(100 * reach).toFixed(2)}`;
      expect(table[name]!['PGD-20, ε 0.08'].replaceAll('\u00a0', ' ')).toBe(text);
    }
    await expect(lab.curves.locator('[data-band]')).toHaveCount(4);
    await expect(results(page).getByTestId('findings')).toContainText('5 seeds');
    await expectAccessible(page);
  });

  await lab.press('Start over');
  await expect(lab.curves).toHaveCount(0);
  await trainFirstSeed(lab, page);
  await repeat(page).click();
  await expect(seeds).toHaveAttribute('data-seed', '3', { timeout: 60_000 });
  await page.reload();
  await expect(lab.notice('continued')).toBeVisible();
  await expect(seeds).toHaveAttribute('data-seed', '3');
  await lab.button('Pause').click();
  await expect(seeds).toHaveAttribute('data-status', 'paused');
  await page.reload();
  await expect(seeds).toHaveAttribute('data-status', 'paused', { timeout: 30_000 });
  await lab.button('Train').click();
  await expect(seeds).toHaveCount(0, { timeout: 120_000 });
  expect(await readSeeds(lab, page)).toEqual(whole);
});

test('the progress of seeds and the button that stops them stay in place when ε moves', async ({
  lab,
  page,
}) => {
  test.setTimeout(180_000);
  await lab.open(setup);
  await trainFirstSeed(lab, page);
  await repeat(page).click();
  const seeds = page.getByTestId('repeats');
  await expect(seeds).toHaveAttribute('data-seed', '2');
  await lab.button('Pause').click();
  await expect(seeds).toHaveAttribute('data-status', 'paused');
  const stop = seeds.getByRole('button', { name: /^Stop/ });
  const before = (await stop.boundingBox())!;
  await new DrawPanel(page).epsilon.press('ArrowRight');
  // The outcome is about another ε: it is no longer there.
  await expect(page.getByTestId('price')).toBeEmpty();
  await expect(seeds).toHaveAttribute('data-status', 'paused');
  expect((await stop.boundingBox())!.y).toBeCloseTo(before.y, 0);
  await stop.click();
  await expect(seeds).toHaveCount(0);
});

test('keeps the seeds that are finished when the others are given up', async ({ lab, page }) => {
  test.setTimeout(180_000);
  await lab.open(setup);
  await trainFirstSeed(lab, page);
  await repeat(page).click();
  const seeds = page.getByTestId('repeats');
  await expect(seeds).toHaveAttribute('data-seed', '4', { timeout: 60_000 });
  await seeds.getByRole('button', { name: /^Stop/ }).click();
  await expect(seeds).toHaveCount(0);
  await expect(lab.button('Train')).toBeFocused();
  expect(await readSeeds(lab, page)).toHaveLength(3);
  await lab.goTo('Files');
  await expect(page.getByTestId('saved-experiment')).toContainText('3 seeds');
  await page.reload();
  await lab.goTo('Lab');
  await expect(page.getByTestId('bands')).toContainText('3 seeds', { timeout: 30_000 });
  await expect(repeat(page)).toBeVisible({ timeout: 30_000 });
  await lab.goTo('Robustness');
  await expect(page.getByTestId('one-seed')).toContainText('seed 3');
});
