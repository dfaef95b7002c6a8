/**
 * `npm run bench:experiment`: times an experiment on the built site in Chromium, and its load on the page.
 *
 * `-- --reuse` measures the existing dist/. To measure only one thing: `--four-runs` for the time of four runs against that of
 * one, `--open-places` for the cost of another place than the Lab being open during training (ten minutes), `--all-cores` for
 * training without a core for the page, `--views` for the cost of each view of “Look inside”, `--strokes` for the delay
 * between a stroke and the predictions, `--charts` for the cost of drawing the curves of four runs, `--memory` for their
 * memory, `--seeds` for the load of “Repeat with 5 seeds”.
 */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright';
import { build, preview } from 'vite';
import { type Place, placeNames, places } from '../../src/experiment/places.ts';
import { browserLaunchOptions } from '../browser.ts';
import { measureCharts } from './charts.ts';
import { describeRecording, recordMainThread, takeRecording } from './mainThreadRecorder.ts';
import { describeTasks, traceTasks } from './mainThreadTrace.ts';
import { describeMemory, MemoryWatch } from './memory.ts';
import { goToPlace, pressTrain } from './places.ts';
import { median } from './statistics.ts';
import { measureStrokes } from './strokes.ts';
import { measureViews, readControlLines, viewsLink, viewsViewport } from './views.ts';

const root = path.join(import.meta.dirname, '..', '..');
/** One run, or the same run four times: equal work per run, so that only the sharing differs; long against its start. */
const oneRun = 'v=1&layers=100&epochs=10&images=20000&runs=plain';
const fourRuns = `${oneRun};plain;plain;plain`;
/** Four runs, each on this many of the 60,000 images. */
const fourMethods = (images: number): string =>
  `v=1&layers=100&images=${images}&epochs=20&runs=plain;dropout;adversarial;noise`;
const watchedRun = 'v=1&layers=400-400&epochs=2&images=20000&runs=adversarial';
/** Long enough for the page to be drawn while they train. */
const drawnRuns = [watchedRun, 'v=1&layers=100&epochs=6&images=20000&runs=plain'];
/** Milliseconds for which the place is open; less than the run takes. */
const watchMs = 5000;
const blocks = 3;
/** src/worker/workerPool.ts's maximum. */
const mostThreads = 4;
/** Rounds of measurements without and with an open place. */
const rounds = 6;
/** Least ratio of the times of four runs and one; only chance brings it below 1. */
const leastRatio = 0.8;
const patience = { timeout: 600_000 };

interface Site {
  readonly browser: Browser;
  readonly url: string;
}

interface PageOptions {
  /** Number of cores that the page sees, if not the machine's. */
  readonly cores?: number | undefined;
  readonly viewport?: { readonly width: number; readonly height: number };
}

async function withPage<T>(
  { browser, url }: Site,
  link: string,
  use: (page: Page) => Promise<T>,
  { cores, viewport = { width: 1280, height: 900 } }: PageOptions = {},
): Promise<T> {
  const context = await browser.newContext({ viewport });
  try {
    const page = await context.newPage();
    await recordMainThread(page);
    if (cores !== undefined) {
      await page.addInitScript(
        (value) => Object.defineProperty(navigator, 'hardwareConcurrency', { value }),
        cores,
      );
    }
    await page.goto(`${url}#${link}`);
    return await use(page);
  } finally {
    await context.close();
  }
}

function finishedRuns(page: Page) {
  return page.getByRole('listitem').filter({ hasText: /Finished:/ });
}

async function waitForEnd(page: Page, runs: number): Promise<void> {
  await finishedRuns(page)
    .nth(runs - 1)
    .waitFor(patience);
}

async function waitForEngine(page: Page): Promise<string> {
  const status = page.getByRole('status', { name: 'Engine' });
  await status.getByText('float32').waitFor(patience);
  return (await status.innerText()).replace(/\s+/g, ' ');
}

async function waitUntilReady(page: Page): Promise<void> {
  await waitForEngine(page);
  await page.getByTestId('examples-summary').waitFor(patience);
}

/** Times the results of the preset “Quick look”, including PGD, from an empty cache. */
async function printVerdict(site: Site): Promise<void> {
  const start = performance.now();
  const seconds = () => ((performance.now() - start) / 1000).toFixed(1);
  await withPage(site, 'v=1&preset=quick', async (page) => {
    await pressTrain(page);
    await waitForEnd(page, 3);
    const trained = seconds();
    await page.locator('[data-testid=outcome]:not([data-kind=measuring])').waitFor(patience);
    console.log(
      `“Quick look” from an empty cache: trained after ${trained} s, verdict after ${seconds()} s.`,
    );
  });
}

/**
 * Seconds from the button “Train” to the end of all runs.
 *
 * @param watch called after the button is pressed; the end is awaited in the Lab
 */
