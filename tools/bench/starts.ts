import type { Browser, CDPSession, Page } from 'playwright';

const patience = { timeout: 120_000 };

export interface Line {
  readonly name: string;
  readonly kilobitsPerSecond: number;
  readonly latencyMs: number;
  readonly cpuSlowdown: number;
}

/** The second one is Lighthouse's "slow 4G" with its mobile processor. */
export const lines: readonly Line[] = [
  { name: 'Cable', kilobitsPerSecond: 20_000, latencyMs: 20, cpuSlowdown: 1 },
  { name: 'Slow 4G, CPU 4 times slower', kilobitsPerSecond: 1_600, latencyMs: 150, cpuSlowdown: 4 },
];

/** A file that has travelled. */
export interface Transfer {
  /** Milliseconds since the start. */
  readonly atMs: number;
  /** Playwright's name: 'script', 'stylesheet', 'fetch'. */
  readonly type: string;
  /** As compressed in transit. */
  readonly bytes: number;
}

export interface Start {
  readonly paintedMs: number;
  /** The first screen's digit and predictions, which come with the page's code, are there. */
  readonly shownMs: number;
  /** The networks themselves have answered, for the digit and the test images. */
  readonly answeredMs: number;
  readonly layoutShift: number;
  readonly transfers: readonly Transfer[];
}

/** What the page observes of itself. */
interface Observed {
  paintedMs: number;
  shift: number;
}

/** An entry of the browser's layout shifts, which TypeScript's library lacks. */
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
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

export async function waitUntilAnswered(page: Page): Promise<void> {
  await page.locator('[data-testid=examples-summary][data-source]').waitFor(patience);
}

/** A first visit, with an empty cache. */
export async function measureStart(
  browser: Browser,
  url: string,
  line: Line,
  viewport: { readonly width: number; readonly height: number },
): Promise<Start> {
  const context = await browser.newContext({ viewport });
  try {
    const page = await context.newPage();
    await throttle(await context.newCDPSession(page), line);
    await page.addInitScript(() => {
      const observed: Observed = { paintedMs: Number.NaN, shift: 0 };
      Object.assign(window, { observed });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) observed.shift += (entry as LayoutShift).value;
      }).observe({ type: 'layout-shift', buffered: true });
      new PerformanceObserver((list) => {
        for (const { name, startTime } of list.getEntries()) {
          if (name === 'first-contentful-paint') observed.paintedMs = startTime;
        }
      }).observe({ type: 'paint', buffered: true });
    });
    const start = performance.now();
    const transfers: Promise<Transfer>[] = [];
    // Also those of the workers.
    page.on('requestfinished', (request) => {
      const atMs = performance.now() - start;
      const type = request.resourceType();
      transfers.push(
        request.sizes().then((size) => ({ atMs, type, bytes: size.responseBodySize })),
      );
    });
    await page.goto(url, { waitUntil: 'commit' });
    await page.locator('[data-testid=network-card][data-after]').nth(2).waitFor(patience);
    const shownMs = performance.now() - start;
    await waitUntilAnswered(page);
    const answeredMs = performance.now() - start;
    await page.waitForLoadState('networkidle');
    const observed = await page.evaluate(
      () => (window as unknown as { observed: Observed }).observed,
    );
    return {
      paintedMs: observed.paintedMs,
      shownMs,
      answeredMs,
      layoutShift: observed.shift,
      transfers: await Promise.all(transfers),
    };
  } finally {
    await context.close();
  }
}

/** "Bytes until the page answers: 312 kB (script 224, font 48, …); then until the networks answer: …; later: …". */
export function describeBytes({ shownMs, answeredMs, transfers }: Start): string {
  const between = (from: number, to: number): string => {
    const own = transfers.filter(({ atMs }) => atMs >= from && atMs < to);
    const sums = new Map<string, number>();
    for (const { type, bytes } of own) sums.set(type, (sums.get(type) ?? 0) + bytes / 1000);
    const parts = [...sums]
      .sort(([, a], [, b]) => b - a)
      .map(([type, sum]) => `${type} ${sum.toFixed(0)}`);
    const all = own.reduce((sum, { bytes }) => sum + bytes / 1000, 0);
    return `${all.toFixed(0)} kB${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`;
  };
  return [
    `Bytes until the page answers: ${between(0, shownMs)}`,
    `then until the networks answer: ${between(shownMs, answeredMs)}`,
    `and when the page is quiet: ${between(answeredMs, Infinity)}`,
  ].join('; ');
}
