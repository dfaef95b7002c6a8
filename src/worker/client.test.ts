import { beforeEach, describe, expect, it } from 'vitest';
import { defaultConfig, type TrainingMethod } from '../shared/config.ts';
import type { EngineDescription, Evaluation, Progress } from '../shared/metrics.ts';
import { type ClientEvent, connectTraining } from './client.ts';
import type { Event, Request } from './protocol.ts';

const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;
const set = {
  pixels: new Uint8Array(784),
  labels: new Uint8Array(1),
  count: 1,
  features: 784,
  classes: 10,
};

/** A worker that is the test: it records what it is told and says what it is told to say. */
class FakeWorker extends EventTarget {
  readonly heard: Request[] = [];
  isTerminated = false;
  postMessage(request: Request): void {
    this.heard.push(request);
  }
  terminate(): void {
    this.isTerminated = true;
  }
  say(event: Event): void {
    this.dispatchEvent(new MessageEvent('message', { data: event }));
  }
  of<T extends Request['type']>(type: T): Extract<Request, { type: T }>[] {
    return this.heard.filter((one): one is Extract<Request, { type: T }> => one.type === type);
  }
}

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
  const events: ClientEvent[] = [];
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
  workers[0]!.say({ type: 'engineReady', engine });
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
  return worker.of('start').map(({ runId }) => runId);
}

