import { afterEach, describe, expect, it } from 'vitest';
import { defaultConfig, type RunConfig } from '../shared/config.ts';
import { type ClientEvent, connectWorker, type TrainingClient } from './client.ts';

const attack = { kind: 'fgsm', epsilon: 0.08, clip: true } as const;
const config: RunConfig = { ...defaultConfig, hiddenLayers: [32], trainingSetSize: 2000 };

let worker: Worker | null = null;
let client: TrainingClient | null = null;
afterEach(() => client?.terminate());

/** The real worker, on the real MNIST, and what it says. */
function connect(engine: 'webgl' | 'simd') {
  const events: ClientEvent[] = [];
  const connected = connectWorker(
    () => {
      worker = new Worker(new URL('./training.worker.ts', import.meta.url), { type: 'module' });
      return worker;
    },
    new URL('/data/mnist/', location.href).href,
    engine,
  );
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
  it.each(engines)('loads MNIST, trains on %s and answers attacks', async (engine, name) => {
    const { client, events, next } = connect(engine);
    const ready = await next('engineReady');
    expect(ready.engine.name).toBe(name);
    const digits = await client.testImages(0, 10);
    expect(Array.from(digits.labels)).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    expect(Math.max(...digits.images)).toBe(1);

    client.start('a', { ...config, method: 'plain', epochs: 2 }, attack, 'end');
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

  it.each(engines)('acknowledges a pause within 200 ms, then stands still: %s', async (engine) => {
    const { client, events, next } = connect(engine);
    client.start('a', { ...config, hiddenLayers: [100], trainingSetSize: 60_000 }, attack, 'end');
    await next('progressed');
    const asked = performance.now();
    client.pause('a');
    const { progress } = await next('paused');
    expect(performance.now() - asked).toBeLessThan(200);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const later = events.flatMap((e) => (e.type === 'progressed' ? [e.progress.step] : []));
    expect(Math.max(...later)).toBeLessThanOrEqual(progress.step + 1);
  });

  it('rejects its callers and tells its listeners when the worker dies', async () => {
    const { client, next } = connect('simd');
    await next('engineReady');
    const failed = next('engineFailed');
    const pending = client.attack(
      'nobody',
      { images: new Float32Array(784), labels: new Uint8Array(1) },
      attack,
    );
    worker!.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' }));
    await expect(pending).rejects.toMatchObject({ code: 'worker-died' });
    expect((await failed).error.message).toContain('out of memory');
    await expect(client.testImages(0, 1)).rejects.toMatchObject({ code: 'worker-died' });
  });

  it('dies visibly when a message has no form that it knows', async () => {
    const { next } = connect('simd');
    await next('engineReady');
    const failed = next('engineFailed');
    worker!.postMessage({ type: 'start', runId: 'a', config: 'nonsense' });
    const { error } = await failed;
    expect(error.code).toBe('worker-died');
    expect(error.message).toContain('malformed');
  });
});
