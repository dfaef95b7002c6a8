import { describe, expect, it } from 'vitest';
import { createRun, type Run } from '../../../experiment/runs/run.ts';
import { makeAttack } from '../../../experiment/runs/measurements.ts';
import { defaultConfig } from '../../../domain/settings/config.ts';
import type { Evaluation, Progress } from '../../../domain/metrics.ts';
import { announce, describePosition, describeRun, makeStatusAttributes } from './describeRun.ts';

const progress: Progress = {
  step: 1250,
  stepsPerEpoch: 938,
  totalSteps: 4690,
  trainSeconds: 3,
  samplesPerSecond: 21_345,
  secondsLeft: 14,
};
const runStyle = { name: 'ABP ε 0.08', paletteIndex: 2, config: defaultConfig };
const run: Run = { ...createRun('run-1', runStyle), status: 'running', progress };

describe('describeRun', () => {
  it('gives the position, the pace and the fraction done', () => {
    expect(describeRun(run)).toEqual({
      text: 'Epoch 2 of 5 · step 312 of 938',
      pace: '21,000 images/s · 0:14 left',
      fraction: 1250 / 4690,
    });
  });

  it('accepts progress for a run that has not started', () => {
    const held: Run = {
      ...run,
      status: 'paused',
      progress: { ...progress, step: 0, stepsPerEpoch: 0, totalSteps: 0 },
    };
    expect(describeRun(held)).toEqual({ text: 'Paused', pace: '', fraction: 0 });
  });
});

it('says how long a finished run was trained, and leaves its errors to the results', () => {
  const scores: Evaluation = {
    step: 4690,
    epoch: 5,
    sampleCount: 10_000,
    attack: makeAttack('fgsm', 0.08),
    split: 'test',
    clean: { loss: 1, errorRate: 0.031 },
    adversarial: { loss: 1, errorRate: 0.124 },
  };
  const finished: Run = { ...run, status: 'finished' };
  const measured: Run = { ...finished, history: { losses: [], evaluations: [scores] } };
  expect(describeRun(measured)).toEqual({
    text: 'Finished: 5 epochs',
    pace: '1,250 steps',
    fraction: 1,
  });
  expect(makeStatusAttributes(measured)).toMatchObject({
    'data-total-steps': 1250,
    'data-error-rate': 0.031,
  });
});

it('also gives the position as attributes', () => {
  expect(makeStatusAttributes(run)).toMatchObject({
    'data-status': 'running',
    'data-epoch': 2,
    'data-step': 312,
    'data-total-steps': undefined,
  });
  expect(makeStatusAttributes({ ...run, progress: null })['data-epoch']).toBeUndefined();
});

describe('describePosition', () => {
  it.each([
    [0, 'Epoch 1 of 5 · step 0 of 938'],
    [938, 'Epoch 1 of 5 · step 938 of 938'],
    [939, 'Epoch 2 of 5 · step 1 of 938'],
  ])('gives epoch and step at step %d', (step, text) =>
    expect(describePosition({ ...progress, step }, 5)).toBe(text),
  );
});

describe('announce', () => {
  const evaluation = {
    step: 938,
    epoch: 1,
    split: 'test',
    sampleCount: 10_000,
    clean: { loss: 1, errorRate: 0.031 },
    adversarial: { loss: 1, errorRate: 0.124 },
    attack: makeAttack('fgsm', 0.08),
  } as const;
  const after = (name: string, sampleCount: number): Run => ({
    ...run,
    name,
    history: { losses: [], evaluations: [{ ...evaluation, sampleCount }] },
  });

  it('announces the errors once all runs have a full evaluation of the same epoch', () => {
    expect(announce({ runs: [] })).toBe('');
    expect(announce({ runs: [after('A', 10_000), after('B', 1000)] })).toBe('');
    expect(announce({ runs: [after('A', 10_000), after('B', 10_000)] })).toBe(
      'After epoch 1, test error: A 3.10 %, under FGSM 12.40 %; B 3.10 %, under FGSM 12.40 %.',
    );
  });

  it('leaves out runs that failed', () => {
    const failed: Run = { ...after('B', 1000), status: 'failed' };
    expect(announce({ runs: [after('A', 10_000), failed] })).toContain('A 3.10 %');
  });

  it('says when the experiment is not running', () => {
    const paused: Run = { ...after('A', 10_000), status: 'paused' };
    expect(announce({ runs: [paused] })).toMatch(/^Paused. After epoch 1/);
  });
});
