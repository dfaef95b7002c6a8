import { describe, expect, it } from 'vitest';
import { Float64Backend } from '../engine/backends/float64/backend.ts';
import { syntheticImages } from '../engine/testing/syntheticImages.ts';
import { defaultConfig, type RunConfig } from '../shared/config.ts';
import type { InspectionAnswers, InspectionKind, QuestionOf } from '../shared/inspection.ts';
import { drawPixelOrder } from '../shared/pixelOrder.ts';
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
const image = Float32Array.from({ length: 784 }, (_, i) => (i % 11) / 10);

/** A host with a run that pauses after its first step. */
async function makeHost(changes: Partial<RunConfig> = {}, extent: 'step' | 'end' = 'step') {
  const backend = new Float64Backend();
  const listeners = new Set<(event: Event) => void>();
  const host = new TrainingHost(
    (event) => listeners.forEach((listener) => listener(event)),
    () => Promise.resolve({ backend, reason: 'It is the only one.' }),
    (part) => Promise.resolve(imagesOf[part]),
  );
  function next(...types: Event['type'][]) {
    return new Promise<Event>((resolve) => {
      const listener = (event: Event) => {
        if (!types.includes(event.type)) return;
        listeners.delete(listener);
        resolve(event);
      };
      listeners.add(listener);
    });
  }
  async function inspect<K extends InspectionKind>(question: QuestionOf<K>, runId = 'a') {
    const answered = next('inspected', 'requestFailed');
    host.handle({ type: 'inspect', requestId: 1, runId, question } satisfies Request);
    const event = await answered;
    if (event.type === 'requestFailed') throw new Error(event.error.message);
    if (event.type !== 'inspected') throw new Error(event.type);
    return { step: event.result.step, answer: event.result.answer as InspectionAnswers[K] };
  }
  host.handle({ type: 'initialize', dataUrl: 'http://localhost/data/', engine: 'auto' });
  const stands = next(extent === 'step' ? 'paused' : 'finished');
  host.handle({
    ...{ type: 'start', runId: 'a', config: { ...config, ...changes }, attack, extent },
    ...{ checkpoint: null, isInLockstep: false },
  });
  await stands;
  return { backend, host, next, inspect };
}

const losses = {
  kind: 'losses',
  ...{ image, label: 3, epsilon: 0.1, seed: 1, linePoints: 5, surfacePoints: 3 },
} as const;

