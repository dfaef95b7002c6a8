import { describe, expect, it } from 'vitest';
import { Float64Backend } from '../engine/backends/float64/backend.ts';
import { syntheticImages } from '../engine/testing/syntheticImages.ts';
import type { Checkpoint } from '../shared/checkpoint.ts';
import { defaultConfig, type RunConfig } from '../shared/config.ts';
import { LabError } from '../shared/errors.ts';
import { TrainingHost } from './host.ts';
import type { Event, Request } from './protocol.ts';

const config: RunConfig = {
  ...defaultConfig,
  hiddenLayers: [4],
  trainingSetSize: 100,
  batchSize: 20,
  epochs: 2,
};
const imagesOf = { training: syntheticImages(100), test: syntheticImages(40) };
const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;
const pgd = { ...attack, kind: 'pgd', steps: 3, stepSize: 0.05, seed: 1 } as const;

/** A host whose training set does not load, unless it may. */
function makeHost(mayTrain = false) {
  const backend = new Float64Backend();
  const listeners = new Set<(event: Event) => void>();
  const host = new TrainingHost(
    (event) => listeners.forEach((listener) => listener(event)),
    () => Promise.resolve({ backend, reason: 'It is the only one.' }),
    (part) =>
      part === 'test' || mayTrain
        ? Promise.resolve(imagesOf[part])
        : Promise.reject(new LabError('data-unreachable', 'No data.', 'Try again.')),
  );
  /** Sends a request and waits for the first event of one of these types. */
  function ask<T extends Event['type']>(request: Request, ...types: T[]) {
    return new Promise<Extract<Event, { type: T }>>((resolve) => {
      const listener = (event: Event) => {
        if (!(types as string[]).includes(event.type)) return;
        listeners.delete(listener);
        resolve(event as Extract<Event, { type: T }>);
      };
      listeners.add(listener);
      host.handle(request);
    });
  }
  host.handle({ type: 'initialize', dataUrl: 'http://localhost/data/', engine: 'auto' });
  return { backend, host, ask };
}

/** A network that a run has trained, and what the run itself answers and measures at its end. */
async function trainNetwork(changes: Partial<RunConfig> = {}) {
  const { ask } = makeHost(true);
  const about = { requestId: 1, runId: 'run' };
  const rest = { attack, extent: 'end', checkpoint: null, isInLockstep: false } as const;
  await ask(
    { type: 'start', runId: 'run', config: { ...config, ...changes }, ...rest },
    'finished',
  );
  await ask({ type: 'freeze', ...about }, 'frozen');
  const { measurement } = await ask(
    { type: 'measure', ...about, attack: pgd, count: 40 },
    'measured',
  );
  const { checkpoint } = await ask({ type: 'checkpoint', ...about }, 'checkpoint');
  const { result } = await ask({ type: 'attack', ...about, ...questions, attack }, 'attacked');
  return { checkpoint, measurement, result };
}

const questions = {
  images: Float32Array.from({ length: 3 * 784 }, (_, i) => (i % 13) / 12),
  labels: Uint8Array.of(1, 2, 3),
};

function loadRequest({ step, layers }: Checkpoint, runId = 'fixed') {
  const parameters = layers.map(({ rows, columns, parameters: all }) => ({
    ...{ rows, columns, parameters: all },
  }));
  return { type: 'load', requestId: 7, runId, config, step, layers: parameters } as const;
}

describe('a network that is loaded', () => {
  it.each([
    ['in order', null],
    ['permuted', 3],
  ])('answers, is attacked and measured as its run, with pixels %s', async (_, permutationSeed) => {
    const { checkpoint, measurement, result } = await trainNetwork({ permutationSeed });
    const { ask } = makeHost();
    const about = { requestId: 2, runId: 'fixed' };
    const request = loadRequest(checkpoint);
    const loading = { ...request, config: { ...request.config, permutationSeed } };
    expect(await ask(loading, 'loaded')).toEqual({ type: 'loaded', requestId: 7 });
    const attacked = await ask({ type: 'attack', ...about, ...questions, attack }, 'attacked');
    expect(attacked.result.adversarialImages).toEqual(result.adversarialImages);
    const { images } = questions;
    const { probabilities } = await ask({ type: 'classify', ...about, images }, 'classified');
    result.cleanProbabilities.forEach((probability, i) =>
      expect(probabilities[i]).toBeCloseTo(probability, 5),
    );
    expect((await ask({ type: 'freeze', ...about }, 'frozen')).step).toBe(10);
    const measured = await ask({ type: 'measure', ...about, attack: pgd, count: 40 }, 'measured');
    expect(measured.measurement).toMatchObject({ step: 10, epoch: 2, split: 'test', attack: pgd });
    expect(measured.measurement.clean.errorRate).toBe(measurement.clean.errorRate);
    expect(measured.measurement.adversarial.loss).toBeCloseTo(measurement.adversarial.loss, 5);
  });

  it('frees its memory when it is reset, also in the middle of a measurement, and is unknown then', async () => {
    const { checkpoint } = await trainNetwork();
    const { ask, host, backend } = makeHost();
    const about = { requestId: 2, runId: 'fixed' };
    await ask(loadRequest(checkpoint), 'loaded');
    expect(backend.memory().matrices).toBe(2);
    host.handle({ type: 'measure', ...about, attack: pgd, count: 40 });
    host.handle({ type: 'reset', runId: 'fixed' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(backend.memory().matrices).toBe(0);
    const asked = { type: 'classify', ...about, images: questions.images } as const;
    expect((await ask(asked, 'requestFailed')).error.code).toBe('network-gone');
    await ask(loadRequest(checkpoint), 'loaded');
  });

  it('has no checkpoint, and no id that is taken', async () => {
    const { checkpoint } = await trainNetwork();
    const { ask } = makeHost();
    await ask(loadRequest(checkpoint), 'loaded');
    const asked = { type: 'checkpoint', requestId: 3, runId: 'fixed' } as const;
    expect((await ask(asked, 'requestFailed')).error.code).toBe('network-gone');
    const again = await ask(loadRequest(checkpoint), 'requestFailed');
    expect(again.error.message).toContain('loaded twice');
  });

  it.each([
    ['a layer too few', (layers: Checkpoint['layers']) => layers.slice(1), 'its layers should be'],
    [
      'numbers that are missing',
      ([first, last]: Checkpoint['layers']) => [
        { ...first!, parameters: first!.parameters.slice(1) },
        last!,
      ],
      'layer 1 should have 3140 numbers, but has 3139',
    ],
    [
      'numbers that are none',
      ([first, last]: Checkpoint['layers']) => [
        first!,
        { ...last!, parameters: last!.parameters.map(() => NaN) },
      ],
      'layer 2 has numbers that are not finite',
    ],
  ])('refuses %s', async (_, change, message) => {
    const { checkpoint } = await trainNetwork();
    const { ask, backend } = makeHost();
    const wrong = { ...checkpoint, layers: change(checkpoint.layers) };
    const { error } = await ask(loadRequest(wrong), 'requestFailed');
    expect(error.code).toBe('data-corrupt');
    expect(error.message).toContain(message);
    expect(backend.memory().matrices).toBe(0);
  });
});
