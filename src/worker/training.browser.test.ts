import { afterEach, describe, expect, it } from 'vitest';
import { defaultConfig, type RunConfig } from '../domain/settings/config.ts';
import { canShareMemory } from '../domain/sharedMemory.ts';
import { type ClientEvent, connectTraining, type TrainingClient } from './client.ts';
import type { Message } from './rpc/messages.ts';

const attack = { kind: 'fgsm', epsilon: 0.08, clip: true } as const;
const config: RunConfig = { ...defaultConfig, hiddenLayers: [32], trainingSetSize: 2000 };

let worker: Worker | null = null;
let workerCount = 0;
let client: TrainingClient | null = null;
afterEach(() => client?.terminate());

/** The real worker on the real MNIST, and its events. */
function connect(engine: 'webgl' | 'simd', cores = 1) {
  const events: ClientEvent[] = [];
  workerCount = 0;
  const connected = connectTraining({
    createWorker: () => {
      worker = new Worker(new URL('./training.worker.ts', import.meta.url), { type: 'module' });
      workerCount++;
      return worker;
    },
    dataUrl: new URL('/data/mnist/', location.href).href,
    engine,
    cores,
    canShare: canShareMemory(),
  });
  client = connected;
  connected.subscribe((event) => events.push(event));
  const next = <T extends ClientEvent['type']>(type: T) =>
    new Promise<Extract<ClientEvent, { type: T }>>((resolve) => {
      const unsubscribe = connected.subscribe((event) => {
        if (event.type !== type) return;
        unsubscribe();
        resolve(event as Extract<ClientEvent, { type: T }>);
      });
    });
  return { client: connected, events, next };
}

const engines = [
  ['webgl', 'WebGL'],
  ['simd', 'SIMD'],
] as const;

