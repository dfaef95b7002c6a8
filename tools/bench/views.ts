import type { Page } from 'playwright';
import { takeRecording } from './mainThreadRecorder.ts';
import { goToPlace } from './places.ts';
import { median } from './statistics.ts';

/**
 * An experiment whose first epoch takes longer than the measurement of a view, because the evaluation at its end would
 * take more time than any view. It shows only the panels that are needed.
 */
export const viewsLink =
  'v=1&layers=400-400&epochs=1000&pgd-steps=40&runs=pgd;pgd;pgd;pgd' +
  '&hide=setup,curves,examples,draw,experiments';

/** So low that the panel is not visible at the top of the page. */
export const viewsViewport = { width: 1280, height: 420 };

const periodMs = 6000;
/** A trend over time does not favor either. */
const order = ['closed', 'open', 'open', 'closed', 'closed', 'open', 'open', 'closed'] as const;
/** Of the experiment above: 60,000 images in batches of 64. */
const stepsPerEpoch = 938;

/** The place and the tab of each view; null to open none, which measures the noise on this machine. */
const views: readonly {
  name: string;
  place: 'Look inside' | 'Robustness';
  tab: string | null;
  showsAll?: boolean;
}[] = [
  { name: 'nothing', place: 'Look inside', tab: null },
  { name: 'weights, 24 units', place: 'Look inside', tab: 'Weights' },
  { name: 'weights, all 400 units', place: 'Look inside', tab: 'Weights', showsAll: true },
  { name: 'gradients', place: 'Look inside', tab: 'Gradients' },
  { name: 'loss landscape', place: 'Look inside', tab: 'Loss landscape' },
  { name: 'confusion', place: 'Robustness', tab: 'Confusion' },
  { name: 'margins', place: 'Robustness', tab: 'Margins' },
];

/**
 * Prints the training speed with each view inside the networks open and closed, and the longest tasks
 * of the main thread.
 */
export async function measureViews(page: Page): Promise<void> {
  for (const { name, place, tab, showsAll } of views) {
    await takeRecording(page);
    if (tab !== null) {
      await goToPlace(page, place);
      await page.getByRole('tab', { name: tab }).click();
      await page.waitForTimeout(2000); // the first results, which the user waits for
    }
    if (showsAll) await page.getByRole('checkbox', { name: /^All \d+$/ }).check();
    await page.waitForTimeout(1000);
    const opening = (await takeRecording(page)).longTasks;
    const speeds = { closed: [] as number[], open: [] as number[] };
    const longTasks = { closed: [] as number[], open: [] as number[] };
    const countSteps = makeStepCounter(page);
    for (const state of order) {
      // The lines of the runs, which show the steps, are in the Lab.
      await goToPlace(page, 'Lab');
      await page.waitForTimeout(1000);
      const [from, start] = [await countSteps(), performance.now()];
      if (state === 'open' && tab !== null) await goToPlace(page, place);
      await takeRecording(page);
      await page.waitForTimeout(periodMs);
      await goToPlace(page, 'Lab');
      const steps = (await countSteps()) - from;
      speeds[state].push((1000 * steps) / (performance.now() - start));
      longTasks[state].push(...(await takeRecording(page)).longTasks);
    }
    const slower = speeds.open.map((open, block) => 100 * (1 - open / speeds.closed[block]!));
    console.log(
      `${name}: closed ${median(speeds.closed).toFixed(1)} steps/s, open ${median(slower).toFixed(1)} % slower ` +
        `(${slower.map((percent) => percent.toFixed(1)).join(', ')}); longest main-thread task: ` +
        `opening ${describeLongest(opening)}, closed ${describeLongest(longTasks.closed)}, open ${describeLongest(longTasks.open)}`,
    );
  }
}

function describeLongest(tasks: readonly number[]): string {
  return tasks.length === 0 ? 'none over 50 ms' : `${Math.max(...tasks).toFixed(0)} ms`;
}

/** Counts the weight updates of all runs together, which the lines of the control bar show. */
function makeStepCounter(page: Page): () => Promise<number> {
  // The last count of each line, because a line does not show the step during an evaluation.
  const known: number[] = [];
  return async () => {
    const lines = await readControlLines(page);
    lines.forEach((line, run) => {
      const found = /Epoch ([\d,]+) of [\d,]+ · step ([\d,]+) of/.exec(line);
      if (found === null) return;
      const [epoch, step] = found.slice(1).map((text) => Number(text.replaceAll(',', '')));
      known[run] = (epoch! - 1) * stepsPerEpoch + step!;
    });
    return known.reduce((sum, steps) => sum + steps, 0);
  };
}

/** The lines of the control bar: a locator would search the whole page in every frame and so keep it busy. */
export function readControlLines(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('[data-testid=run-status]')].map((line) => line.textContent),
  );
}
