import { describe, expect, it } from 'vitest';
import { syntheticImages } from '../engine/testing/syntheticImages.ts';
import { packMistakes } from '../domain/mistakes.ts';
import { defaultConfig, type RunConfig } from '../domain/settings/config.ts';
import type { InspectionKind, QuestionOf } from '../domain/analysis/inspection.ts';
import { drawPixelOrder } from '../domain/pixelOrder.ts';
import { makeWorker } from './testing/makeWorker.ts';

const config: RunConfig = {
  ...defaultConfig,
  hiddenLayers: [4],
  trainingSetSize: 100,
  batchSize: 20,
  epochs: 2,
};
const imagesOf = { training: syntheticImages(100), test: syntheticImages(40) };
const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;
const image = Float32Array.from({ length: 784 }, (_, i) => (i % 11) / 10);

/** A worker with a run that pauses after its first step, or has finished. */
async function makeRun(changes: Partial<RunConfig> = {}, extent: 'step' | 'end' = 'step') {
  const worker = makeWorker({ images: imagesOf });
  const { api, next } = worker;
  const stopped = next(extent === 'step' ? 'paused' : 'finished');
  const run = { runId: 'a', config: { ...config, ...changes }, checkpoint: null };
  api.start(run, attack, extent, false);
  await stopped;
  const inspect = <K extends InspectionKind>(question: QuestionOf<K>, runId = 'a') =>
    api.inspect<K>(runId, question);
  return { ...worker, inspect };
}

const losses = {
  kind: 'losses',
  image,
  label: 3,
  epsilon: 0.1,
  seed: 1,
  linePoints: 5,
  surfacePoints: 3,
} as const;

