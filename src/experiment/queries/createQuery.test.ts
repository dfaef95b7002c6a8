import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '../../domain/errors.ts';
import { createQuery, idleQuery, type QueryOptions, type QueryStatus } from './createQuery.ts';

interface TestKey {
  readonly digit: number;
  readonly source?: string;
}

interface TestState extends QueryStatus {
  readonly answer: string | null;
}

/** A query whose requests end when the test decides. */
function setUp(changes: Partial<QueryOptions<TestKey, string, TestState>> = {}) {
  let state: TestState = { answer: null, ...idleQuery };
  let key: TestKey | null = { digit: 1 };
  let version: unknown = 0;
  let isShown = true;
  const asks: {
    key: TestKey;
    signal: AbortSignal;
    startMs: number;
    progress: (done: number, total: number) => void;
    answer: (text: string) => void;
    fail: (error: unknown) => void;
  }[] = [];
  const update = vi.fn((changed: Partial<TestState>) => {
    state = { ...state, ...changed };
  });
  const query = createQuery<TestKey, string, TestState>({
    key: () => key,
    version: () => version,
    isEnabled: () => isShown,
    pace: { intervalMs: 1000, share: 0.05 },
    ask: (asked, signal, progress) =>
      new Promise((answer, fail) => {
        asks.push({ key: asked, signal, startMs: performance.now(), progress, answer, fail });
      }),
    toState: (answer) => ({ answer }),
    update,
    ...changes,
  });
  return {
    query,
    asks,
    update,
    state: () => state,
    setKey: (next: TestKey | null) => {
      key = next;
      query.refresh();
    },
    advance: () => {
      version = Number(version) + 1;
      query.refresh();
    },
    show: (shown: boolean) => {
      isShown = shown;
      query.refresh();
    },
  };
}