describe('connectTraining', () => {
  it('spreads runs over SIMD workers so that each has about the same work', () => {
    const { client } = connect(2);
    makeReady('SIMD');
    client.start(runsOf('plain', 'dropout', 'adversarial', 'adversarial-dropout'), attack, 'end');
    expect(workers).toHaveLength(2);
    // Two costly runs and two cheap ones: one of each in either worker.
    for (const worker of workers) {
      const costly = startedIn(worker).filter((runId) => runId.startsWith('adversarial'));
      expect(costly).toHaveLength(1);
      expect(startedIn(worker)).toHaveLength(2);
      expect(worker.of('start').every(({ isInLockstep }) => isInLockstep)).toBe(true);
    }
    expect(workers[1]!.of('initialize')).toMatchObject([{ engine: 'simd', dataUrl: null }]);
  });

  it('keeps all runs in one worker where WebGL computes', () => {
    const { client } = connect(8);
    makeReady('WebGL');
    client.start(runsOf('plain', 'dropout', 'adversarial'), attack, 'end');
    expect(workers).toHaveLength(1);
    expect(startedIn(workers[0]!)).toEqual(['plain', 'dropout', 'adversarial']);
    expect(workers[0]!.of('useThreads')).toEqual([]);
  });

  it('divides the threads among the workers and leaves a core to the page', () => {
    const { client } = connect(8);
    makeReady('SIMD');
    client.start(runsOf('plain'), attack, 'end');
    expect(workers[0]!.of('useThreads')).toMatchObject([{ threads: 4 }]);
    client.start(runsOf('dropout', 'adversarial', 'noise'), attack, 'end');
    expect(workers.map((worker) => worker.of('useThreads').at(-1)?.threads)).toEqual([2, 2, 2]);
  });

  it('waits with runs until it is known which engine computes', () => {
    const { client } = connect();
    client.start(runsOf('plain', 'dropout'), attack, 'end');
    client.pause('plain');
    expect(workers.flatMap(startedIn)).toEqual([]);
    makeReady('SIMD');
    expect(workers.flatMap(startedIn).sort()).toEqual(['dropout', 'plain']);
    expect(workers.flatMap((worker) => worker.of('pause'))).toHaveLength(1);
  });

  it('shares what one worker loaded, also with workers that come later', () => {
    const { client, events } = connect();
    makeReady('SIMD');
    workers[0]!.say({ type: 'dataReady', part: 'test', set, dataSet: null });
    client.start(runsOf('plain', 'dropout'), attack, 'end');
    expect(workers[1]!.of('provideData')).toMatchObject([{ part: 'test', set }]);
    workers[0]!.say({ type: 'dataReady', part: 'training', set, dataSet: null });
    expect(workers[1]!.of('provideData')).toHaveLength(2);
    const error = { code: 'data-unreachable', message: 'No.', remedy: 'Again.' } as const;
    workers[0]!.say({ type: 'dataFailed', part: 'training', error });
    expect(workers[1]!.of('withholdData')).toMatchObject([{ part: 'training', error }]);
    // The first worker speaks for all about the data.
    workers[1]!.say({ type: 'dataReady', part: 'test', set: null, dataSet: null });
    expect(events.filter(({ type }) => type === 'dataReady')).toHaveLength(2);
  });

  describe('with a person’s own files', () => {
    const files = [new File(['x'], 'train-images')];
    const counts = { trainingCount: 100, testCount: 10_000 };
    const dataSet = { shape: 'grey-28', ...counts, fingerprint: '0'.repeat(64) } as const;

    /** Two workers that had a race on MNIST, and then the files. */
    async function change(canShare: boolean) {
      const { client } = connect(4, canShare);
      makeReady('SIMD');
      workers[0]!.say({ type: 'dataReady', part: 'test', set, dataSet: null });
      client.start(runsOf('plain', 'dropout'), attack, 'end');
      for (const runId of ['plain', 'dropout']) client.reset(runId);
      const using = client.useData(files, true);
      const { requestId, isTransposed } = workers[0]!.of('useData')[0]!;
      expect(isTransposed).toBe(true);
      const part = 'test' as const;
      workers[0]!.say({ type: 'dataReady', part, set: canShare ? set : null, dataSet });
      workers[0]!.say({ type: 'dataUsed', requestId, dataSet });
      expect(await using).toEqual(dataSet);
      expect(workers.map(({ isTerminated }) => isTerminated)).toEqual([false, true]);
      client.start(runsOf('plain', 'dropout'), attack, 'end');
    }

    it('ends workers with other data, and shares the new ones', async () => {
      await change(true);
      expect(workers[2]!.of('provideData')).toMatchObject([{ part: 'test', dataSet }]);
      expect(workers[2]!.of('useData')).toEqual([]);
    });

    it('has every worker read them where memory cannot be shared', async () => {
      await change(false);
      expect(workers[2]!.of('provideData')).toEqual([]);
      expect(workers[2]!.of('useData')).toMatchObject([{ files, isTransposed: true }]);
    });
  });

  it('lets every worker load for itself where memory cannot be shared', () => {
    const { client } = connect(4, false);
    makeReady('SIMD');
    client.start(runsOf('plain', 'dropout'), attack, 'end');
    expect(workers[1]!.of('initialize')).toMatchObject([{ dataUrl: 'http://localhost/data/' }]);
    expect(workers[0]!.of('useThreads')).toEqual([]); // threads need shared memory
  });

  it('lets a run go on when the others are as far, across workers', () => {
    const { client } = connect();
    makeReady('SIMD');
    client.start(runsOf('plain', 'adversarial'), attack, 'end');
    const workerOf = (runId: string) => workers.find((one) => startedIn(one).includes(runId))!;
    const say = (runId: string, epoch: number) =>
      workerOf(runId).say({ type: 'progressed', runId, progress: progressAt(epoch) });
    say('plain', 0.5);
    expect(workerOf('plain').of('allow')).toEqual([]);
    expect(workerOf('adversarial').of('allow')).toMatchObject([{ epoch: 0.5 }]);
    say('adversarial', 0.5);
    expect(workerOf('plain').of('allow')).toMatchObject([{ runId: 'plain', epoch: 0.5 }]);
    const error = { code: 'loss-not-finite', message: 'No.', remedy: 'Again.' } as const;
    workerOf('adversarial').say({ type: 'failed', runId: 'adversarial', error });
    expect(workerOf('plain').of('allow').at(-1)).toMatchObject({ epoch: Infinity });
  });

  it('ends all workers when one dies, tells so once, and rejects whoever waits', async () => {
    const { client, events } = connect();
    makeReady('SIMD');
    client.start(runsOf('plain', 'adversarial'), attack, 'end');
    const waiting = [client.testImages(0, 1), client.measure('plain', attack, 100)];
    await Promise.resolve();
    workers[1]!.dispatchEvent(
      Object.assign(new Event('error', { cancelable: true }), { message: 'boom' }),
    );
    for (const one of waiting) await expect(one).rejects.toMatchObject({ code: 'worker-died' });
    expect(workers.every(({ isTerminated }) => isTerminated)).toBe(true);
    expect(events.filter(({ type }) => type === 'engineFailed')).toHaveLength(1);
  });

  it('tells a worker once that nobody waits for an answer any more', async () => {
    const { client } = connect();
    makeReady('SIMD');
    client.start(runsOf('plain'), attack, 'end');
    const [worker] = workers;
    const giveUp = new AbortController();
    const answered = client.measure('plain', attack, 100, giveUp.signal);
    const givenUp = client.measure('plain', attack, 200, giveUp.signal);
    await Promise.resolve();
    const [first, second] = worker!.of('measure') as { requestId: number }[];
    const measurement = {} as Evaluation;
    worker!.say({ type: 'measured', requestId: first!.requestId, measurement });
    expect(await answered).toBe(measurement);
    giveUp.abort();
    expect(worker!.of('giveUp')).toEqual([{ type: 'giveUp', given: second!.requestId }]);
    const error = { code: 'given-up', message: 'Nobody waits.', remedy: 'Ask again.' } as const;
    worker!.say({ type: 'requestFailed', requestId: second!.requestId, error });
    await expect(givenUp).rejects.toMatchObject({ code: 'given-up' });
  });

  it('rejects questions about runs that it does not know, and those that come too early', async () => {
    const { client } = connect();
    const early = client.checkpoint('plain');
    makeReady('SIMD');
    await expect(early).rejects.toMatchObject({ code: 'network-gone' });
    const another = connect().client;
    const never = another.checkpoint('plain');
    another.terminate();
    await expect(never).rejects.toMatchObject({ code: 'network-gone' });
  });

  it('holds networks that were trained elsewhere in the first worker, and asks it about them', async () => {
    const { client } = connect();
    const network = { runId: 'pretrained', config: defaultConfig, step: 5, layers: [] };
    const loading = client.load(network);
    expect(workers[0]!.of('load')).toEqual([]); // the engine may not be ready
    makeReady('SIMD');
    client.start(runsOf('plain', 'dropout'), attack, 'end');
    const [request] = workers[0]!.of('load');
    expect(request).toMatchObject({ ...network, type: 'load' });
    workers[0]!.say({ type: 'loaded', requestId: request!.requestId });
    await loading;
    void client.classify('pretrained', new Float32Array(784)).catch(() => undefined);
    await Promise.resolve();
    expect(workers[0]!.of('classify')).toMatchObject([{ runId: 'pretrained' }]);
    client.reset('pretrained');
    expect(workers[0]!.of('reset')).toMatchObject([{ runId: 'pretrained' }]);
    await expect(client.classify('pretrained', new Float32Array(784))).rejects.toMatchObject({
      code: 'network-gone',
    });
  });

  it('passes on why a network was not loaded', async () => {
    const { client } = connect();
    makeReady('WebGL');
    const loading = client.load({ runId: 'a', config: defaultConfig, step: 5, layers: [] });
    const { requestId } = workers[0]!.of('load')[0]!;
    const error = { code: 'data-corrupt', message: 'No.', remedy: 'Reload.' } as const;
    workers[0]!.say({ type: 'requestFailed', requestId, error });
    await expect(loading).rejects.toMatchObject({ code: 'data-corrupt' });
  });

  it('forgets a run that is reset', async () => {
    const { client } = connect();
    makeReady('SIMD');
    client.start(runsOf('plain'), attack, 'end');
    client.reset('plain');
    expect(workers[0]!.of('reset')).toHaveLength(1);
    client.pause('plain');
    expect(workers[0]!.of('pause')).toEqual([]);
    await expect(client.checkpoint('plain')).rejects.toMatchObject({ code: 'network-gone' });
  });
});