describe('inspecting a run', () => {
  it('answers every kind of query with the step it belongs to, and leaks no memory', async () => {
    const { backend, api, inspect } = await makeRun();
    const before = backend.memory().matrices;
    const weights = await inspect<'weights'>({ kind: 'weights', first: 1, count: 2 });
    expect(weights.step).toBe(1);
    expect(weights.answer).toMatchObject({ units: 4, features: 784, pieces: 1 });
    expect(weights.answer.images).toHaveLength(2 * 784);
    const labels = Uint8Array.of(3);
    const gradients = await inspect<'gradients'>({ kind: 'gradients', images: image, labels });
    expect(gradients.answer.gradients).toHaveLength(784);
    expect(gradients.answer.probabilities).toHaveLength(10);
    const around = await inspect<'losses'>(losses);
    expect(around.answer.adversarial[2]).toBeCloseTo(gradients.answer.losses[0]!, 5);
    expect(backend.memory().matrices).toBe(before);
    api.reset('a');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(backend.memory().matrices).toBe(0);
  });

  it('counts the same errors as an evaluation, and shows their images', async () => {
    const { api, inspect } = await makeRun({}, 'end');
    const attackPredictions = await inspect<'attackPredictions'>({
      kind: 'attackPredictions',
      attack,
      count: 10_000,
    });
    expect(attackPredictions.step).toBe(10);
    const { labels, clean, attacked, split } = attackPredictions.answer;
    expect(split).toBe('test');
    expect(labels).toEqual(imagesOf.test.labels);
    await api.freeze('a');
    const measurement = await api.measure('a', attack, 40);
    const wrong = (answers: Uint8Array) =>
      answers.filter((answer, i) => answer !== labels[i]).length / 40;
    expect(wrong(clean.predictions)).toBe(measurement.clean.errorRate);
    expect(wrong(attacked.predictions)).toBe(measurement.adversarial.errorRate);
    const marksOf = (answers: Uint8Array) =>
      packMistakes(answers.map((answer, i) => Number(answer !== labels[i])));
    expect(measurement.mistakes).toEqual({
      clean: marksOf(clean.predictions),
      adversarial: marksOf(attacked.predictions),
    });
    const pictures = await inspect<'samples'>({ kind: 'samples', attack, indices: [7, 2] });
    expect(pictures.step).toBe(10);
    expect(pictures.answer.images[784]).toBeCloseTo(imagesOf.test.pixels[2 * 784]! / 255, 6);
  });

  it('counts errors on training images, as they are and under FGSM at the training ε', async () => {
    const { api } = await makeRun({ method: 'adversarial', trainingEpsilon: 0.2 }, 'end');
    await api.freeze('a');
    const found = (await api.measureTraining('a', 20))!;
    expect(found.sampleCount).toBe(20);
    const images = Float32Array.from(
      imagesOf.training.pixels.subarray(0, 20 * 784),
      (byte) => byte / 255,
    );
    const labels = imagesOf.training.labels.slice(0, 20);
    const trained = { kind: 'fgsm', epsilon: 0.2, clip: false } as const;
    const seen = await api.attack('a', { images, labels }, trained);
    const errorsOf = (probabilities: Float32Array) =>
      labels.filter((label, i) => {
        const row = probabilities.subarray(10 * i, 10 * (i + 1));
        return row.indexOf(Math.max(...row)) !== label;
      }).length / 20;
    expect(found.clean).toBe(errorsOf(seen.cleanProbabilities));
    expect(found.attacked).toBe(errorsOf(seen.adversarialProbabilities));
  });

  it('bounds robustness: what is proven survives, and each digit’s proven ε is below what fools it', async () => {
    const { api, backend } = await makeRun({}, 'end');
    await api.freeze('a');
    const before = backend.memory().matrices;
    const strongest = { kind: 'strongest', epsilon: 0.02, clip: true, seed: 1 } as const;
    const candidates = new Uint8Array(20).fill(1);
    candidates[3] = 0;
    const { proven, survives } = await api.bound('a', strongest, 10, candidates);
    expect(survives[3]).toBe(0);
    proven.forEach((isProven, i) => expect(isProven).toBeLessThanOrEqual(survives[i]!));
    const at = survives.indexOf(1);
    expect(at).toBeGreaterThanOrEqual(0);
    const { images, labels } = await api.testImages(10 + at, 1);
    const safeEpsilon = await api.provenEpsilon('a', images, labels[0]!);
    if (proven[at] === 1) expect(safeEpsilon).toBeGreaterThanOrEqual(Math.floor(0.02 * 255) / 255);
    const beyond = { ...strongest, epsilon: safeEpsilon };
    const again = await api.bound('a', beyond, 10 + at, Uint8Array.of(1));
    expect(again).toEqual({ proven: Uint8Array.of(1), survives: Uint8Array.of(1) });
    expect(backend.memory().matrices).toBe(before);

    const abort = new AbortController();
    const asked = api.bound('a', strongest, 0, candidates, abort.signal);
    abort.abort();
    await expect(asked).rejects.toBe(abort.signal.reason);
  });

  it('stops when the signal is aborted, and keeps the predictions that samples belong to', async () => {
    const { backend, api, next, inspect } = await makeRun();
    await inspect<'attackPredictions'>({ kind: 'attackPredictions', attack, count: 10 });
    const before = backend.memory().matrices;
    const resumed = next('paused');
    api.resume('a', 'step');
    await resumed;
    const abort = new AbortController();
    const question = { kind: 'attackPredictions', attack, count: 40 } as const;
    const asked = api.inspect('a', question, abort.signal);
    abort.abort();
    await expect(asked).rejects.toBe(abort.signal.reason);
    expect(backend.memory().matrices).toBe(before);
    const pictures = await inspect<'samples'>({ kind: 'samples', attack, indices: [1] });
    expect(pictures.step).toBe(1);

    await api.freeze('a');
    const other = new AbortController();
    const measured = api.measure('a', attack, 40, other.signal);
    other.abort();
    await expect(measured).rejects.toBe(other.signal.reason);
  });

  it('uses the pixel order that the user sees if the pixels are permuted', async () => {
    const { api, inspect } = await makeRun({ permutationSeed: 3 });
    const labels = Uint8Array.of(3);
    const { answer } = await inspect<'gradients'>({ kind: 'gradients', images: image, labels });
    const unclipped = { ...attack, clip: false };
    const attacked = await api.attack('a', { images: image, labels }, unclipped);
    attacked.adversarialImages.forEach((moved, i) => {
      expect(moved).toBeCloseTo(image[i]! + 0.1 * Math.sign(answer.gradients[i]!), 5);
    });
    // A unit's weights as an image: each is drawn over the pixel it applies to.
    const weights = await inspect<'weights'>({ kind: 'weights', first: 0, count: 1 });
    const order = drawPixelOrder(3, 784)!;
    const { parameters, columns } = (await api.checkpoint('a')).layers[0]!;
    order.forEach((pixel, row) => {
      expect(weights.answer.images[pixel]).toBeCloseTo(parameters[row * columns]!, 6);
    });
    await inspect<'attackPredictions'>({ kind: 'attackPredictions', attack, count: 20 });
    const pictures = await inspect<'samples'>({ kind: 'samples', attack, indices: [2] });
    pictures.answer.images.forEach((value, i) => {
      expect(value).toBeCloseTo(imagesOf.test.pixels[2 * 784 + i]! / 255, 6);
    });
  });

  it('trains between two queries, and answers with the newer step', async () => {
    const { api, next, inspect } = await makeRun();
    await inspect<'attackPredictions'>({ kind: 'attackPredictions', attack, count: 20 });
    const paused = next('paused');
    api.resume('a', 'step');
    await paused;
    // Samples come from the network that made the predictions.
    const pictures = await inspect<'samples'>({ kind: 'samples', attack, indices: [0] });
    expect(pictures.step).toBe(1);
    expect((await inspect<'weights'>({ kind: 'weights', first: 0, count: 1 })).step).toBe(2);
  });

  it('frees the copy that made the predictions when the run is reset, also while they are computed', async () => {
    for (const isWaiting of [true, false]) {
      const { backend, api, inspect } = await makeRun();
      const asked = inspect<'attackPredictions'>({ kind: 'attackPredictions', attack, count: 40 });
      if (isWaiting) await asked;
      else asked.catch(() => undefined);
      api.reset('a');
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(backend.memory().matrices).toBe(0);
    }
  });

  it('refuses samples without predictions, images beyond the last, and unknown runs', async () => {
    const { inspect } = await makeRun();
    const pictures = { kind: 'samples', attack, indices: [0] } as const;
    await expect(inspect<'samples'>(pictures)).rejects.toThrow('before the predictions');
    await inspect<'attackPredictions'>({ kind: 'attackPredictions', attack, count: 20 });
    await expect(inspect<'samples'>({ ...pictures, indices: [40] })).rejects.toThrow('no image 40');
    await expect(inspect<'weights'>({ kind: 'weights', first: 0, count: 1 }, 'b')).rejects.toThrow(
      'no run b',
    );
  });

  it('inspects a loaded network like the run that trained it', async () => {
    const { api, inspect } = await makeRun({}, 'end');
    const { step, layers } = await api.checkpoint('a');
    const weights = layers.map(({ rows, columns, parameters }) => ({ rows, columns, parameters }));
    await api.load({ runId: 'loaded', config, step, layers: weights });
    const question = { kind: 'attackPredictions', attack, count: 40 } as const;
    const loaded = await inspect<'attackPredictions'>(question, 'loaded');
    const run = await inspect<'attackPredictions'>(question);
    expect(loaded.step).toBe(10);
    expect(loaded.answer.attacked.predictions).toEqual(run.answer.attacked.predictions);
  });
});
