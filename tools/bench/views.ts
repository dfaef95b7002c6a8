import type { Page } from 'playwright';
import { median } from './statistics.ts';
import { takeRecording } from './mainThreadRecorder.ts';

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
const order = ['closed', 'open', 'open', 'closed', 'closed', 'open', 'open', 'closed'] as const;
/** Of the experiment above: 60,000 images in batches of 64. */
const stepsPerEpoch = 938;

interface View {
  readonly name: string;
  /** Null if no tab is opened, to measure the noise on this machine. */
  readonly tab: string | null;
  /** Anything else to press once. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

const views: readonly View[] = [
  { name: 'nothing', tab: null },
  { name: 'weights, 24 units', tab: 'Weights' },
  {
    name: 'weights, all 400 units',
    tab: 'Weights',
    prepare: (page) => page.getByRole('checkbox', { name: /^All \d+$/ }).check(),
  },
  { name: 'gradients', tab: 'Gradients' },
  { name: 'confusion', tab: 'Confusion' },
  { name: 'margins', tab: 'Margins' },
  { name: 'loss around a digit', tab: 'Loss around' },
];

/**
 * Measures the training speed with each view of the panel “Inside the networks” open and closed, and the longest tasks
 * of the main thread.
 *
 * @param only measures views whose names contain this text
 * @param report called with a line for each view
 */
export async function measureViews(
  page: Page,
  only: string,
  report: (line: string) => void,
): Promise<void> {
  const panel = page.getByRole('region', { name: 'Inside the networks' });
  for (const { name, tab, prepare } of views.filter((view) => view.name.includes(only))) {
    await takeRecording(page);
    if (tab !== null) {
      await panel.scrollIntoViewIfNeeded();
      await panel.getByRole('tab', { name: tab }).click();
      await page.waitForTimeout(2000); // the first results, which the user waits for
    }
    await prepare?.(page);
    await page.waitForTimeout(1000);
    const opening = (await takeRecording(page)).longTasks;
    const speeds = { closed: [] as number[], open: [] as number[] };
    const longTasks = { closed: [] as number[], open: [] as number[] };
    const steps = new StepCounter(page);
    // Closed, open, open, closed …: a trend over time does not favor either.
    for (const state of order) {
      if (state === 'open' && tab !== null) await panel.scrollIntoViewIfNeeded();
      else await page.evaluate(() => window.scrollTo(0, 0));
      await page.waitForTimeout(1000); // what scrolling does
      await takeRecording(page);
      speeds[state].push(await measureSpeed(page, steps));
      longTasks[state].push(...(await takeRecording(page)).longTasks);
    }
    const ratios = speeds.open.map((open, block) => open / speeds.closed[block]!);
    const lost = 100 * (1 - median(ratios));
    report(
      `${name}: closed ${median(speeds.closed).toFixed(1)} steps/s, open ${lost.toFixed(1)} % slower ` +
        `(${ratios.map((ratio) => (100 * (1 - ratio)).toFixed(1)).join(', ')}); ` +
        `longest main-thread task: opening ${describeLongest(opening)}, closed ${describeLongest(longTasks.closed)}, open ${describeLongest(longTasks.open)}`,
    );
  }
}

function describeLongest(tasks: readonly number[]): string {
  return tasks.length === 0 ? 'none over 50 ms' : `${Math.max(...tasks).toFixed(0)} ms`;
}

/** Steps per second of all runs, over one period. */
async function measureSpeed(page: Page, counter: StepCounter): Promise<number> {
  const [from, start] = [await counter.count(), performance.now()];
  await page.waitForTimeout(periodMs);
  const steps = (await counter.count()) - from;
  return (1000 * steps) / (performance.now() - start);
}

/** Counts weight updates, read from the lines of the control bar. */
class StepCounter {
  readonly #page: Page;
  /** The last count of each line, because a line does not show the step during an evaluation. */
  readonly #known: number[] = [];

  constructor(page: Page) {
    this.#page = page;
  }

  /** Number of weight updates of all runs together. */
  async count(): Promise<number> {
    const lines = await this.#page.evaluate(() =>
      [...document.querySelectorAll('main li > p')].map((line) => line.textContent),
    );
    lines.forEach((line, run) => {
      const found = /Epoch ([\d,]+) of [\d,]+ · step ([\d,]+) of/.exec(line);
      if (found === null) return;
      const [epoch, step] = found.slice(1).map((text) => Number(text.replaceAll(',', '')));
      this.#known[run] = (epoch! - 1) * stepsPerEpoch + step!;
    });
    return this.#known.reduce((sum, steps) => sum + steps, 0);
  }
}
