import type { Page } from 'playwright';
import { quantile } from './statistics.ts';

/** Interval of the timer that cross-checks the browser's own record. */
const tickMs = 10;

interface Recording {
  /** Durations of the tasks that the browser reports as long (over 50 ms), in ms. */
  readonly longTasks: number[];
  /** Delay of each tick of a timer, in ms. */
  readonly delays: number[];
}

declare global {
  interface Window {
    recording: Recording;
  }
}

/** Records long tasks and timer delays of the page's main thread, from its next load on. */
export async function recordMainThread(page: Page): Promise<void> {
  await page.addInitScript((tick) => {
    window.recording = { longTasks: [], delays: [] };
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.recording.longTasks.push(duration);
    }).observe({ type: 'longtask' });
    let last = performance.now();
    setInterval(() => {
      const now = performance.now();
      window.recording.delays.push(Math.max(0, now - last - tick));
      last = now;
    }, tick);
  }, tickMs);
}

/** Returns what was recorded since the last call. */
export async function takeRecording(page: Page): Promise<Recording> {
  return page.evaluate(() => {
    const { longTasks, delays } = window.recording;
    return { longTasks: longTasks.splice(0), delays: delays.splice(0) };
  });
}

export function describeRecording({ longTasks, delays }: Recording): string {
  const tasks =
    longTasks.length === 0
      ? 'no main-thread task over 50 ms'
      : `${longTasks.length} main-thread tasks over 50 ms: ${describeSpread(longTasks)}`;
  return `${tasks}; a ${tickMs} ms timer came late by ${describeSpread(delays)}`;
}

/** "24 ms (median), 72 ms (95 %), 421 ms (longest)". */
export function describeSpread(values: readonly number[]): string {
  const [middle, most, longest] = [0.5, 0.95, 1].map((part) => quantile(values, part).toFixed(0));
  return `${middle} ms (median), ${most} ms (95 %), ${longest} ms (longest)`;
}