const flush = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const outOfMemory = () => new LabError('memory-exhausted', 'Too large.', 'Use fewer units.');
const workerDied = () => new LabError('worker-died', 'It died.', 'Restart.');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('createQuery', () => {
  it('requests at once, stores the result, and does not repeat it while nothing changes', async () => {
    const { query, asks, state } = setUp();
    query.refresh();
    expect(asks).toHaveLength(1);
    expect(state()).toEqual({ ...idleQuery, answer: null, isPending: true });
    asks[0]!.answer('one');
    await flush();
    expect(state()).toEqual({ ...idleQuery, answer: 'one' });
    query.refresh();
    await flush(60_000);
    expect(asks).toHaveLength(1);
    expect(asks[0]!.signal.aborted).toBe(false);
  });

  it('never runs two requests at once, and sends the newest key right after the running one', async () => {
    const { asks, setKey, state } = setUp();
    setKey({ digit: 1 });
    for (const digit of [2, 3, 4]) setKey({ digit });
    expect(asks).toHaveLength(1);
    asks[0]!.answer('one');
    await flush();
    expect(asks.map(({ key }) => key.digit)).toEqual([1, 4]);
    asks[1]!.answer('four');
    await flush(60_000);
    expect(asks).toHaveLength(2);
    expect(state().answer).toBe('four');
  });

  it('aborts the request for an older key and drops its result', async () => {
    const { asks, setKey, state } = setUp();
    setKey({ digit: 1 });
    setKey({ digit: 2 });
    expect(asks[0]!.signal.aborted).toBe(true);
    asks[0]!.answer('one');
    await flush();
    expect(state().answer).toBeNull();
    expect(asks).toHaveLength(2);
  });

  it('requests again for a key that came back after its request was aborted', async () => {
    const { asks, setKey, state } = setUp();
    for (const digit of [1, 2, 1]) setKey({ digit });
    asks[0]!.answer('too late');
    await flush();
    expect(asks.map(({ key }) => key.digit)).toEqual([1, 1]);
    asks[1]!.answer('one');
    await flush();
    expect(state().answer).toBe('one');
  });

  it('shows a usable result for an older key, marked as stale, until the newest one arrives', async () => {
    const { asks, setKey, state } = setUp({
      isUsable: (older, newest) => older.source === newest.source,
    });
    setKey({ digit: 1, source: 'pad' });
    setKey({ digit: 2, source: 'pad' });
    expect(asks[0]!.signal.aborted).toBe(false);
    asks[0]!.answer('one');
    await flush();
    expect(state()).toMatchObject({ answer: 'one', isStale: true, isPending: true });
    asks[1]!.answer('two');
    await flush();
    expect(state()).toMatchObject({ answer: 'two', isStale: false, isPending: false });
    setKey({ digit: 3, source: 'pad' });
    setKey({ digit: 3, source: 'test set' });
    expect(asks[2]!.signal.aborted).toBe(true);
  });

  it('limits new versions to their fraction of the time, and requests no version twice', async () => {
    const { query, asks, advance } = setUp();
    query.refresh();
    await flush(200); // the request takes 200 ms: 5 % of 4000
    asks[0]!.answer('first');
    await flush();
    for (let i = 0; i < 10; i++) advance();
    await flush(3790);
    expect(asks).toHaveLength(1);
    await flush(10);
    expect(asks).toHaveLength(2);
    asks[1]!.answer('second');
    await flush(60_000);
    expect(asks).toHaveLength(2);
  });

  it('waits for the interval after a quick result, but not when the key changes', async () => {
    const { query, asks, advance, setKey } = setUp();
    query.refresh();
    asks[0]!.answer('first');
    await flush();
    advance();
    await flush(990);
    expect(asks).toHaveLength(1);
    await flush(10);
    expect(asks).toHaveLength(2);
    asks[1]!.answer('second');
    await flush();
    advance();
    setKey({ digit: 2 });
    expect(asks).toHaveLength(3);
    asks[2]!.answer('third');
    await flush(60_000);
    expect(asks).toHaveLength(3); // it included the newest version
  });

  it('limits the rate of every request if the pace applies to all', async () => {
    const { asks, setKey } = setUp({ pace: { intervalMs: 150, isForAll: true } });
    setKey({ digit: 1 });
    await flush();
    asks[0]!.answer('one');
    await flush(10);
    for (const digit of [2, 3]) setKey({ digit });
    await flush(139);
    expect(asks).toHaveLength(1);
    await flush(1);
    expect(asks.map(({ key }) => key.digit)).toEqual([1, 3]);
  });

  it('ignores versions while they are null', async () => {
    let isHeld = true;
    let version = 0;
    const { query, asks } = setUp({ version: () => (isHeld ? null : version) });
    query.refresh();
    asks[0]!.answer('first');
    version = 1;
    query.refresh();
    await flush(60_000);
    expect(asks).toHaveLength(1);
    isHeld = false;
    query.refresh();
    await flush(1000);
    expect(asks).toHaveLength(2);
  });

  it('requests nothing while hidden, and aborts what is no longer needed', async () => {
    const { query, asks, show, setKey, advance, state } = setUp();
    show(false);
    await flush(60_000);
    expect(asks).toHaveLength(0);
    show(true);
    show(false);
    expect(asks[0]!.signal.aborted).toBe(true);
    expect(state().isPending).toBe(false);
    asks[0]!.answer('dropped');
    await flush();
    expect(state().answer).toBeNull();
    show(true);
    asks[1]!.answer('one');
    await flush();
    advance();
    show(false); // the request for the new version is delayed by its pace
    await flush(60_000);
    expect(asks).toHaveLength(2);
    setKey({ digit: 2 });
    expect(asks).toHaveLength(2);
    show(true);
    expect(asks[2]!.key.digit).toBe(2);
    query.refresh();
    expect(asks).toHaveLength(3);
  });

  it('keeps its result while hidden, and clears it when no request is possible', async () => {
    const { query, asks, show, setKey } = setUp();
    query.refresh();
    asks[0]!.answer('one');
    await flush();
    show(false);
    show(true);
    expect(asks).toHaveLength(1);
    setKey(null);
    setKey({ digit: 1 });
    expect(asks).toHaveLength(2);
  });

  it('starts nothing while it is paused, though the running request may finish', async () => {
    let isPaused = false;
    const { query, asks, setKey, advance, state } = setUp({
      isPaused: () => isPaused,
      isUsable: () => true,
    });
    query.refresh();
    isPaused = true;
    setKey({ digit: 2 });
    asks[0]!.answer('one');
    await flush();
    advance();
    await flush(60_000);
    expect(state()).toMatchObject({ answer: 'one', isStale: true, isPending: false });
    expect(asks).toHaveLength(1);
    isPaused = false;
    query.refresh();
    expect(asks[1]!.key.digit).toBe(2);
  });

  it('reports a failure once and does not retry until something changes', async () => {
    const { query, asks, advance, state } = setUp();
    query.refresh();
    asks[0]!.fail(outOfMemory());
    await flush(60_000);
    expect(state().error).toMatchObject({ code: 'memory-exhausted' });
    expect(asks).toHaveLength(1);
    expect(asks[0]!.signal.aborted).toBe(true); // the other parts of the result are useless
    advance();
    await flush(1000);
    asks[1]!.answer('one');
    await flush();
    expect(state()).toMatchObject({ answer: 'one', error: null });
  });

  it('does not report an expected failure, and retries at its pace when something changes', async () => {
    const { query, asks, state } = setUp();
    query.refresh();
    asks[0]!.fail(workerDied());
    await flush(60_000);
    expect(state()).toEqual({ ...idleQuery, answer: null });
    expect(asks).toHaveLength(1);
    query.refresh();
    await flush();
    expect(asks).toHaveLength(2);
    asks[1]!.fail(workerDied());
    await flush();
    for (let i = 0; i < 100; i++) query.refresh();
    await flush(999);
    expect(asks).toHaveLength(2);
    await flush(1);
    expect(asks).toHaveLength(3);
  });

  it('does not report the failure of an outdated request', async () => {
    const { asks, setKey, state } = setUp();
    setKey({ digit: 1 });
    setKey({ digit: 2 });
    asks[0]!.fail(outOfMemory());
    await flush();
    expect(state().error).toBeNull();
  });

  it('retries on demand, unless the result is on its way', async () => {
    const { query, asks } = setUp();
    query.retry();
    query.retry();
    asks[0]!.fail(outOfMemory());
    await flush();
    expect(asks).toHaveLength(1);
    query.retry();
    expect(asks).toHaveLength(2);
  });

  it('counts the parts of the pending result only while it is pending', async () => {
    const { query, asks, state } = setUp();
    query.refresh();
    asks[0]!.progress(1, 2);
    expect(state().progress).toEqual({ done: 1, total: 2 });
    asks[0]!.fail(outOfMemory());
    await flush();
    asks[0]!.progress(2, 2);
    expect(state().progress).toBeNull();
  });

  it('stores no status that another query stores, and no unchanged values', async () => {
    const { query, asks, update } = setUp({ storesStatus: false });
    query.refresh();
    query.refresh();
    expect(update).not.toHaveBeenCalled();
    asks[0]!.answer('one');
    await flush();
    expect(update.mock.calls).toEqual([[{ answer: 'one', error: null }]]);
  });
});
