import { describe, expect, it } from 'vitest';
import { outputProbabilities } from './probabilities.ts';

describe('outputProbabilities', () => {
  it.each(['bce', 'ce'] as const)(
    'has its largest number where the largest logit is, even if others round to the same (%s)',
    (loss) => {
      // σ(40) and σ(60) are both 1 in 32 bits; so is a softmax with equal largest logits rounded.
      const logits = [40, -3, 60, 59.9999, -1000, -1000, -999, -1000];
      const probabilities = outputProbabilities(logits, 4, loss);
      for (const row of [0, 1]) {
        const outputs = probabilities.subarray(4 * row, 4 * row + 4);
        expect(outputs.indexOf(Math.max(...outputs))).toBe(2);
      }
      expect(probabilities[2]).toBeLessThanOrEqual(1);
      expect(Math.min(...probabilities)).toBeGreaterThanOrEqual(0);
    },
  );

  it('takes the first of equal logits, as evaluations do', () => {
    const [first, second] = outputProbabilities([100, 100, -5], 3, 'bce');
    expect(first).toBe(1);
    expect(second).toBeLessThan(1);
    expect(1 - second!).toBeLessThan(1e-7);
  });
});
