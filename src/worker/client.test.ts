import { beforeEach, describe, expect, it } from 'vitest';
import { defaultConfig, type TrainingMethod } from '../domain/settings/config.ts';
import type { EngineDescription, Progress } from '../domain/metrics.ts';
import { connectTraining } from './client.ts';
import type { WorkerEvent } from './api.ts';
import { FakeWorker } from './testing/fakeWorker.ts';

const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;
const set = {
  pixels: new Uint8Array(784),
  labels: new Uint8Array(1),
  count: 1,
  features: 784,
  classes: 10,
};

let workers: FakeWorker[] = [];
beforeEach(() => (workers = []));

function connect(cores = 4, canShare = true) {
  const client = connectTraining({
    createWorker: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    },
    dataUrl: 'http://localhost/data/',
    engine: 'auto',
    cores,
    canShare,
  });
  const events: WorkerEvent[] = [];
  client.subscribe((event) => events.push(event));
  return { client, events };
}

function makeReady(name: string): void {
  const engine: EngineDescription = {
    name,
    device: '',
    isSoftware: false,
    isFloat32: true,
    reason: '',
  };
  workers[0]!.report({ type: 'engineReady', engine });
}

function runsOf(...methods: TrainingMethod[]) {
  return methods.map((method) => ({
    runId: method,
    config: { ...defaultConfig, method },
    checkpoint: null,
  }));
}

function progressAt(epoch: number): Progress {
  return {
    step: epoch * 100,
    stepsPerEpoch: 100,
    totalSteps: 500,
    trainSeconds: 1,
    samplesPerSecond: 1,
    secondsLeft: 1,
  };
}

function startedIn(worker: FakeWorker): string[] {
  return worker.callsOf('start').map(([{ runId }]) => runId);
}

