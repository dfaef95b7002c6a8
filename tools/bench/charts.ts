import path from 'node:path';
import type { Browser, Page } from 'playwright';
import { build, preview } from 'vite';
import { median } from './statistics.ts';

const root = path.join(import.meta.dirname, 'chartsPage');
const outDir = path.join(import.meta.dirname, '..', '..', '.cache', 'bench-charts');
/** Milliseconds between two drawings of a chart. */
const updateMs = 250;
const recordingMs = 10_000;

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds: when it began, how long it took, and how long the thread had the processor in it. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/**
 * What drawing costs the main thread while three charts of four runs with 500 points each are drawn four times
 * a second, and while a pointer moves over one of them: lines to print. Processor time, so that other work of the
 * machine does not count.
 */
export async function measureCharts(browser: Browser): Promise<string[]> {
  await build({
    configFile: false,
    root,
    base: './',
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  });
  const server = await preview({
    configFile: false,
    root,
    preview: { host: '127.0.0.1', port: 0 },
    build: { outDir },
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  try {
    await page.goto(server.resolvedUrls!.local[0]!);
    await page.locator('svg.recharts-surface').nth(2).waitFor();
    await page.waitForTimeout(2000);
    const drawing = await describeTasks(browser, page, () => page.waitForTimeout(recordingMs));
    const pointing = await describeTasks(browser, page, () => movePointer(page));
    return [`Three charts of four runs, drawn: ${drawing}`, `and pointed at: ${pointing}`];
  } finally {
    await page.close();
    await server.close();
  }
}

async function movePointer(page: Page): Promise<void> {
  const box = await page.getByRole('slider').first().boundingBox();
  if (box === null) throw new Error('The charts have no slider to point at.');
  for (let x = 60; x < box.width; x += 3) {
    await page.mouse.move(box.x + x, box.y + 100);
    await page.waitForTimeout(16);
  }
}

/** The main thread's tasks while something is done. */
async function describeTasks(
  browser: Browser,
  page: Page,
  act: () => Promise<unknown>,
): Promise<string> {
  await browser.startTracing(page, {
    categories: ['toplevel', 'disabled-by-default-devtools.timeline'],
  });
  await act();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const periods = new Map<number, number[]>();
  for (const { ts, dur = 0, tdur = dur } of findMainThreadTasks(trace.traceEvents)) {
    const period = Math.floor(ts / 1000 / updateMs);
    periods.set(period, [...(periods.get(period) ?? []), tdur / 1000]);
  }
  const longest = [...periods.values()].map((tasks) => Math.max(...tasks));
  const sums = [...periods.values()].map((tasks) => tasks.reduce((sum, ms) => sum + ms, 0));
  if (longest.length < 5)
    throw new Error(`Expected tasks in many updates; found ${longest.length}.`);
  return (
    `longest task of ${updateMs} ms ${median(longest).toFixed(1)} ms (median), ` +
    `${Math.max(...longest).toFixed(1)} ms (longest); all tasks of ${updateMs} ms ${median(sums).toFixed(1)} ms (median)`
  );
}

/** The tasks of the renderer main thread that had most. */
function findMainThreadTasks(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const groups = events
    .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
    .map(({ pid, tid }) =>
      events.filter((event) => event.name === 'RunTask' && event.pid === pid && event.tid === tid),
    );
  const busyTime = (tasks: readonly TraceEvent[]): number =>
    tasks.reduce((sum, { dur = 0, tdur = dur }) => sum + tdur, 0);
  return groups.sort((a, b) => busyTime(b) - busyTime(a))[0] ?? [];
}
