import { expect, it } from 'vitest';
import { describeTasks, listTasks, type TraceEvent } from './mainThreadTrace.ts';

const event = (name: string, ts: number, dur: number, tdur: number, tid = 1): TraceEvent => ({
  name,
  ph: 'X',
  pid: 7,
  tid,
  ts,
  dur,
  tdur,
});
const named = (tid: number, name: string): TraceEvent => ({
  ...event('thread_name', 0, 0, 0, tid),
  ph: 'M',
  args: { name },
});

const events = [
  named(1, 'CrRendererMain'),
  named(2, 'DedicatedWorker thread'),
  event('ThreadControllerImpl::RunTask', 1000, 200_000, 60_000),
  { ...event('EventDispatch', 2000, 190_000, 55_000), args: { data: { type: 'click' } } },
  event('FunctionCall', 3000, 150_000, 20_000),
  event('ThreadControllerImpl::RunTask', 401_000, 90_000, 9_000),
  event('ThreadControllerImpl::RunTask', 500_000, 80_000, 80_000, 2),
];

it('lists the main thread’s tasks by processor time, with what took most of each', () => {
  expect(listTasks(events)).toEqual([
    { start: 0, wall: 200, processor: 60, reason: 'EventDispatch click' },
    { start: 400, wall: 90, processor: 9, reason: 'unknown' },
  ]);
});

it('names the long ones, or else the longest', () => {
  const tasks = listTasks(events);
  expect(describeTasks(tasks)).toBe(
    '1 main-thread tasks over 50 ms of processor time: 60 ms after 0.0 s (EventDispatch click)',
  );
  expect(describeTasks(tasks.slice(1))).toBe(
    'no main-thread task over 50 ms of processor time; the longest: 9 ms after 0.4 s (unknown)',
  );
  expect(describeTasks([])).toBe('no main-thread task was traced');
});
