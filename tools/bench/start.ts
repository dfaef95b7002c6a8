/**
 * `npm run bench:start`: builds the site and times its cold start in Chromium, on a cable line and on slow 4G with a
 * processor four times slower: the first paint, the first screen's digit with its predictions, and the networks' own
 * answers. Then the bytes that travel until each of these, the longest tasks of the main thread, and Lighthouse's
 * medians. The site is served gzipped, as most hosts do.
 *
 * `-- --reuse` measures the existing dist/, `-- --quick` leaves out Lighthouse.
 */
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright';
import { build } from 'vite';
import { browserLaunchOptions } from '../browser.ts';
import { serveFolder } from '../staticServer.ts';
import { deviceNames, formatTable } from './lighthouseFigures.ts';
import { runLighthouse } from './lighthouseVisits.ts';
import { describeTasks, type Task, traceTasks } from './mainThreadTrace.ts';
import { describeBytes, lines, measureStart, type Start, waitUntilAnswered } from './starts.ts';
import { median } from './statistics.ts';

const root = path.join(import.meta.dirname, '..', '..');
const dist = path.join(root, 'dist');
const repeats = 3;
const viewport = { width: 1440, height: 900 };

/** Of several visits, the one whose longest task is the median. */
async function traceStarts(browser: Browser, url: string): Promise<Task[]> {
  const visits: Task[][] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    visits.push(
      await traceTasks(browser, page, async () => {
        await page.goto(url);
        await waitUntilAnswered(page);
        await page.waitForTimeout(3000); // the parts that are loaded when the page is quiet
      }),
    );
    await context.close();
  }
  const longest = ([task]: readonly Task[]): number => task?.processor ?? 0;
  return visits.sort((a, b) => longest(a) - longest(b))[(repeats - 1) / 2]!;
}

const toggle = { type: 'boolean', default: false } as const;
const { values } = parseArgs({ options: { reuse: toggle, quick: toggle } });
if (!values.reuse || !existsSync(dist)) await build({ root, logLevel: 'warn' });
const server = await serveFolder(dist, '/', { isCompressed: true });
const browser = await chromium.launch(browserLaunchOptions());
try {
  console.log(
    `Medians of ${repeats}; load of the machine at the start: ${loadavg()[0]!.toFixed(1)}`,
  );
  for (const [index, line] of lines.entries()) {
    const starts: Start[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      starts.push(await measureStart(browser, server.url, line, viewport));
    }
    const secondsTo = (key: 'paintedMs' | 'shownMs' | 'answeredMs'): string =>
      `${(median(starts.map((start) => start[key])) / 1000).toFixed(2)} s`;
    const shift = median(starts.map(({ layoutShift }) => layoutShift)).toFixed(3);
    console.log(
      `${line.name}: the digit with predictions is painted after ${secondsTo('paintedMs')}, and answers after ` +
        `${secondsTo('shownMs')}, the networks’ own answers after ${secondsTo('answeredMs')}; layout shift ${shift}`,
    );
    if (index === lines.length - 1) console.log(describeBytes(starts.at(-1)!));
  }
  const tasks = await traceStarts(browser, server.url);
  console.log(`At load: ${describeTasks(tasks)}`);
  const wall = Math.max(...tasks.map((task) => task.wall));
  console.log(`The longest by the clock, with what other programs took: ${wall.toFixed(0)} ms`);
  if (!values.quick) {
    const { medians } = await runLighthouse(server.url, deviceNames, repeats);
    console.log(formatTable(medians));
  }
} finally {
  await browser.close();
  await server.close();
}
