import { describe, expect, it } from 'vitest';
import { countConfusions } from '../../../experiment/inside/confusion.ts';
import { describeConfusion, describeImages, describePredictions } from './texts.ts';
import { divergedNote } from '../../../ui/networks.ts';

describe('texts', () => {
  it('give the errors and the most frequent one', () => {
    const labels = Uint8Array.of(4, 4, 7, 1);
    expect(describeConfusion(countConfusions(labels, Uint8Array.of(9, 9, 7, 1)))).toBe(
      '2 of 4 wrong (50.00\u00a0%). Most often: a\u00a04 predicted as 9 (2).',
    );
    expect(describeConfusion(countConfusions(labels, labels))).toBe('0 of 4 wrong (0.00\u00a0%).');
  });

  it('give the median and the errors, clean and attacked', () => {
    const attackPredictions = (answers: number[], margins: number[]) => ({
      predictions: Uint8Array.from(answers),
      margins: Float32Array.from(margins),
      confidences: Float32Array.of(0.5, 0.75, 1),
    });
    const labels = Uint8Array.of(4, 7, 1);
    const clean = attackPredictions([4, 7, 1], [1, 2.5, 3]);
    const attacked = attackPredictions([9, 7, 7], [-4, 0.5, -1.25]);
    expect(describePredictions({ labels, clean, attacked }, 'margins')).toBe(
      'Clean: median 2.5, 0.00\u00a0% wrong. Attacked: median −1.25, 66.67\u00a0% wrong.',
    );
    expect(describePredictions({ labels, clean, attacked }, 'confidences')).toMatch(
      /^Clean: median 75\.0\u00a0%, /,
    );
    const diverged = attackPredictions([0, 0, 0], [Number.NaN, Number.NaN, Number.NaN]);
    expect(describePredictions({ labels, clean: diverged, attacked }, 'margins')).toBe(
      divergedNote,
    );
  });

  it('say which images were used', () => {
    expect(describeImages('test', 1000)).toBe('the first 1,000 test images');
    expect(describeImages('validation', 10_000)).toBe('all 10,000 validation images');
  });
});