function timeExperiment(
  site: Site,
  link: string,
  runs: number,
  { cores, watch }: { cores?: number | undefined; watch?: (page: Page) => Promise<unknown> },
): Promise<number> {
  const use = async (page: Page): Promise<number> => {
    await waitUntilReady(page);
    // A first run loads the training set and warms the workers up, so that only the second one is timed.
    await pressTrain(page);
    await waitForEnd(page, runs);
    await page.getByRole('button', { name: 'More commands' }).click();
    await page.getByRole('menuitem', { name: 'Start over' }).click();
    // Without this, a line of the first run could end the measurement of the second one.
    await finishedRuns(page).first().waitFor({ state: 'detached' });
    const start = performance.now();
    await pressTrain(page);
    await watch?.(page);
    await waitForEnd(page, runs);
    return (performance.now() - start) / 1000;
  };
  return withPage(site, link, use, { cores });
}

async function compareFourToOne(site: Site, cores?: number): Promise<string> {
  const single: number[] = [];
  const four: number[] = [];
  for (let block = 0; block < blocks; block++) {
    single.push(await timeExperiment(site, oneRun, 1, { cores }));
    four.push(await timeExperiment(site, fourRuns, 4, { cores }));
  }
  const [a, b] = [median(single), median(four)];
  const times = `one run ${a.toFixed(2)} s, four runs ${b.toFixed(2)} s, ratio ${(b / a).toFixed(2)}`;
  if (b < leastRatio * a) throw new Error(`Four times the work cannot take less time: ${times}.`);
  return times;
}

/** What training loses while a place is open for most of the time, against training with the Lab open, round by round. */
async function printOpenPlaces(site: Site): Promise<void> {
  const lost = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    const times = new Map<Place, number>();
    // Forwards and backwards, so that what drifts during a round cancels out over two.
    for (const place of round % 2 === 0 ? places : places.toReversed()) {
      const watch = async (page: Page): Promise<void> => {
        if (place === 'lab') return;
        await goToPlace(page, placeNames[place]);
        await page.waitForTimeout(watchMs);
        await goToPlace(page, placeNames.lab);
      };
      times.set(place, await timeExperiment(site, watchedRun, 1, { watch }));
    }
    for (const [place, seconds] of times) {
      if (place === 'lab') continue;
      const name = placeNames[place];
      lost.set(name, [...(lost.get(name) ?? []), 100 * (1 - times.get('lab')! / seconds)]);
    }
  }
  for (const [name, all] of lost) {
    const each = all.map((percent) => percent.toFixed(1)).join(', ');
    console.log(
      `${name} open for ${watchMs / 1000} s: training ${median(all).toFixed(1)} % slower (${each}).`,
    );
  }
}

/** Compares one run on the threads that it gets, with a core for the page, and on as many threads as there are cores. */
async function printAllCores(site: Site): Promise<void> {
  const cores = availableParallelism();
  if (cores > mostThreads) {
    throw new Error(
      `A run takes at most ${mostThreads} threads, so that ${cores} cores are never all taken.`,
    );
  }
  for (const link of drawnRuns) {
    const fewer: number[] = [];
    const all: number[] = [];
    for (let block = 0; block < blocks; block++) {
      // The page leaves one of its cores free, so to use all, it must see one more. In turns, so that a drift cancels out.
      const both = [
        { times: fewer, cores },
        { times: all, cores: cores + 1 },
      ];
      for (const one of block % 2 === 0 ? both : both.reverse()) {
        one.times.push(await timeExperiment(site, link, 1, { cores: one.cores }));
      }
    }
    const [a, b] = [median(fewer), median(all)];
    console.log(
      `${link}: with a core for the page ${a.toFixed(2)} s, on all ${cores} cores ${b.toFixed(2)} s, ratio ${(b / a).toFixed(2)}.`,
    );
  }
}

async function waitForLines(page: Page, pattern: RegExp, count: number): Promise<void> {
  for (let second = 0; second < 600; second++) {
    const lines = await readControlLines(page);
    if (lines.filter((line) => pattern.test(line)).length >= count) return;
    await page.waitForTimeout(1000);
  }
  throw new Error(
    `Fewer than ${count} lines of the control bar matched ${String(pattern)} within 600 s.`,
  );
}

/** Waits until all runs are in an epoch or past it. */
async function waitForEpoch(page: Page, epoch: number, runs: number): Promise<void> {
  const isThere = ([wanted, count]: readonly [number, number]): boolean => {
    const lines = [...document.querySelectorAll<HTMLElement>('[data-testid=run-status]')];
    const reached = lines.filter(
      ({ dataset }) => dataset.status === 'finished' || Number(dataset.epoch) >= wanted,
    );
    return reached.length === count;
  };
  await page.waitForFunction(isThere, [epoch, runs] as const, patience);
}

