import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../domain/metrics.ts';
import {
  appendEvaluation,
  cutHistory,
  emptyHistory,
  findFullEvaluation,
  isEpochEnd,
  isFullEvaluation,
} from './history.ts';
import { makeAttack } from './measurements.ts';

function makeEvaluation(step: number, sampleCount: number, epsilon = 0.08): Evaluation {
  const score = { loss: 1, errorRate: 0.5 };
  return {
    step,
    epoch: step / 100,
    split: 'test',
    sampleCount,
    clean: score,
    adversarial: score,
    attack: makeAttack('fgsm', epsilon),
  };
}

describe('cutHistory', () => {
  it('keeps what was measured up to a step', () => {
    const evaluations = [50, 100, 150].map((step) => makeEvaluation(step, 1000));
    const losses = [40, 100, 101].map((step) => ({ step, epoch: step / 100, loss: 1 }));
    const cut = cutHistory({ evaluations, losses }, 100);
    expect(cut.evaluations).toEqual(evaluations.slice(0, 2));
    expect(cut.losses).toEqual(losses.slice(0, 2));
  });
});

describe('appendEvaluation', () => {
  it('keeps the order and never drops another step or another attack', () => {
    const points = [
      makeEvaluation(50, 1000),
      makeEvaluation(100, 1000),
      makeEvaluation(100, 1000, 0.2),
    ];
    expect(points.reduce(appendEvaluation, emptyHistory).evaluations).toEqual(points);
  });

  it('replaces an evaluation on a subset by a full one at the same step, not the reverse', () => {
    const subset = makeEvaluation(100, 1000);
    const full = makeEvaluation(100, 10_000);
    expect([subset, full].reduce(appendEvaluation, emptyHistory).evaluations).toEqual([full]);
    expect([full, subset].reduce(appendEvaluation, emptyHistory).evaluations).toHaveLength(2);
    const ofMnist = [subset, full].map((one) => isFullEvaluation(one, { dataSet: null }));
    expect(ofMnist).toEqual([false, true]);
  });

  it('calls an evaluation full if it covers the whole split, however small', () => {
    const fingerprint = '0'.repeat(64);
    const counts = { trainingCount: 2500, testCount: 1000 };
    const config = { dataSet: { shape: 'grey-28', ...counts, fingerprint } } as const;
    const of = (sampleCount: number, split: 'test' | 'validation') =>
      isFullEvaluation({ sampleCount, split }, config);
    expect([of(999, 'test'), of(1000, 'test')]).toEqual([false, true]);
    // A fifth is held out.
    expect([of(499, 'validation'), of(500, 'validation')]).toEqual([false, true]);
    const history = [makeEvaluation(100, 200), makeEvaluation(200, 1000), makeEvaluation(300, 200)];
    const found = findFullEvaluation({ evaluations: history }, config);
    expect(found).toBe(history[1]);
  });
});

describe('isEpochEnd', () => {
  it('ignores evaluations within an epoch that cover all of a small split', () => {
    const dataSet = {
      shape: 'grey-28',
      trainingCount: 500,
      testCount: 200,
      fingerprint: 'a'.repeat(64),
    } as const;
    const at = (epoch: number, sampleCount: number) =>
      ({ epoch, sampleCount, split: 'test' }) as const;
    expect([0, 0.5, 1, 1.25, 2].map((epoch) => isEpochEnd(at(epoch, 200), { dataSet }))).toEqual([
      false,
      false,
      true,
      false,
      true,
    ]);
    expect(isEpochEnd(at(1, 1000), { dataSet: null })).toBe(false);
    expect(isEpochEnd(at(1, 10_000), { dataSet: null })).toBe(true);
  });
});
