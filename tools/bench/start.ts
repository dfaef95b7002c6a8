/**
 * `npm run bench:start`: times a cold start of the built site (dist/) in Chromium, on a cable line and on slow 4G with a
 * processor four times slower: until the first screen's digit and predictions are there, until the networks themselves
 * have answered, and how many bytes travelled. The site is served gzipped, as most hosts do.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type CDPSession, chromium } from 'playwright';
import { browserLaunchOptions } from '../browser.ts';
import { serveFolder } from '../staticServer.ts';
import { median } from './statistics.ts';

const dist = path.join(import.meta.dirname, '..', '..', 'dist');
const repeats = 3;
const patience = { timeout: 120_000 };

interface Line {
  readonly name: string;
  readonly kilobitsPerSecond: number;
  readonly latencyMs: number;
  readonly cpuSlowdown: number;
}

/** The second one is Lighthouse's "slow 4G" with its mobile processor. */
const lines: readonly Line[] = [
  { name: 'Cable', kilobitsPerSecond: 20_000, latencyMs: 20, cpuSlowdown: 1 },
  { name: 'Slow 4G, CPU 4 times slower', kilobitsPerSecond: 1_600, latencyMs: 150, cpuSlowdown: 4 },
];

interface Start {
  readonly shownMs: number;
  readonly shownKilobytes: number;
  readonly answeredMs: number;
  readonly layoutShift: number;
}

async function throttle(session: CDPSession, line: Line): Promise<void> {
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: line.latencyMs,
    downloadThroughput: (1000 * line.kilobitsPerSecond) / 8,
    uploadThroughput: (1000 * line.kilobitsPerSecond) / 8,
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: line.cpuSlowdown });
}

async function measureStart(browser: Browser, url: string, line: Line): Promise<Start> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await throttle(session, line);
    let bytes = 0;
    session.on('Network.dataReceived', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await page.addInitScript(() => {
      const shifts = { sum: 0 };
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.sum += (entry as LayoutShift).value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    const start = performance.now();
    await page.goto(url, { waitUntil: 'commit' });
    await page.locator('[data-testid=network-card][data-after]').nth(2).waitFor(patience);
    const shownMs = performance.now() - start;
    const shownKilobytes = bytes / 1000;
    await page.locator('[data-testid=examples-summary][data-source]').waitFor(patience);
    const answeredMs = performance.now() - start;
    const layoutShift = await page.evaluate(
      () => (window as unknown as { shifts: { sum: number } }).shifts.sum,
    );
    return { shownMs, shownKilobytes, answeredMs, layoutShift };
  } finally {
    await context.close();
  }
}

/** An entry of the browser's layout shifts, which TypeScript's library lacks. */
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
}

if (!existsSync(dist)) throw new Error('There is no dist/. Run `npm run build` first.');
const server = await serveFolder(dist, '/', { isCompressed: true });
const browser = await chromium.launch(browserLaunchOptions());
for (const line of lines) {
  const starts: Start[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    starts.push(await measureStart(browser, server.url, line));
  }
  const of = (key: keyof Start): number => median(starts.map((one) => one[key]));
  console.log(
    `${line.name}: first screen with predictions after ${(of('shownMs') / 1000).toFixed(2)} s and ` +
      `${of('shownKilobytes').toFixed(0)} kB; the networks and the test digits answer after ` +
      `${(of('answeredMs') / 1000).toFixed(2)} s; layout shift ${of('layoutShift').toFixed(3)} (medians of ${repeats})`,
  );
}
await browser.close();
await server.close();
