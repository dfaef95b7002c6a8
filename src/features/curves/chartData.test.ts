import { describe, expect, it } from 'vitest';
import { makePageAttack } from '../../lab/state.ts';
import type { Evaluation } from '../../shared/metrics.ts';
import { makeTicks, maxDrawnPoints, thinLosses, toErrorRows } from './chartData.ts';

function makeEvaluation(step: number, epsilon = 0.08, sampleCount = 1000): Evaluation {
  const score = { loss: 1, errorRate: step / 1000 };
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

describe('toErrorRows', () => {
  it('interrupts the attacked line where ε changes', () => {
    const evaluations = [makeEvaluation(100), makeEvaluation(200), makeEvaluation(300, 0.2)];
    const { rows, changes } = toErrorRows(evaluations, 0);
    expect(rows.map(({ epoch, adversarial }) => [epoch, adversarial])).toEqual([
      [1, 0.1],
      [2, 0.2],
      [2.5, null],
      [3, 0.3],
    ]);
    expect(changes).toEqual([{ epoch: 2.5, epsilon: 0.2 }]);
  });

  it('keeps zero off a logarithmic axis', () => {
    expect(toErrorRows([makeEvaluation(0)], 0.001).rows[0]?.clean).toBe(0.001);
  });

  it('draws a bounded number of points and always the last one', () => {
    const evaluations = Array.from({ length: 3210 }, (_, index) => makeEvaluation(index));
    const { rows } = toErrorRows(evaluations, 0);
    expect(rows.length).toBeLessThanOrEqual(maxDrawnPoints + 1);
    expect(rows[rows.length - 1]?.evaluation?.step).toBe(3209);
  });
});

describe('thinLosses', () => {
  it('averages neighbours and keeps the mean over all steps', () => {
    const losses = Array.from({ length: 1999 }, (_, index) => ({
      step: 3 * (index + 1),
      epoch: index / 100,
      loss: (index % 7) + 1,
    }));
    const drawn = thinLosses(losses);
    expect(drawn.length).toBeLessThanOrEqual(maxDrawnPoints);
    expect(drawn[drawn.length - 1]?.step).toBe(losses[losses.length - 1]?.step);
    const total = losses.reduce((sum, { loss }) => sum + 3 * loss, 0);
    let before = 0;
    let drawnTotal = 0;
    for (const { step, loss } of drawn) {
      drawnTotal += loss * (step - before);
      before = step;
    }
    expect(drawnTotal).toBeCloseTo(total);
  });
});

describe('makeTicks', () => {
  it.each([
    [0.05, [0, 0.01, 0.02, 0.03, 0.04, 0.05]],
    [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [4.2, [0, 1, 2, 3, 4, 5]],
    [50, [0, 10, 20, 30, 40, 50]],
  ])('up to %d', (largest, ticks) => expect(makeTicks(largest)).toEqual(ticks));
});
