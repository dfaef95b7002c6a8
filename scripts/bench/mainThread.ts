/**
 * `npm run bench:main-thread`: how long the page's main thread is busy at a stretch while a network
 * trains. Add `-- --reuse` to measure the dist/ that is there.
 */
import { withTrainingPage } from '../trainingPage.ts';

const durationMs = 20_000;
/** Distance of the timer's ticks that cross-check the browser's own record. */
const tickMs = 10;

interface Recording {
  /** Durations of the tasks that the browser reports as long (over 50 ms), in ms. */
  readonly longTasks: number[];
  /** How much later than asked each tick of a timer came, in ms. */
  readonly delays: number[];
}

declare global {
  interface Window {
    recording: Recording;
  }
}

function quantile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))] ?? 0;
}

function inMs(value: number): string {
  return `${value.toFixed(0)} ms`;
}

await withTrainingPage(
  (page) =>
    page.addInitScript(
      ([tick]) => {
        window.recording = { longTasks: [], delays: [] };
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) window.recording.longTasks.push(duration);
        }).observe({ type: 'longtask' });
        let last = performance.now();
        setInterval(() => {
          const now = performance.now();
          window.recording.delays.push(Math.max(0, now - last - tick!));
          last = now;
        }, tick);
      },
      [tickMs],
    ),
  async (page) => {
    const atStart = await page.evaluate(() => window.recording);
    await page.waitForTimeout(durationMs);
    const atEnd = await page.evaluate(() => window.recording);
    const longTasks = atEnd.longTasks.slice(atStart.longTasks.length);
    const delays = atEnd.delays.slice(atStart.delays.length);
    const engine = await page.getByRole('status', { name: 'Engine' }).innerText();
    console.log(`Engine: ${engine.replace(/\s+/g, ' ')}`);
    console.log(`While the page loaded and compiled: ${describe(atStart.longTasks)}`);
    console.log(`While it trained for ${durationMs / 1000} s: ${describe(longTasks)}`);
    console.log(
      `A ${tickMs} ms timer came late by ${inMs(quantile(delays, 0.5))} (median), ` +
        `${inMs(quantile(delays, 0.95))} (95 %), ${inMs(Math.max(0, ...delays))} (longest).`,
    );
  },
);

function describe(tasks: readonly number[]): string {
  if (tasks.length === 0) return 'no main-thread task over 50 ms.';
  return (
    `${tasks.length} main-thread tasks over 50 ms, 95 % of them within ` +
    `${inMs(quantile(tasks, 0.95))}, the longest ${inMs(Math.max(...tasks))}.`
  );
}
