import { afterEach, describe, expect, it } from 'vitest';
import { readKernels } from '../../../tools/train/readKernels.ts';
import { SimdBackend } from '../../engine/backends/simd/backend.ts';
import { syntheticImages } from '../../engine/testing/syntheticImages.ts';
import type { Checkpoint } from '../../domain/checkpoint.ts';
import {
  defaultConfig,
  optimizers,
  type RunConfig,
  trainingMethods,
} from '../../domain/settings/config.ts';
import type { Evaluation, LossPoint } from '../../domain/metrics.ts';
import { EvaluationSchedule } from './evaluationSchedule.ts';
import type { Extent } from '../api.ts';
import { makeWorker } from '../testing/makeWorker.ts';

const config: RunConfig = {
  ...defaultConfig,
  hiddenLayers: [6],
  trainingSetSize: 500,
  batchSize: 24, // 21 steps per epoch, the last of 20 images
  epochs: 3,
  pgdSteps: 2,
};
const imagesOf = { training: syntheticImages(500), test: syntheticImages(60) };
const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;

const backends: SimdBackend[] = [];
afterEach(() => {
  for (const backend of backends.splice(0)) backend.dispose();
});

/** One run on SIMD, in its own worker, which has paused or finished: its reports and its state. */
async function makeRun(changes: Partial<RunConfig>, checkpoint: Checkpoint | null, to: Extent) {
  const backend = await SimdBackend.create(readKernels);
  backends.push(backend);
  const { api, events, next } = makeWorker({ backend, images: imagesOf });
  const paused = Promise.race([next('paused'), next('finished')]);
  const { batchSize, epochs } = { ...config, ...changes };
  const stepsPerEpoch = Math.ceil(500 / batchSize);
  const schedule = new EvaluationSchedule(batchSize, stepsPerEpoch, stepsPerEpoch * epochs);
  const run = { runId: 'a', config: { ...config, ...changes }, checkpoint };
  api.start(structuredClone(run), attack, to, false);
  await paused;
  /** Without the evaluations after single steps, which are not in the schedule. */
  const measured = () =>
    events.flatMap((event): (LossPoint | Evaluation)[] => {
      if (event.type === 'lossMeasured') return [event.point];
      if (event.type !== 'evaluated') return [];
      const { step } = event.evaluation;
      return step === 0 || schedule.due(step) ? [event.evaluation] : [];
    });
  const snapshot = async () => ({ ...(await api.checkpoint('a')), trainSeconds: 0 });
  return { events, api, next, measured, snapshot };
}

/** Trains `steps` steps beyond the first epoch and keeps the checkpoint that the run posted. */
async function interrupt(changes: Partial<RunConfig>, steps: number) {
  const run = await makeRun(changes, null, 'epoch');
  for (let step = 0; step < steps; step++) {
    const paused = run.next('paused');
    run.api.resume('a', 'step');
    await paused;
  }
  const kept = run.next('checkpointed');
  const last = () => run.events.findLast((event) => event.type === 'checkpointed');
  const wanted = 21 + steps;
  const posted = last();
  const event = posted?.checkpoint.step === wanted ? posted : await kept;
  expect(event.checkpoint.step).toBe(wanted);
  return { checkpoint: event.checkpoint, measured: run.measured() };
}

describe('a run that continues from a checkpoint', () => {
  const cases = [
    ...trainingMethods.map((method) => ({ method, optimizer: 'rmsprop' as const })),
    ...optimizers.map((optimizer) => ({ method: 'adversarial-dropout' as const, optimizer })),
  ];

  it.each(cases)('ends where it would have ended: $method, $optimizer', async (changes) => {
    const whole = await makeRun(changes, null, 'end');
    const { checkpoint, measured } = await interrupt(changes, 5);
    const rest = await makeRun(changes, checkpoint, 'end');
    expect([...measured, ...rest.measured()]).toEqual(whole.measured());
    expect(await rest.snapshot()).toEqual(await whole.snapshot());
  });

  it('continues from the end of an epoch, and from the end of training', async () => {
    const whole = await makeRun({}, null, 'end');
    const { checkpoint, measured } = await interrupt({}, 0);
    const rest = await makeRun({}, checkpoint, 'end');
    expect([...measured, ...rest.measured()]).toEqual(whole.measured());

    const end = await whole.snapshot();
    const finished = await makeRun({}, end, 'end');
    expect(finished.measured()).toEqual([]);
    expect(finished.events.at(-1)).toMatchObject({ type: 'finished', progress: { step: 63 } });
    expect(await finished.snapshot()).toEqual(end);
  });

  it('stays paused where it was, if requested', async () => {
    const { checkpoint } = await interrupt({}, 2);
    const { events } = await makeRun({}, checkpoint, 'none');
    expect(events.at(-1)).toMatchObject({ type: 'paused', progress: { step: 23 } });
    expect(events.some(({ type }) => type === 'lossMeasured')).toBe(false);
  });

  it.each([
    ['layer 1', { hiddenLayers: [7] }],
    ['the number of layers', { hiddenLayers: [6, 6] }],
    ['the optimizer’s state', { optimizer: 'adam' }],
    ['the length of the scores', { batchSize: 25 }],
    ['the step', { epochs: 1 }],
  ] as const)('refuses a checkpoint of another config, and names %s', async (what, changes) => {
    const { checkpoint } = await interrupt({}, 1);
    await expect(makeRun({ ...changes } as Partial<RunConfig>, checkpoint, 'end')).rejects.toThrow(
      what,
    );
  });

  it('is measured in its snapshot’s state, and the measurement does not change it', async () => {
    const whole = await makeRun({}, null, 'end');
    const run = await makeRun({}, null, 'epoch');
    const measure = () => run.api.measure('a', attack, 50);
    await expect(measure()).rejects.toThrow('not frozen');

    expect(await run.api.freeze('a')).toBe(21);
    const first = await measure();
    expect(first).toMatchObject({ step: 21, epoch: 1, sampleCount: 50 });

    run.api.resume('a', 'end');
    while (!run.events.some(({ type }) => type === 'finished'))
      expect(await measure()).toEqual(first);
    expect(await measure()).toEqual(first);
    expect(run.measured()).toEqual(whole.measured());

    await run.api.freeze('a');
    expect(await measure()).toMatchObject({ step: 63 });
  });
});
