import { describe, expect, it } from 'vitest';
import { syntheticImages } from '../engine/testing/syntheticImages.ts';
import { defaultConfig, type RunConfig } from '../shared/config.ts';
import { makeHost } from './testing/makeHost.ts';

const config: RunConfig = {
  ...defaultConfig,
  networkType: 'tanh', // no unit of it can be dead
  hiddenLayers: [6],
  trainingSetSize: 100,
  batchSize: 20,
  epochs: 2,
};
const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;
const image = Float32Array.from(syntheticImages(1).pixels, (pixel) => pixel / 255);

const question = { type: 'inspectStep', requestId: 5, image, label: 3, epsilon: 0.2 } as const;

describe('an inspected step', () => {
  it('is that of the run, with its optimizer, and trains nothing', async () => {
    const { send, backend } = makeHost();
    const start = { attack, extent: 'step', checkpoint: null, isInLockstep: false } as const;
    await send({ type: 'start', runId: 'run', config, ...start }, 'paused');
    const about = { requestId: 6, runId: 'run' };
    const before = await send({ type: 'checkpoint', ...about }, 'checkpoint');
    const { matrices } = backend.memory();
    const { inspection } = await send({ ...question, runId: 'run' }, 'stepInspected');
    expect(inspection).toMatchObject({ step: 1, epsilon: 0.2, label: 3, hasOptimizerMemory: true });
    expect(inspection.clean.hidden.map(({ length }) => length)).toEqual([6]);
    expect(inspection.methods.adversarial.pass.loss).toBeGreaterThan(inspection.clean.loss);
    const after = await send({ type: 'checkpoint', ...about }, 'checkpoint');
    expect(after.checkpoint).toEqual(before.checkpoint);
    expect(backend.memory().matrices).toBe(matrices);
  });

  it('of a network from a file is the optimizer’s first, from the same gradients', async () => {
    const { send, backend } = makeHost();
    const start = { attack, extent: 'step', checkpoint: null, isInLockstep: false } as const;
    await send({ type: 'start', runId: 'run', config, ...start }, 'paused');
    const about = { requestId: 6, runId: 'run' };
    const { checkpoint } = await send({ type: 'checkpoint', ...about }, 'checkpoint');
    const layers = checkpoint.layers.map(({ rows, columns, parameters }) => ({
      rows,
      columns,
      parameters,
    }));
    const { step } = checkpoint;
    await send({ type: 'load', requestId: 7, runId: 'file', config, step, layers }, 'loaded');
    const { matrices } = backend.memory();
    const own = (await send({ ...question, runId: 'run' }, 'stepInspected')).inspection;
    const fixed = (await send({ ...question, runId: 'file' }, 'stepInspected')).inspection;
    expect(fixed.hasOptimizerMemory).toBe(false);
    expect(fixed.step).toBe(1);
    // The file's weights were rounded to float32.
    fixed.methods.plain.gradientNorms.forEach((norm, l) =>
      expect(norm).toBeCloseTo(own.methods.plain.gradientNorms[l]!, 4),
    );
    expect(fixed.methods.plain.after.clean.loss).not.toBeCloseTo(
      own.methods.plain.after.clean.loss,
      4,
    );
    expect(backend.memory().matrices).toBe(matrices);
  });

  it.each([
    ['too few pixels', { image: image.slice(1) }],
    ['a pixel that is no number', { image: image.map((value, i) => (i === 3 ? NaN : value)) }],
    ['a label that is no digit', { label: 10 }],
    ['ε beyond its limits', { epsilon: 1.5 }],
  ])('is refused for %s', async (_, changes) => {
    const { send } = makeHost();
    const wrong = { ...question, runId: 'run', ...changes };
    const { error } = await send(wrong, 'requestFailed');
    expect(error.code).toBe('invalid-request');
  });

  it('is refused while there is no such network', async () => {
    const { send } = makeHost();
    const { error } = await send({ ...question, runId: 'nobody' }, 'requestFailed');
    expect(error.message).toContain('nobody');
  });
});

describe('measured directions', () => {
  const about = { requestId: 8, runId: 'run', epsilon: 0.1 } as const;
  const request = {
    type: 'measureDirections',
    ...about,
    images: image,
    labels: Uint8Array.of(3),
  } as const;

  it('are the same of a run and of its weights in a file', async () => {
    const { send, backend } = makeHost();
    const start = { attack, extent: 'step', checkpoint: null, isInLockstep: false } as const;
    await send({ type: 'start', runId: 'run', config, ...start }, 'paused');
    const { checkpoint } = await send(
      { type: 'checkpoint', requestId: 6, runId: 'run' },
      'checkpoint',
    );
    const { step } = checkpoint;
    const layers = checkpoint.layers.map(({ rows, columns, parameters }) => ({
      rows,
      columns,
      parameters,
    }));
    await send({ type: 'load', requestId: 7, runId: 'file', config, step, layers }, 'loaded');
    const { matrices } = backend.memory();
    const own = (await send(request, 'directionsMeasured')).measures;
    const fixed = (await send({ ...request, runId: 'file' }, 'directionsMeasured')).measures;
    expect(own).toMatchObject({ step: 1, count: 1, epsilon: 0.1 });
    expect(fixed.gradientSum).toBeCloseTo(own.gradientSum, 4);
    expect(fixed.losses.pgd).toBeCloseTo(own.losses.pgd, 3);
    expect(backend.memory().matrices).toBe(matrices);
  });

  it.each([
    ['labels without images', { labels: Uint8Array.of(1, 2) }],
    ['no images', { labels: new Uint8Array(), images: new Float32Array() }],
    ['a label that is no digit', { labels: Uint8Array.of(10) }],
  ])('are refused for %s', async (_, changes) => {
    const { send } = makeHost();
    const { error } = await send({ ...request, ...changes }, 'requestFailed');
    expect(error.code).toBe('invalid-request');
  });
});
