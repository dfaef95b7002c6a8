import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../domain/checkpoint.ts';
import { defaultConfig, type RunConfig } from '../domain/settings/config.ts';
import { makeWorker } from './testing/makeWorker.ts';

const config: RunConfig = {
  ...defaultConfig,
  hiddenLayers: [4],
  trainingSetSize: 100,
  batchSize: 20,
  epochs: 2,
};
const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;
const pgd = { ...attack, kind: 'pgd', steps: 3, stepSize: 0.05, seed: 1 } as const;

/** A worker whose training set fails to load. */
function makeUntrained() {
  return makeWorker({ mayLoad: (part) => part === 'test' });
}

/** A network trained by a run, with the run's own predictions and measurements at its end. */
async function trainNetwork(changes: Partial<RunConfig> = {}) {
  const { api, next } = makeWorker();
  const finished = next('finished');
  const run = { runId: 'run', config: { ...config, ...changes }, checkpoint: null };
  api.start(run, attack, 'end', false);
  await finished;
  await api.freeze('run');
  const measurement = await api.measure('run', pgd, 40);
  const checkpoint = await api.checkpoint('run');
  const result = await api.attack('run', questions, attack);
  return { checkpoint, measurement, result };
}

const questions = {
  images: Float32Array.from({ length: 3 * 784 }, (_, i) => (i % 13) / 12),
  labels: Uint8Array.of(1, 2, 3),
};

function toLoad({ step, layers }: Checkpoint, changes: Partial<RunConfig> = {}) {
  const weights = layers.map(({ rows, columns, parameters }) => ({ rows, columns, parameters }));
  return { runId: 'loaded', config: { ...config, ...changes }, step, layers: weights };
}

describe('a loaded network', () => {
  it.each([
    ['in order', null],
    ['permuted', 3],
  ])(
    'predicts, is attacked and is measured like its run, with pixels %s',
    async (_, permutationSeed) => {
      const { checkpoint, measurement, result } = await trainNetwork({ permutationSeed });
      const { api } = makeUntrained();
      await api.load(toLoad(checkpoint, { permutationSeed }));
      const attacked = await api.attack('loaded', questions, attack);
      expect(attacked.adversarialImages).toEqual(result.adversarialImages);
      const probabilities = await api.classify('loaded', questions.images);
      result.cleanProbabilities.forEach((probability, i) =>
        expect(probabilities[i]).toBeCloseTo(probability, 5),
      );
      expect(await api.freeze('loaded')).toBe(10);
      const measured = await api.measure('loaded', pgd, 40);
      expect(measured).toMatchObject({ step: 10, epoch: 2, split: 'test', attack: pgd });
      expect(measured.clean.errorRate).toBe(measurement.clean.errorRate);
      expect(measured.adversarial.loss).toBeCloseTo(measurement.adversarial.loss, 5);
    },
  );

  it('frees its memory when it is reset, also during a measurement, and is unknown afterwards', async () => {
    const { checkpoint } = await trainNetwork();
    const { api, backend } = makeUntrained();
    await api.load(toLoad(checkpoint));
    await api.freeze('loaded');
    expect(backend.memory().matrices).toBe(4);
    const measured = api.measure('loaded', pgd, 40);
    api.reset('loaded');
    await expect(measured).rejects.toMatchObject({ code: 'network-gone' });
    expect(backend.memory().matrices).toBe(0);
    await expect(api.classify('loaded', questions.images)).rejects.toMatchObject({
      code: 'network-gone',
    });
    await api.load(toLoad(checkpoint));
  });

  it('is not held if its signal was aborted', async () => {
    const { checkpoint } = await trainNetwork();
    const { api, backend } = makeUntrained();
    const abort = new AbortController();
    const loading = api.load(toLoad(checkpoint), abort.signal);
    abort.abort();
    await expect(loading).rejects.toBe(abort.signal.reason);
    expect(backend.memory().matrices).toBe(0);
    await api.load(toLoad(checkpoint));
  });

  it('has no checkpoint, and cannot use an id that is taken', async () => {
    const { checkpoint } = await trainNetwork();
    const { api } = makeUntrained();
    await api.load(toLoad(checkpoint));
    await expect(api.checkpoint('loaded')).rejects.toMatchObject({ code: 'network-gone' });
    await expect(api.load(toLoad(checkpoint))).rejects.toThrow('loaded twice');
  });

  it.each([
    ['a layer too few', (layers: Checkpoint['layers']) => layers.slice(1), 'its layers should be'],
    [
      'missing numbers',
      ([first, last]: Checkpoint['layers']) => [
        { ...first!, parameters: first!.parameters.slice(1) },
        last!,
      ],
      'layer 1 should have 3140 numbers, but has 3139',
    ],
    [
      'numbers that are not finite',
      ([first, last]: Checkpoint['layers']) => [
        first!,
        { ...last!, parameters: last!.parameters.map(() => NaN) },
      ],
      'layer 2 has numbers that are not finite',
    ],
  ])('refuses %s', async (_, change, message) => {
    const { checkpoint } = await trainNetwork();
    const { api, backend } = makeUntrained();
    const loading = api.load(toLoad({ ...checkpoint, layers: change(checkpoint.layers) }));
    await expect(loading).rejects.toMatchObject({ code: 'data-corrupt' });
    await expect(loading).rejects.toThrow(message);
    expect(backend.memory().matrices).toBe(0);
  });
});