describe('the training worker in a browser', () => {
  it.each(engines)('loads MNIST, trains on %s and attacks images', async (engine, name) => {
    const { client, events, next } = connect(engine);
    const ready = await next('engineReady');
    expect(ready.engine.name).toBe(name);
    const digits = await client.testImages(0, 10);
    expect(Array.from(digits.labels)).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    expect(Math.max(...digits.images)).toBe(1);

    const run = { runId: 'a', config: { ...config, method: 'plain', epochs: 2 } as const };
    client.start([{ ...run, checkpoint: null }], attack, 'end');
    await next('finished');
    const evaluations = events.flatMap((e) => (e.type === 'evaluated' ? [e.evaluation] : []));
    expect(evaluations[0]!.clean.errorRate).toBeGreaterThan(0.7);
    expect(evaluations.at(-1)!.sampleCount).toBe(10_000);
    expect(evaluations.at(-1)!.clean.errorRate).toBeLessThan(0.3);

    const { images, labels } = await client.testImages(0, 10);
    const result = await client.attack('a', { images, labels }, attack);
    expect(result.adversarialImages).toHaveLength(10 * 784);
    expect(result.cleanProbabilities).toHaveLength(100);
  });

  it.each(engines)(
    'acknowledges a pause within 200 ms, and takes at most one further step: %s',
    async (engine) => {
      const { client, events, next } = connect(engine);
      const large = { ...config, hiddenLayers: [100], trainingSetSize: 60_000 };
      client.start([{ runId: 'a', config: large, checkpoint: null }], attack, 'end');
      await next('progressed');
      let { progress, waitedMs } = await pause();
      // Other work on the machine may delay one answer, but not all of them.
      for (let i = 1; i < 4 && waitedMs >= 200; i++) {
        client.resume('a', 'end');
        await next('progressed');
        ({ progress, waitedMs } = await pause());
      }
      expect(waitedMs).toBeLessThan(200);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const later = events.flatMap((e) => (e.type === 'progressed' ? [e.progress.step] : []));
      expect(Math.max(...later)).toBeLessThanOrEqual(progress.step + 1);

      async function pause() {
        const asked = performance.now();
        client.pause('a');
        const { progress } = await next('paused');
        return { progress, waitedMs: performance.now() - asked };
      }
    },
  );

  it('trains runs in two workers to the same numbers as alone, on one copy of the data', async () => {
    expect(canShareMemory()).toBe(true);
    const train = async (methods: ('plain' | 'adversarial')[], cores: number) => {
      const { client, events } = connect('simd', cores);
      const runs = methods.map((method) => ({
        runId: method,
        config: { ...config, method },
        checkpoint: null,
      }));
      client.start(runs, attack, 'end');
      const ends = () => events.filter(({ type }) => type === 'finished').length;
      await expect.poll(ends, { timeout: 60_000 }).toBe(methods.length);
      const errors = events.flatMap((event) => (event.type === 'failed' ? [event.error] : []));
      expect(errors).toEqual([]);
      const measuredBy = (runId: string) =>
        events.flatMap((event) =>
          event.type === 'evaluated' && event.runId === runId ? [event.evaluation] : [],
        );
      const checkpoints = await Promise.all(methods.map((one) => client.checkpoint(one)));
      const results = methods.map((method, i) => [measuredBy(method), checkpoints[i]!.layers]);
      const count = workerCount;
      client.terminate();
      return { results, count };
    };
    const together = await train(['plain', 'adversarial'], 2);
    const plain = await train(['plain'], 2);
    const adversarial = await train(['adversarial'], 1);
    expect([together.count, plain.count, adversarial.count]).toEqual([2, 1, 1]);
    expect(together.results).toEqual([plain.results[0], adversarial.results[0]]);
  });

  it.each(engines)('continues from a checkpoint: %s', async (engine) => {
    const { client, events, next } = connect(engine);
    client.start([{ runId: 'a', config, checkpoint: null }], attack, 'step');
    await next('paused');
    const checkpoint = await client.checkpoint('a');
    expect(checkpoint.step).toBe(1);
    client.resume('a', 'step');
    await next('paused');
    const expected = await client.checkpoint('a');
    client.reset('a');
    client.start([{ runId: 'b', config, checkpoint }], attack, 'step');
    await next('paused');
    const again = await client.checkpoint('b');
    expect(again.step).toBe(2);
    expect(again.layers).toEqual(expected.layers);
    expect(events.some(({ type }) => type === 'failed')).toBe(false);
  });

  it('rejects its callers and reports it when the worker dies', async () => {
    const { client, next } = connect('simd');
    await next('engineReady');
    const failed = next('engineFailed');
    client.start([{ runId: 'a', config, checkpoint: null }], attack, 'step');
    const pending = client.attack(
      'a',
      { images: new Float32Array(784), labels: new Uint8Array(1) },
      attack,
    );
    worker!.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
    await expect(pending).rejects.toMatchObject({ code: 'worker-died' });
    expect((await failed).error.message).toContain('out of memory');
    await expect(client.testImages(0, 1)).rejects.toMatchObject({ code: 'worker-died' });
  });

  it('dies visibly when a command throws', async () => {
    const { next } = connect('simd');
    await next('engineReady');
    const failed = next('engineFailed');
    const again = { method: 'initialize', args: [null, 'simd'], signalAt: -1 };
    worker!.postMessage({ type: 'call', id: null, ...again } satisfies Message);
    const { error } = await failed;
    expect(error.code).toBe('worker-died');
    expect(error.message).toContain('initialized twice');
  });

  it('cancels a question in the worker, which answers the next one', async () => {
    const { client, next } = connect('simd');
    client.start([{ runId: 'a', config, checkpoint: null }], attack, 'step');
    await next('paused');
    await client.freeze('a');
    const pgd = { ...attack, kind: 'pgd', steps: 100, stepSize: 0.01, seed: 1 } as const;
    const abort = new AbortController();
    const measuring = client.measure('a', pgd, 10_000, abort.signal);
    const asked = performance.now();
    abort.abort();
    await expect(measuring).rejects.toMatchObject({ code: 'canceled' });
    await client.measure('a', attack, 100);
    // 10,000 images and 100 steps of PGD take half a minute.
    expect(performance.now() - asked).toBeLessThan(10_000);
  });

  it('ends a worker that hangs, and reports it', async () => {
    const client = connectTraining({
      createWorker: () =>
        new Worker(new URL('./testing/hanging.worker.ts', import.meta.url), { type: 'module' }),
      dataUrl: location.href,
      engine: 'simd',
      cores: 1,
      canShare: false,
      patience: { silenceMs: 3000 },
    });
    const reported = new Promise<ClientEvent>((resolve) =>
      client.subscribe((event) => {
        if (event.type === 'engineFailed') resolve(event);
      }),
    );
    // It answers this one.
    await client.useData(null);
    await expect(client.testImages(0, 1)).rejects.toMatchObject({ code: 'worker-died' });
    const message = 'The training worker stopped: it gave no sign of life for 3 s.';
    expect(await reported).toMatchObject({ error: { code: 'worker-died', message } });
  });
});
