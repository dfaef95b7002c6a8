import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultConfig } from '../domain/settings/config.ts';
import type { Progress } from '../domain/metrics.ts';
import type { WorkerEvent } from './api.ts';
import { connectTraining } from './client.ts';
import { FakeWorker } from './testing/fakeWorker.ts';

const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;
const runs = [{ runId: 'a', config: defaultConfig, checkpoint: null }];
const seconds = 1000;
/** Longer than a worker may be silent. */
const tooLong = 22 * seconds;
const progress: Progress = {
  step: 1,
  stepsPerEpoch: 100,
  totalSteps: 500,
  trainSeconds: 1,
  samplesPerSecond: 1,
  secondsLeft: 1,
};

/** How far the computer's clock is ahead of the page's timers, which were suspended. */
let suspendedMs = 0;
beforeEach(() => {
  vi.useFakeTimers();
  suspendedMs = 0;
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + suspendedMs);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A client with one worker, which answers pings while it is alive. */
function setUp({ isReady = true } = {}) {
  const worker = new FakeWorker();
  let isAlive = true;
  const postMessage = worker.postMessage.bind(worker);
  worker.postMessage = (message) => {
    postMessage(message);
    if (message.type === 'ping' && isAlive) worker.pong();
  };
  const client = connectTraining({
    createWorker: () => worker as unknown as Worker,
    dataUrl: 'http://localhost/data/',
    engine: 'auto',
    cores: 4,
    canShare: true,
  });
  const deaths: string[] = [];
  client.subscribe((event) => {
    if (event.type !== 'engineFailed') return;
    expect(event.error.code).toBe('worker-died');
    deaths.push(event.error.message);
  });
  const engine = { name: 'SIMD', device: '', isSoftware: false, isFloat32: true, reason: '' };
  if (isReady) worker.report({ type: 'engineReady', engine });
  const hang = () => (isAlive = false);
  const pings = () => worker.heard.filter(({ type }) => type === 'ping').length;
  return { client, worker, deaths, hang, pings };
}

function pass(ms: number): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(ms);
}

const silent = 'The training worker stopped: it gave no sign of life for 20 s.';

describe('a worker is reported as dead, and ended, when it', () => {
  it('throws', () => {
    const { worker, deaths } = setUp();
    worker.throw('boom');
    expect(deaths).toEqual(['The training worker stopped: boom']);
    expect(worker.isTerminated).toBe(true);
  });

  it('sends an unreadable message', () => {
    const { worker, deaths } = setUp();
    worker.dispatchEvent(new Event('messageerror'));
    expect(deaths).toEqual(['The training worker stopped: one of its messages could not be read.']);
    expect(worker.isTerminated).toBe(true);
  });

  it('does not start within a minute', async () => {
    const { worker, deaths } = setUp({ isReady: false });
    await pass(59 * seconds);
    expect(deaths).toEqual([]);
    await pass(2 * seconds);
    expect(deaths).toEqual(['The training worker stopped: its engine did not start within 60 s.']);
    expect(worker.isTerminated).toBe(true);
  });

  it('hangs while an answer is pending', async () => {
    const { client, worker, deaths, hang } = setUp();
    await pass(60 * seconds);
    hang();
    const question = client.testImages(0, 1);
    const rejected = expect(question).rejects.toMatchObject({ code: 'worker-died' });
    await pass(20 * seconds);
    expect(deaths).toEqual([]);
    await pass(2 * seconds);
    expect(deaths).toEqual([silent]);
    expect(worker.isTerminated).toBe(true);
    await rejected;
  });

  it('hangs while a run is training', async () => {
    const { client, deaths, hang } = setUp();
    client.start(runs, attack, 'end');
    await pass(60 * seconds); // it may wait for data
    expect(deaths).toEqual([]);
    hang();
    await pass(tooLong);
    expect(deaths).toEqual([silent]);
  });

  it('was ended without an event while a run was paused, once the run resumes', async () => {
    const { client, worker, deaths, hang } = setUp();
    client.start(runs, attack, 'epoch');
    worker.report({ type: 'paused', runId: 'a', progress });
    hang();
    await pass(60 * seconds);
    expect(deaths).toEqual([]);
    client.resume('a', 'end');
    await pass(tooLong);
    expect(deaths).toEqual([silent]);
  });

  it('hangs in a hidden tab, whose timers fire once a minute: after some minutes', async () => {
    const { client, deaths, hang } = setUp();
    client.start(runs, attack, 'end');
    hang();
    for (let minute = 0; minute < 10; minute++) {
      suspendedMs += 59 * seconds;
      await pass(1 * seconds);
    }
    expect(deaths).toEqual([]);
    for (let minute = 0; minute < 15; minute++) {
      suspendedMs += 59 * seconds;
      await pass(1 * seconds);
    }
    expect(deaths).toEqual([silent]);
  });
});

describe('a worker is left alone while it', () => {
  it('has nothing to do, and is not pinged', async () => {
    const { client, worker, deaths, hang, pings } = setUp();
    client.start(runs, attack, 'end');
    worker.report({ type: 'finished', runId: 'a', progress });
    const answered = client.testImages(0, 1);
    worker.answer('testImages', null);
    await answered;
    hang();
    await pass(300 * seconds);
    expect(deaths).toEqual([]);
    expect(pings()).toBe(0);
  });

  it('is slow, but answers its pings', async () => {
    const { client, worker, deaths } = setUp();
    const question = client.testImages(0, 1);
    await pass(300 * seconds);
    expect(deaths).toEqual([]);
    worker.answer('testImages', 'late');
    expect(await question).toBe('late');
  });

  it('computes for up to 20 s without handling messages', async () => {
    const { client, worker, deaths, hang } = setUp();
    client.start(runs, attack, 'end');
    hang();
    const reports: WorkerEvent[] = [
      { type: 'started', runId: 'a', progress },
      { type: 'progressed', runId: 'a', progress },
      { type: 'progressed', runId: 'a', progress },
    ];
    for (const report of reports) {
      await pass(19 * seconds);
      worker.report(report);
    }
    expect(deaths).toEqual([]);
  });

  it('was suspended with the page, and takes a moment to wake up', async () => {
    const { client, deaths, hang } = setUp();
    client.start(runs, attack, 'end');
    hang();
    await pass(15 * seconds);
    suspendedMs += 8 * 3600 * seconds;
    await pass(18 * seconds);
    expect(deaths).toEqual([]);
    await pass(5 * seconds);
    expect(deaths).toEqual([silent]);
  });

  it('starts on a computer that is suspended meanwhile', async () => {
    const { deaths } = setUp({ isReady: false });
    await pass(30 * seconds);
    suspendedMs += 3600 * seconds;
    await pass(55 * seconds);
    expect(deaths).toEqual([]);
  });
});
