import { describe, expect, it } from 'vitest';
import type { Evaluation, Progress } from '../shared/metrics.ts';
import { appendEvaluation, appendProgress, emptyHistory, isFullEvaluation } from './history.ts';
import { makePageAttack } from './state.ts';

function makeProgress(step: number, trainLoss: number | null): Progress {
  return {
    step,
    stepsPerEpoch: 100,
    totalSteps: 500,
    trainLoss,
    samplesPerSecond: 0,
    secondsLeft: null,
  };
}

function makeEvaluation(step: number, sampleCount: number, epsilon = 0.08): Evaluation {
  const score = { loss: 1, errorRate: 0.5 };
  return {
    step,
    epoch: step / 100,
    split: 'test',
    sampleCount,
    clean: score,
    adversarial: score,
    attack: makePageAttack(epsilon),
  };
}

describe('appendProgress', () => {
  it('records the loss at its epoch', () => {
    const history = appendProgress(emptyHistory, makeProgress(50, 2.5));
    expect(history.losses).toEqual([{ step: 50, epoch: 0.5, loss: 2.5 }]);
  });

  it('skips reports without a loss and reports of recorded steps', () => {
    const history = appendProgress(emptyHistory, makeProgress(50, 2.5));
    expect(appendProgress(history, makeProgress(60, null))).toBe(history);
    expect(appendProgress(history, makeProgress(50, 1))).toBe(history);
  });
});

describe('appendEvaluation', () => {
  it('keeps the order and never drops another moment or another attack', () => {
    const points = [
      makeEvaluation(50, 1000),
      makeEvaluation(100, 1000),
      makeEvaluation(100, 1000, 0.2),
    ];
    expect(points.reduce(appendEvaluation, emptyHistory).evaluations).toEqual(points);
  });

  it('lets the full evaluation of a moment replace the one on a subset, not the reverse', () => {
    const subset = makeEvaluation(100, 1000);
    const full = makeEvaluation(100, 10_000);
    expect([subset, full].reduce(appendEvaluation, emptyHistory).evaluations).toEqual([full]);
    expect([full, subset].reduce(appendEvaluation, emptyHistory).evaluations).toHaveLength(2);
    expect([subset, full].map(isFullEvaluation)).toEqual([false, true]);
  });
});
