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
  await page.addInitScript(
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
  );
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
      : `${longTasks.length} main-thread tasks over 50 ms, 95 % of them within ` +
        `${inMs(quantile(longTasks, 0.95))}, the longest ${inMs(Math.max(...longTasks))}`;
  return (
    `${tasks}; a ${tickMs} ms timer came late by ${inMs(quantile(delays, 0.5))} (median), ` +
    `${inMs(quantile(delays, 0.95))} (95 %), ${inMs(Math.max(0, ...delays))} (longest)`
  );
}

function inMs(value: number): string {
  return `${value.toFixed(0)} ms`;
}
