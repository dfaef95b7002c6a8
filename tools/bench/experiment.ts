/**
 * `npm run bench:experiment`: times an experiment on the built site in Chromium, and its load on the page.
 *
 * `-- --reuse` measures the existing dist/. To measure only one thing: `--open-views` for the cost of “How it works”
 * and “Why it works” on the screen during training, `--views` for the cost of each view of “Inside the networks”
 * (`--views=weights` for views with this name), `--strokes` for the delay between a stroke and the predictions,
 * `--charts` for the cost of drawing the curves of four runs.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright';
import { build, preview } from 'vite';
import { browserLaunchOptions } from '../browser.ts';
import { measureCharts } from './charts.ts';
import { describeRecording, recordMainThread, takeRecording } from './mainThreadRecorder.ts';
import { median } from './statistics.ts';
import { measureStrokes } from './strokes.ts';
import { measureViews, viewsLink, viewsViewport } from './views.ts';

const root = path.join(import.meta.dirname, '..', '..');
const fourMethods = 'runs=plain;dropout;adversarial;noise';
/** One run, or the same run four times: equal work per run, so that only the sharing differs. */
const oneRun = 'v=1&layers=100&epochs=1&images=20000&runs=plain';
const fourRuns = `${oneRun};plain;plain;plain`;
/** Views that query the networks while they train, by the names of their regions. */
const queryingViews = ['How it works', 'Why it works'];
const watchedRun = 'v=1&layers=400-400&epochs=2&images=5000&runs=adversarial';
const blocks = 3;
/** Least ratio of the times of four runs and one; only chance brings it below 1. */
const leastRatio = 0.8;
const patience = { timeout: 600_000 };

interface Site {
  readonly browser: Browser;
  readonly url: string;
}

/** Opens a link in a new page with an empty cache. */
async function withPage<T>(
  { browser, url }: Site,
  link: string,
  use: (page: Page) => Promise<T>,
  prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    await prepare(page);
    await page.goto(`${url}#${link}`);
    return await use(page);
  } finally {
    await context.close();
  }
}

async function pressTrain(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Train', exact: true }).click();
}

function finishedRuns(page: Page) {
  return page.getByRole('listitem').filter({ hasText: /Finished:/ });
}

async function waitForEnd(page: Page, runs: number): Promise<void> {
  await finishedRuns(page)
    .nth(runs - 1)
    .waitFor(patience);
}

async function waitUntilReady(page: Page): Promise<void> {
  await page.getByRole('status', { name: 'Engine' }).getByText('float32').waitFor(patience);
  await page
    .getByRole('img', { name: /^Test digit/ })
    .first()
    .waitFor(patience);
}

/** Seconds from an empty cache to the results of the preset “Quick look”, including PGD. */
function timeVerdict(site: Site): Promise<{ trained: number; verdict: number }> {
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  return withPage(site, 'v=1&preset=quick', async (page) => {
    await pressTrain(page);
    await waitForEnd(page, 3);
    const trained = seconds();
    await page
      .getByRole('region', { name: 'Results' })
      .getByText(/^Under PGD at/)
      .waitFor(patience);
    return { trained, verdict: seconds() };
  });
}

/**
 * Seconds from the button “Train” to the end of all runs.
 *
 * @param cores number of cores that the page sees; null for the machine's
 * @param scroll called after the button is pressed
 */
function timeExperiment(
  site: Site,
  link: string,
  runs: number,
  cores: number | null,
  scroll: (page: Page) => Promise<unknown> = () => Promise.resolve(),
): Promise<number> {
  const pretend = (page: Page): Promise<unknown> =>
    cores === null
      ? Promise.resolve()
      : page.addInitScript(
          (value) => Object.defineProperty(navigator, 'hardwareConcurrency', { value }),
          cores,
        );
  return withPage(
    site,
    link,
    async (page) => {
      await waitUntilReady(page);
      // A first run loads the training set and warms the workers up, so that only the second one is timed.
      await pressTrain(page);
      await waitForEnd(page, runs);
      await page.getByRole('button', { name: 'Reset' }).click();
      // Without this, a line of the first run could end the measurement of the second one.
      await finishedRuns(page).first().waitFor({ state: 'detached' });
      const start = performance.now();
      await pressTrain(page);
      await scroll(page); // after the press, which scrolls to its button
      await waitForEnd(page, runs);
      return (performance.now() - start) / 1000;
    },
    pretend,
  );
}

/** Compares four runs with one, alternately, by medians. */
async function compareFourToOne(site: Site, cores: number | null): Promise<string> {
  const single: number[] = [];
  const four: number[] = [];
  for (let block = 0; block < blocks; block++) {
    single.push(await timeExperiment(site, oneRun, 1, cores));
    four.push(await timeExperiment(site, fourRuns, 4, cores));
  }
  const [a, b] = [median(single), median(four)];
  const times = `one run ${a.toFixed(2)} s, four runs ${b.toFixed(2)} s, ratio ${(b / a).toFixed(2)}`;
  if (b < leastRatio * a) throw new Error(`Four times the work cannot take less time: ${times}.`);
  return times;
}

/** Compares training with each view on the screen and with the page at its top, alternately, by medians. */
async function compareOpenViews(site: Site): Promise<string[]> {
  const toTop = (page: Page): Promise<unknown> => page.evaluate(() => scrollTo(0, 0));
  const closed: number[] = [];
  const open = new Map(queryingViews.map((name) => [name, [] as number[]]));
  for (let block = 0; block < blocks; block++) {
    closed.push(await timeExperiment(site, watchedRun, 1, null, toTop));
    for (const [name, times] of open) {
      const toView = (page: Page): Promise<unknown> =>
        page.getByRole('region', { name }).evaluate((view) => view.scrollIntoView());
      times.push(await timeExperiment(site, watchedRun, 1, null, toView));
    }
  }
  const without = median(closed);
  return [...open].map(([name, times]) => {
    const withView = median(times);
    const lost = 100 * (1 - without / withView);
    return `${name} on the screen: ${withView.toFixed(2)} s against ${without.toFixed(2)} s, ${lost.toFixed(1)} % of the speed`;
  });
}