describe('looking into a run', () => {
  it('answers every kind of question with the step that it is of, and leaves nothing behind', async () => {
    const { backend, host, inspect } = await makeHost();
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
    host.handle({ type: 'reset', runId: 'a' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(backend.memory().matrices).toBe(0);
  });

  it('counts the errors that an evaluation counts, and shows their pictures', async () => {
    const { host, next, inspect } = await makeHost({}, 'end');
    const outcomes = await inspect<'outcomes'>({ kind: 'outcomes', attack, count: 10_000 });
    expect(outcomes.step).toBe(10);
    const { labels, clean, attacked, split } = outcomes.answer;
    expect(split).toBe('test');
    expect(labels).toEqual(imagesOf.test.labels);
    const measured = next('measured');
    const about = { requestId: 2, runId: 'a' };
    host.handle({ type: 'freeze', ...about });
    await next('frozen');
    host.handle({ type: 'measure', ...about, attack, count: 40 });
    const event = await measured;
    if (event.type !== 'measured') throw new Error(event.type);
    const wrong = (answers: Uint8Array) =>
      answers.filter((answer, i) => answer !== labels[i]).length / 40;
    expect(wrong(clean.predictions)).toBe(event.measurement.clean.errorRate);
    expect(wrong(attacked.predictions)).toBe(event.measurement.adversarial.errorRate);
    const pictures = await inspect<'pictures'>({ kind: 'pictures', attack, indices: [7, 2] });
    expect(pictures.step).toBe(10);
    expect(pictures.answer.images[784]).toBeCloseTo(imagesOf.test.pixels[2 * 784]! / 255, 6);
  });

  it('gives up what nobody waits for, and keeps the outcomes that pictures belong to', async () => {
    const { backend, host, next, inspect } = await makeHost();
    await inspect<'outcomes'>({ kind: 'outcomes', attack, count: 10 });
    const before = backend.memory().matrices;
    const resumed = next('paused');
    host.handle({ type: 'resume', runId: 'a', extent: 'step' });
    await resumed;
    const failed = next('inspected', 'requestFailed');
    const question = { kind: 'outcomes', attack, count: 40 } as const;
    host.handle({ type: 'inspect', requestId: 7, runId: 'a', question });
    host.handle({ type: 'giveUp', given: 7 });
    expect(await failed).toMatchObject({ requestId: 7, error: { code: 'given-up' } });
    expect(backend.memory().matrices).toBe(before);
    const pictures = await inspect<'pictures'>({ kind: 'pictures', attack, indices: [1] });
    expect(pictures.step).toBe(1);

    host.handle({ type: 'freeze', requestId: 8, runId: 'a' });
    await next('frozen');
    const unmeasured = next('measured', 'requestFailed');
    host.handle({ type: 'measure', requestId: 9, runId: 'a', attack, count: 40 });
    host.handle({ type: 'giveUp', given: 9 });
    expect(await unmeasured).toMatchObject({ requestId: 9, error: { code: 'given-up' } });
    host.handle({ type: 'giveUp', given: 9 }); // long answered: nothing happens
  });

  it('asks and answers in the order that people see where the pixels are permuted', async () => {
    const { host, next, inspect } = await makeHost({ permutationSeed: 3 });
    const labels = Uint8Array.of(3);
    const { answer } = await inspect<'gradients'>({ kind: 'gradients', images: image, labels });
    const attacked = next('attacked');
    const unclipped = { ...attack, clip: false };
    host.handle({
      ...{ type: 'attack', requestId: 2, runId: 'a', images: image.slice(), labels },
      attack: unclipped,
    });
    const event = await attacked;
    if (event.type !== 'attacked') throw new Error(event.type);
    event.result.adversarialImages.forEach((moved, i) => {
      expect(moved).toBeCloseTo(image[i]! + 0.1 * Math.sign(answer.gradients[i]!), 5);
    });
    // A unit's weights as a picture: they meet the pixels that they are drawn over.
    const weights = await inspect<'weights'>({ kind: 'weights', first: 0, count: 1 });
    const order = drawPixelOrder(3, 784)!;
    const checkpointed = next('checkpoint');
    host.handle({ type: 'checkpoint', requestId: 3, runId: 'a' });
    const saved = await checkpointed;
    if (saved.type !== 'checkpoint') throw new Error(saved.type);
    const { parameters, columns } = saved.checkpoint.layers[0]!;
    order.forEach((pixel, row) => {
      expect(weights.answer.images[pixel]).toBeCloseTo(parameters[row * columns]!, 6);
    });
    await inspect<'outcomes'>({ kind: 'outcomes', attack, count: 20 });
    const pictures = await inspect<'pictures'>({ kind: 'pictures', attack, indices: [2] });
    pictures.answer.images.forEach((value, i) => {
      expect(value).toBeCloseTo(imagesOf.test.pixels[2 * 784 + i]! / 255, 6);
    });
  });

  it('goes on training between two questions, and tells the newer step', async () => {
    const { host, next, inspect } = await makeHost();
    await inspect<'outcomes'>({ kind: 'outcomes', attack, count: 20 });
    const paused = next('paused');
    host.handle({ type: 'resume', runId: 'a', extent: 'step' });
    await paused;
    // Pictures are of the network that the outcomes were of.
    const pictures = await inspect<'pictures'>({ kind: 'pictures', attack, indices: [0] });
    expect(pictures.step).toBe(1);
    expect((await inspect<'weights'>({ kind: 'weights', first: 0, count: 1 })).step).toBe(2);
  });

  it('frees the copy that outcomes are of when the run is reset, also while they are counted', async () => {
    for (const isWaiting of [true, false]) {
      const { backend, host, inspect } = await makeHost();
      const asked = inspect<'outcomes'>({ kind: 'outcomes', attack, count: 40 });
      if (isWaiting) await asked;
      else asked.catch(() => undefined);
      host.handle({ type: 'reset', runId: 'a' });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(backend.memory().matrices).toBe(0);
    }
  });

  it('refuses pictures without outcomes, images that there are not, and malformed questions', async () => {
    const { inspect } = await makeHost();
    const pictures = { kind: 'pictures', attack, indices: [0] } as const;
    await expect(inspect<'pictures'>(pictures)).rejects.toThrow('before the outcomes');
    await inspect<'outcomes'>({ kind: 'outcomes', attack, count: 20 });
    await expect(inspect<'pictures'>({ ...pictures, indices: [40] })).rejects.toThrow(
      'no image 40',
    );
    await expect(inspect<'losses'>({ ...losses, image: image.slice(1) })).rejects.toThrow(
      'An image has 784 pixels.',
    );
    await expect(inspect<'losses'>({ ...losses, label: 10 })).rejects.toThrow('malformed');
    await expect(inspect<'weights'>({ kind: 'weights', first: 0, count: 1 }, 'b')).rejects.toThrow(
      'no run b',
    );
  });

  it('looks into a network that was loaded as into the run that trained it', async () => {
    const { host, next, inspect } = await makeHost({}, 'end');
    const saved = next('checkpoint');
    host.handle({ type: 'checkpoint', requestId: 1, runId: 'a' });
    const event = await saved;
    if (event.type !== 'checkpoint') throw new Error(event.type);
    const { step, layers } = event.checkpoint;
    const loaded = next('loaded');
    const parameters = layers.map(({ rows, columns, parameters: all }) => ({
      ...{ rows, columns, parameters: all },
    }));
    host.handle({ type: 'load', requestId: 2, runId: 'fixed', config, step, layers: parameters });
    await loaded;
    const question = { kind: 'outcomes', attack, count: 40 } as const;
    const fixed = await inspect<'outcomes'>(question, 'fixed');
    const run = await inspect<'outcomes'>(question);
    expect(fixed.step).toBe(10);
    expect(fixed.answer.attacked.predictions).toEqual(run.answer.attacked.predictions);
  });
});
