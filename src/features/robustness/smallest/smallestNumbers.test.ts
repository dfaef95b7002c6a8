import { describe, expect, it } from 'vitest';
import {
  chooseSmallestBins,
  describeSmallest,
  fillSmallestBins,
  summarizeSmallest,
} from './smallestNumbers.ts';

const epsilons = Float32Array.from([12, 0, 40, 41, Infinity, 44, 0, 100], (level) => level / 256);

describe('the smallest ε of many digits', () => {
  it('is summarized by the ε that a share of the digits falls by', () => {
    expect(summarizeSmallest(epsilons)).toEqual({
      quarter: 0,
      median: 40 / 256,
      threeQuarters: 44 / 256,
      misread: 2,
      unfooled: 1,
      count: 8,
    });
  });

  it('is told in a sentence', () => {
    expect(describeSmallest(summarizeSmallest(epsilons), 'digit')).toBe(
      'Median ε 0.16 (40 of 255). 2 of 8 digits are misread unchanged. None was found for 1.',
    );
    const hard = Float32Array.of(Infinity, Infinity, 0.1);
    expect(describeSmallest(summarizeSmallest(hard), 'image')).toBe(
      'No ε was found for more than half of the images.',
    );
  });

  it('fills bins of four grid points, whose shares sum to those that were found', () => {
    const bins = chooseSmallestBins([epsilons]);
    expect(bins).toEqual({ from: 0, width: 1 / 64, count: 26 });
    const shares = fillSmallestBins(epsilons, bins);
    expect([shares[0], shares[3], shares[10], shares[11], shares[25]]).toEqual([
      0.25, 0.125, 0.25, 0.125, 0.125,
    ]);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(7 / 8, 12);
    const none = fillSmallestBins(Float32Array.of(Infinity), bins);
    expect(none.every((share) => share === 0)).toBe(true);
  });
});