/**
 * Waits until lines of the control bar match a pattern, checking once a second: a locator would search the whole page
 * in every frame, which would keep the main thread busy.
 */
async function waitForLines(page: Page, pattern: RegExp, count: number): Promise<void> {
  for (let second = 0; second < 600; second++) {
    const lines = await page.evaluate(() =>
      [...document.querySelectorAll('main li > p')].map((line) => line.textContent),
    );
    if (lines.filter((line) => pattern.test(line)).length >= count) return;
    await page.waitForTimeout(1000);
  }
  throw new Error(
    `Fewer than ${count} lines of the control bar matched ${String(pattern)} within 600 s.`,
  );
}

/** Memory of all renderer processes, including the workers, in megabytes; null if it cannot be read. */
async function readMemory(browser: Browser): Promise<number | null> {
  const session = await browser.newBrowserCDPSession();
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const pages = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
    const kilobytes = pages.map((pid) => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
    });
    return kilobytes.reduce((sum, value) => sum + value, 0) / 1024;
  } catch {
    return null;
  } finally {
    await session.detach();
  }
}

/** The load on the main thread and the memory, while four runs train for 20 epochs with all charts. */
function watchExperiment(
  site: Site,
): Promise<{ loading: string; training: string; memory: string }> {
  const epochs = 20;
  return withPage(
    site,
    `v=1&layers=100&images=10000&epochs=${epochs}&${fourMethods}`,
    async (page) => {
      await waitUntilReady(page);
      await page.waitForTimeout(3000); // the pretrained networks and the charts come last
      const loading = describeRecording(await takeRecording(page));
      await pressTrain(page);
      const memoryMeasurements: string[] = [];
      for (const epoch of [2, 8, 14]) {
        await waitForLines(page, new RegExp(`Epoch ${epoch} of|Finished:`), 1);
        const megabytes = await readMemory(site.browser);
        memoryMeasurements.push(
          `epoch ${epoch} ${megabytes === null ? '?' : megabytes.toFixed(0)} MB`,
        );
      }
      await waitForLines(page, /Finished:/, 4);
      const megabytes = await readMemory(site.browser);
      memoryMeasurements.push(`end ${megabytes === null ? '?' : megabytes.toFixed(0)} MB`);
      const training = describeRecording(await takeRecording(page));
      return { loading, training, memory: memoryMeasurements.join(', ') };
    },
    recordMainThread,
  );
}

/** The delay between the pen and the bars of the pretrained networks, without training. */
function timeStrokes(site: Site): Promise<string> {
  return withPage(site, '', async (page) => {
    await waitUntilReady(page);
    const predictions = page.getByRole('region', { name: 'Answers' });
    await predictions.getByText('Draw a digit, and every network').waitFor(patience);
    return measureStrokes(page);
  });
}

async function measureExperiments(site: Site): Promise<void> {
  const { trained, verdict } = await timeVerdict(site);
  console.log(
    `“Quick look” from an empty cache: trained after ${trained.toFixed(1)} s, verdict after ${verdict.toFixed(1)} s.`,
  );
  console.log(`Wall time, one worker: ${await compareFourToOne(site, 1)}.`);
  console.log(`Wall time, as many workers as cores: ${await compareFourToOne(site, null)}.`);
  const { loading, training, memory } = await watchExperiment(site);
  console.log(`From a stroke to the bars: ${await timeStrokes(site)}.`);
  console.log(`While the page loads: ${loading}.`);
  console.log(`While four runs train: ${training}.`);
  console.log(`Memory of the page and its workers: ${memory}.`);
}

/** Measures one view after another while four runs train. */
async function printViews(site: Site, only: string): Promise<void> {
  await withPage(
    site,
    viewsLink,
    async (page) => {
      await page.setViewportSize(viewsViewport);
      await page.getByRole('status', { name: 'Engine' }).getByText('float32').waitFor(patience);
      await pressTrain(page);
      await waitForLines(page, /Epoch 1 of .* step [1-9]/, 4);
      await measureViews(page, only, (line) => console.log(line));
    },
    recordMainThread,
  );
}

const dist = path.join(root, 'dist');
if (!process.argv.includes('--reuse') || !existsSync(dist)) await build({ root });
const server = await preview({ root, preview: { port: 4631 } });
const browser = await chromium.launch(browserLaunchOptions());
try {
  const site: Site = { browser, url: server.resolvedUrls!.local[0]! };
  const engine = await withPage(site, '', async (page) => {
    await waitUntilReady(page);
    return (await page.getByRole('status', { name: 'Engine' }).innerText()).replace(/\s+/g, ' ');
  });
  console.log(`Engine: ${engine}`);
  const views = process.argv.find((word) => /^--views(=|$)/.test(word));
  if (views !== undefined) {
    await printViews(site, views.split('=')[1] ?? '');
  } else if (process.argv.includes('--charts')) {
    for (const line of await measureCharts(browser)) console.log(`${line}.`);
  } else if (process.argv.includes('--strokes')) {
    console.log(`From a stroke to the bars: ${await timeStrokes(site)}.`);
  } else {
    for (const line of await compareOpenViews(site)) console.log(`${line}.`);
    if (!process.argv.includes('--open-views')) await measureExperiments(site);
  }
} finally {
  await browser.close();
  await server.close();
}