describe('connectTraining', () => {
  it('spreads runs over SIMD workers so that each has about the same work', () => {
    const { client } = connect(2);
    makeReady('SIMD');
    client.start(runsOf('plain', 'dropout', 'adversarial', 'adversarial-dropout'), attack, 'end');
    expect(workers).toHaveLength(2);
    // Two costly runs and two cheap ones: each worker gets one of each.
    for (const worker of workers) {
      const costly = startedIn(worker).filter((runId) => runId.startsWith('adversarial'));
      expect(costly).toHaveLength(1);
      expect(startedIn(worker)).toHaveLength(2);
      expect(worker.callsOf('start').every(([, , , isInLockstep]) => isInLockstep)).toBe(true);
    }
    expect(workers[1]!.callsOf('initialize')).toEqual([[null, 'simd']]);
  });

  it('keeps all runs in one worker on WebGL', () => {
    const { client } = connect(8);
    makeReady('WebGL');
    client.start(runsOf('plain', 'dropout', 'adversarial'), attack, 'end');
    expect(workers).toHaveLength(1);
    expect(startedIn(workers[0]!)).toEqual(['plain', 'dropout', 'adversarial']);
    expect(workers[0]!.callsOf('useThreads')).toEqual([]);
  });

  it('divides the threads among the workers and leaves a core to the page', () => {
    const { client } = connect(8);
    makeReady('SIMD');
    client.start(runsOf('plain'), attack, 'end');
    expect(workers[0]!.callsOf('useThreads')).toEqual([[4]]);
    client.start(runsOf('dropout', 'adversarial', 'noise'), attack, 'end');
    expect(workers.map((worker) => worker.callsOf('useThreads').at(-1))).toEqual([[2], [2], [2]]);
  });

  it('delays runs until it is known which engine computes', () => {
    const { client } = connect();
    client.start(runsOf('plain', 'dropout'), attack, 'end');
    client.pause('plain');
    expect(workers.flatMap(startedIn)).toEqual([]);
    makeReady('SIMD');
    expect(workers.flatMap(startedIn).sort()).toEqual(['dropout', 'plain']);
    expect(workers.flatMap((worker) => worker.callsOf('pause'))).toHaveLength(1);
  });

  it('shares the data that one worker loaded, also with workers that start later', () => {
    const { client, events } = connect();
    makeReady('SIMD');
    workers[0]!.report({ type: 'dataReady', part: 'test', set, dataSet: null });
    client.start(runsOf('plain', 'dropout'), attack, 'end');
    expect(workers[1]!.callsOf('shareDataset')).toEqual([['test', set, null]]);
    workers[0]!.report({ type: 'dataReady', part: 'training', set, dataSet: null });
    expect(workers[1]!.callsOf('shareDataset')).toHaveLength(2);
    const error = { code: 'data-unreachable', message: 'No.', remedy: 'Again.' } as const;
    workers[0]!.report({ type: 'dataFailed', part: 'training', error });
    expect(workers[1]!.callsOf('datasetFailed')).toEqual([['training', error]]);
    // The first worker represents all in matters of data.
    workers[1]!.report({ type: 'dataReady', part: 'test', set: null, dataSet: null });
    expect(events.filter(({ type }) => type === 'dataReady')).toHaveLength(2);
  });

  describe('with the user’s own files', () => {
    const files = [new File(['x'], 'train-images')];
    const counts = { trainingCount: 100, testCount: 10_000 };
    const dataSet = { shape: 'grey-28', ...counts, fingerprint: '0'.repeat(64) } as const;

    /** Two workers that had an experiment on MNIST, and then the files. */
    async function change(canShare: boolean) {
      const { client } = connect(4, canShare);
      makeReady('SIMD');
      workers[0]!.report({ type: 'dataReady', part: 'test', set, dataSet: null });
      client.start(runsOf('plain', 'dropout'), attack, 'end');
      for (const runId of ['plain', 'dropout']) client.reset(runId);
      const using = client.useData(files, true);
      expect(workers[0]!.callsOf('useData')).toMatchObject([[files, true, undefined]]);
      const part = 'test' as const;
      workers[0]!.report({ type: 'dataReady', part, set: canShare ? set : null, dataSet });
      const loaded = { dataSet, isTransposed: true, notes: [] };
      workers[0]!.answer('useData', loaded);
      expect(await using).toEqual(loaded);
      expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([false, true]);
      client.start(runsOf('plain', 'dropout'), attack, 'end');
    }

    it('ends workers with other data, and shares the new data', async () => {
      await change(true);
      expect(workers[2]!.callsOf('shareDataset')).toMatchObject([['test', {}, dataSet]]);
      expect(workers[2]!.callsOf('useData')).toEqual([]);
    });

    it('lets every worker read them if memory cannot be shared', async () => {
      await change(false);
      expect(workers[2]!.callsOf('shareDataset')).toEqual([]);
      expect(workers[2]!.callsOf('useData')).toEqual([[files, true]]);
    });
  });

  it('lets every worker load the data itself if memory cannot be shared', () => {
    const { client } = connect(4, false);
    makeReady('SIMD');
    client.start(runsOf('plain', 'dropout'), attack, 'end');
    expect(workers[1]!.callsOf('initialize')).toEqual([['http://localhost/data/', 'simd']]);
    expect(workers[0]!.callsOf('useThreads')).toEqual([]); // threads need shared memory
  });

  it('lets a run continue when the others have reached the same point, across workers', () => {
    const { client } = connect();
    makeReady('SIMD');
    client.start(runsOf('plain', 'adversarial'), attack, 'end');
    const workerOf = (runId: string) =>
      workers.find((worker) => startedIn(worker).includes(runId))!;
    const report = (runId: string, epoch: number) =>
      workerOf(runId).report({ type: 'progressed', runId, progress: progressAt(epoch) });
    report('plain', 0.5);
    expect(workerOf('plain').callsOf('allow')).toEqual([]);
    expect(workerOf('adversarial').callsOf('allow')).toEqual([['adversarial', 0.5]]);
    report('adversarial', 0.5);
    expect(workerOf('plain').callsOf('allow')).toEqual([['plain', 0.5]]);
    const error = { code: 'loss-not-finite', message: 'No.', remedy: 'Again.' } as const;
    workerOf('adversarial').report({ type: 'failed', runId: 'adversarial', error });
    expect(workerOf('plain').callsOf('allow').at(-1)).toEqual(['plain', Infinity]);
  });

  it('ends all workers when one dies, reports it once, and rejects all callers', async () => {
    const { client, events } = connect();
    makeReady('SIMD');
    client.start(runsOf('plain', 'adversarial'), attack, 'end');
    const waiting = [client.testImages(0, 1), client.measure('plain', attack, 100)];
    workers[1]!.throw('boom');
    for (const question of waiting) {
      await expect(question).rejects.toMatchObject({ code: 'worker-died' });
    }
    expect(workers.every(({ isTerminated }) => isTerminated)).toBe(true);
    expect(events.filter(({ type }) => type === 'engineFailed')).toHaveLength(1);
  });

  it('rejects a question whose signal is aborted, and cancels it in the worker', async () => {
    const { client } = connect();
    makeReady('SIMD');
    client.start(runsOf('plain'), attack, 'end');
    const [worker] = workers;
    const abort = new AbortController();
    const { signal } = abort;
    const answered = client.classify('plain', new Float32Array(784), signal);
    const cancelled = client.measure('plain', attack, 200, signal);
    const answer = new Float32Array(10);
    worker!.answer('classify', answer);
    expect(await answered).toBe(answer);
    abort.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'canceled' });
    expect(worker!.heard.filter(({ type }) => type === 'cancel')).toEqual([
      { type: 'cancel', id: worker!.idOf('measure') },
    ]);
    // It is not even sent.
    await expect(client.freeze('plain', signal)).rejects.toMatchObject({ code: 'canceled' });
    expect(worker!.callsOf('freeze')).toEqual([]);
  });

  it('rejects calls aborted before the engine is ready, and does not send them later', async () => {
    const { client } = connect();
    client.start(runsOf('plain'), attack, 'end');
    const abort = new AbortController();
    const early = client.measure('plain', attack, 100, abort.signal);
    abort.abort();
    await expect(early).rejects.toMatchObject({ code: 'canceled' });
    makeReady('SIMD');
    expect(startedIn(workers[0]!)).toEqual(['plain']);
    expect(workers[0]!.callsOf('measure')).toEqual([]);
  });

  it('sends commands and questions in call order', () => {
    const { client } = connect();
    makeReady('SIMD');
    client.start(runsOf('plain'), attack, 'end');
    void client.freeze('plain').catch(() => undefined);
    client.pause('plain');
    const methods = workers[0]!.calls.map(({ method }) => method);
    expect(methods.slice(-3)).toEqual(['start', 'freeze', 'pause']);
  });

  it('rejects questions about unknown runs, and those that come too early', async () => {
    const { client } = connect();
    const early = client.checkpoint('plain');
    makeReady('SIMD');
    await expect(early).rejects.toMatchObject({ code: 'network-gone' });
    const another = connect().client;
    const never = another.checkpoint('plain');
    another.terminate();
    await expect(never).rejects.toMatchObject({ code: 'network-gone' });
  });

  it('loads networks that were trained elsewhere into the first worker, and queries them there', async () => {
    const { client } = connect();
    const network = { runId: 'pretrained', config: defaultConfig, step: 5, layers: [] };
    const loading = client.load(network);
    expect(workers[0]!.callsOf('load')).toEqual([]); // the engine may not be ready
    makeReady('SIMD');
    client.start(runsOf('plain', 'dropout'), attack, 'end');
    expect(workers[0]!.callsOf('load')).toEqual([[network, undefined]]);
    workers[0]!.answer('load', undefined);
    await loading;
    void client.classify('pretrained', new Float32Array(784)).catch(() => undefined);
    expect(workers[0]!.callsOf('classify')).toEqual([['pretrained', new Float32Array(784)]]);
    client.reset('pretrained');
    expect(workers[0]!.callsOf('reset')).toEqual([['pretrained']]);
    await expect(client.classify('pretrained', new Float32Array(784))).rejects.toMatchObject({
      code: 'network-gone',
    });
  });

  it('forgets a network whose loading is aborted, so that it can be loaded again', async () => {
    const { client } = connect();
    makeReady('SIMD');
    const network = { runId: 'pretrained', config: defaultConfig, step: 5, layers: [] };
    const abort = new AbortController();
    const loading = client.load(network, abort.signal);
    abort.abort();
    const again = client.load(network);
    await expect(loading).rejects.toMatchObject({ code: 'canceled' });
    const methods = workers[0]!.calls.map(({ method }) => method);
    expect(methods).toEqual(['initialize', 'load', 'reset', 'load']);
    workers[0]!.answer('load', undefined);
    await again;
    void client.classify('pretrained', new Float32Array(784)).catch(() => undefined);
    expect(workers[0]!.callsOf('classify')).toHaveLength(1);
  });

  it('rejects with the reason why a network was not loaded', async () => {
    const { client } = connect();
    makeReady('WebGL');
    const loading = client.load({ runId: 'a', config: defaultConfig, step: 5, layers: [] });
    workers[0]!.refuse('load', { code: 'data-corrupt', message: 'No.', remedy: 'Reload.' });
    await expect(loading).rejects.toMatchObject({ code: 'data-corrupt' });
  });

  it('forgets a run that is reset', async () => {
    const { client } = connect();
    makeReady('SIMD');
    client.start(runsOf('plain'), attack, 'end');
    client.reset('plain');
    expect(workers[0]!.callsOf('reset')).toHaveLength(1);
    client.pause('plain');
    expect(workers[0]!.callsOf('pause')).toEqual([]);
    await expect(client.checkpoint('plain')).rejects.toMatchObject({ code: 'network-gone' });
  });
});
