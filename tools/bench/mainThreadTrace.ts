import type { Browser, Page } from 'playwright';

/** An event of Chromium's trace format. Times are in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Processor time of the thread: without the time in which other threads had the core. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly type?: string } };
}

/** A task of the main thread, in milliseconds. */
export interface Task {
  /** Since the first task. */
  readonly start: number;
  readonly wall: number;
  readonly processor: number;
  /** What ran longest in it, and did not contain anything else of that length: "EventDispatch click". */
  readonly reason: string;
}

/** Tasks that no measuring tool made itself, the longest in processor time first. */
export function listTasks(events: readonly TraceEvent[]): Task[] {
  const mains = events.filter(
    ({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain',
  );
  const isOfPage = ({ pid, tid }: TraceEvent): boolean =>
    events.some(
      (event) => event.pid === pid && event.tid === tid && event.name === 'EventDispatch',
    );
  const main = mains.find(isOfPage);
  const own = events.filter(
    ({ pid, tid, ph }) => pid === main?.pid && tid === main.tid && ph === 'X',
  );
  const tasks = own.filter(({ name }) => name.endsWith('RunTask'));
  const first = Math.min(...tasks.map(({ ts }) => ts));
  return tasks
    .map((task) => {
      const end = task.ts + (task.dur ?? 0);
      const parts = own.filter(
        (event) => event !== task && event.ts >= task.ts && event.ts + (event.dur ?? 0) <= end,
      );
      const [part] = parts
        .filter(({ tdur = 0 }) => 2 * tdur >= (task.tdur ?? 0))
        .sort((a, b) => (a.tdur ?? 0) - (b.tdur ?? 0));
      return {
        start: (task.ts - first) / 1000,
        wall: (task.dur ?? 0) / 1000,
        processor: (task.tdur ?? 0) / 1000,
        reason: [part?.name ?? 'unknown', part?.args?.data?.type ?? ''].join(' ').trim(),
      };
    })
    .filter(({ reason }) => reason !== 'Receive mojo message')
    .sort((a, b) => b.processor - a.processor);
}

/** Traces the page's main thread during an action. */
export async function traceTasks(
  browser: Browser,
  page: Page,
  action: () => Promise<void>,
): Promise<Task[]> {
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', '__metadata'] });
  await action();
  const trace = await browser.stopTracing();
  return listTasks((JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] }).traceEvents);
}

/** "2 tasks over 50 ms of processor time: 62 ms after 0.1 s (EventDispatch click), …; the longest …" */
export function describeTasks(tasks: readonly Task[], limitMs = 50): string {
  const name = ({ processor, start, reason }: Task): string =>
    `${processor.toFixed(0)} ms after ${(start / 1000).toFixed(1)} s (${reason})`;
  const long = tasks.filter(({ processor }) => processor > limitMs);
  const [longest] = tasks;
  if (longest === undefined) return 'no main-thread task was traced';
  return long.length === 0
    ? `no main-thread task over ${limitMs} ms of processor time; the longest: ${name(longest)}`
    : `${long.length} main-thread tasks over ${limitMs} ms of processor time: ${long.map(name).join(', ')}`;
}
