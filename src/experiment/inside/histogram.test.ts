import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { borderOf, chooseBins, fillBins, findMedian } from './histogram.ts';

const values = fc
  .array(fc.float({ noNaN: true, min: -1000, max: 1000 }), { minLength: 1, maxLength: 50 })
  .map((list) => Float32Array.from(list));

describe('histograms', () => {
  it('hold all values in few bins, with a bin edge at 0', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const bins = chooseBins([a, b], 40);
        expect(bins.count).toBeLessThanOrEqual(40);
        expect(bins.count).toBeGreaterThanOrEqual(1);
        // An edge at 0: the first edge is a whole number of bins away from it.
        const steps = bins.from / bins.width;
        expect(Math.abs(steps - Math.round(steps))).toBeLessThan(1e-6);
        for (const list of [a, b]) {
          for (const value of list) {
            const slack = 1e-6 * bins.width + 1e-9;
            expect(value).toBeGreaterThanOrEqual(borderOf(bins, 0) - slack);
            expect(value).toBeLessThanOrEqual(borderOf(bins, bins.count) + slack);
          }
          const shares = fillBins(list, bins);
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
        }
      }),
    );
  });

  it('count values on the correct side of 0, because a negative margin is an error', () => {
    const margins = Float32Array.of(-3, -0.5, 0.5, 0.6, 2.4);
    const bins = chooseBins([margins], 8);
    expect(bins).toEqual({ from: -3, width: 1, count: 6 });
    expect([...fillBins(margins, bins)].map((share) => Math.round(5 * share))).toEqual([
      1, 0, 1, 2, 0, 1,
    ]);
  });

  it('hold the finite values of a diverged network', () => {
    const bins = chooseBins([Float32Array.of(Number.NaN, Infinity, -1, 1)], 40);
    expect(bins.count).toBeLessThanOrEqual(40);
    expect(fillBins(Float32Array.of(Number.NaN, 1), bins).every(Number.isFinite)).toBe(true);
  });

  it('handle equal values and no values', () => {
    expect(chooseBins([Float32Array.of(2.5, 2.5)], 40)).toEqual({ from: 2, width: 1, count: 1 });
    expect(chooseBins([], 40).count).toBe(1);
    expect(findMedian(Float32Array.of(3, 1, 2))).toBe(2);
  });
});
