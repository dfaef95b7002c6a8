import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRefresher } from './refresher.ts';

const pace = { intervalMs: 1000, share: 0.05 };

/** A task that ends when it is told to, and when each of its starts was. */
function makeTask() {
  const starts: number[] = [];
  const ends: (() => void)[] = [];
  const task = () =>
    new Promise<void>((resolve) => {
      starts.push(performance.now());
      ends.push(resolve);
    });
  return { task, starts, end: () => ends.pop()!() };
}

describe('createRefresher', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('never does two at once, and what was asked for meanwhile right after', async () => {
    const { task, starts, end } = makeTask();
    const refresher = createRefresher(task, pace);
    refresher.now();
    refresher.now();
    refresher.now();
    expect(starts).toHaveLength(1);
    end();
    await vi.advanceTimersByTimeAsync(0);
    expect(starts).toHaveLength(2);
    end();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(starts).toHaveLength(2);
  });

  it('keeps what nobody waits for to its share of the time', async () => {
    const { task, starts, end } = makeTask();
    const refresher = createRefresher(task, pace);
    refresher.soon();
    await vi.advanceTimersByTimeAsync(0);
    refresher.soon();
    await vi.advanceTimersByTimeAsync(200); // the task takes 200 ms: 5 % of 4000
    end();
    await vi.advanceTimersByTimeAsync(3790);
    expect(starts).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10);
    expect(starts).toHaveLength(2);
    end();
    // A quick one waits for the interval.
    refresher.soon();
    refresher.soon();
    await vi.advanceTimersByTimeAsync(990);
    expect(starts).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(10);
    expect(starts).toHaveLength(3);
  });

  it('forgets what it is told to, and serves somebody who waits at once', async () => {
    const { task, starts, end } = makeTask();
    const refresher = createRefresher(task, pace);
    refresher.now();
    end();
    await vi.advanceTimersByTimeAsync(0);
    refresher.soon();
    refresher.cancel();
    await vi.advanceTimersByTimeAsync(5000);
    expect(starts).toHaveLength(1);
    refresher.now();
    expect(starts).toHaveLength(2);
  });
});