/** The load on the main thread, while four runs train for 20 epochs with all charts. */
async function printLoad(site: Site): Promise<void> {
  await withPage(site, fourMethods(10_000), async (page) => {
    await waitUntilReady(page);
    await page.waitForTimeout(3000); // the pretrained networks and the charts come last
    console.log(`While the page loads: ${describeRecording(await takeRecording(page))}.`);
    const tasks = await traceTasks(site.browser, page, async () => {
      await pressTrain(page);
      await waitForLines(page, /Finished:/, 4);
    });
    console.log(`While four runs train: ${describeRecording(await takeRecording(page))}.`);
    // A task is long on a busy machine because others have the core; its processor time is its own.
    console.log(`While four runs train: ${describeTasks(tasks)}.`);
  });
}

/** The memory of the page and its workers, while four runs train for 20 epochs with all charts. */
async function printMemory(site: Site): Promise<void> {
  await withPage(site, fourMethods(4000), async (page) => {
    await waitUntilReady(page);
    const watch = await MemoryWatch.start(site.browser, page);
    await pressTrain(page);
    for (const epoch of [2, 8, 14]) {
      await waitForEpoch(page, epoch + 1, 4);
      // As quiet as at the end: a page at work does not give back what it has collected.
      await page.locator('[data-testid=train][data-command=pause]').click();
      await page.locator('[data-testid=run-status][data-status=paused]').nth(3).waitFor(patience);
      await watch.collect(`after epoch ${epoch}`);
      await pressTrain(page);
    }
    await waitForLines(page, /Finished:/, 4);
    await watch.collect('at the end');
    console.log(`Memory of the page and its workers: ${describeMemory(await watch.stop())}.`);
  });
}

/** The load on the main thread, while three runs are repeated with four further seeds. */
async function printSeeds(site: Site): Promise<void> {
  const link = 'v=1&layers=32&images=4000&epochs=3&runs=plain;dropout;adversarial';
  await withPage(site, link, async (page) => {
    await waitUntilReady(page);
    await pressTrain(page);
    await page.locator('[data-testid=outcome]:not([data-kind=measuring])').waitFor(patience);
    await page.waitForTimeout(3000); // robustness at the end of training is measured last
    const tasks = await traceTasks(site.browser, page, async () => {
      await page.getByRole('button', { name: /^Repeat with 5 seeds/ }).click();
      await page.getByTestId('repeats').waitFor(patience);
      await page.getByTestId('repeats').waitFor({ state: 'detached', ...patience });
      await page.waitForTimeout(2000);
    });
    console.log(`While four further seeds train: ${describeTasks(tasks)}.`);
  });
}

/** The delay between the pen and the bars of the pretrained networks, without training. */
async function printStrokes(site: Site): Promise<void> {
  await withPage(site, '', async (page) => {
    await waitUntilReady(page);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('button', { name: 'More ways to attack' }).click();
    await page.getByRole('tab', { name: 'Probabilities' }).click();
    console.log(`From a stroke to the bars: ${await measureStrokes(page)}.`);
  });
}

async function printViews(site: Site): Promise<void> {
  const use = async (page: Page): Promise<void> => {
    await waitForEngine(page);
    await pressTrain(page);
    await waitForLines(page, /Epoch 1 of .* step [1-9]/, 4);
    await measureViews(page);
  };
  await withPage(site, viewsLink, use, { viewport: viewsViewport });
}

async function printFourRuns(site: Site): Promise<void> {
  console.log(`Wall time, one worker: ${await compareFourToOne(site, 1)}.`);
  console.log(`Wall time, as many workers as cores: ${await compareFourToOne(site)}.`);
}

async function printAll(site: Site): Promise<void> {
  await printVerdict(site);
  await printFourRuns(site);
  await printLoad(site);
  await printSeeds(site);
  await printMemory(site);
  await printStrokes(site);
}

const toggle = { type: 'boolean', default: false } as const;
const { values } = parseArgs({
  options: {
    reuse: toggle,
    'four-runs': toggle,
    'open-places': toggle,
    'all-cores': toggle,
    views: toggle,
    strokes: toggle,
    charts: toggle,
    seeds: toggle,
    memory: toggle,
  },
});
const browser = await chromium.launch(browserLaunchOptions());
try {
  if (values.charts) {
    for (const line of await measureCharts(browser)) console.log(`${line}.`);
  } else {
    if (!values.reuse || !existsSync(path.join(root, 'dist'))) await build({ root });
    const server = await preview({ root, preview: { port: 4631 } });
    try {
      const site: Site = { browser, url: server.resolvedUrls!.local[0]! };
      console.log(`Engine: ${await withPage(site, '', waitForEngine)}`);
      if (values.views) await printViews(site);
      else if (values.strokes) await printStrokes(site);
      else if (values.seeds) await printSeeds(site);
      else if (values.memory) await printMemory(site);
      else if (values['all-cores']) await printAllCores(site);
      else if (values['four-runs']) await printFourRuns(site);
      else if (values['open-places']) await printOpenPlaces(site);
      else await printAll(site);
    } finally {
      await server.close();
    }
  }
} finally {
  await browser.close();
}
