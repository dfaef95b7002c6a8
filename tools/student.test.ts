import { describe, expect, it } from 'vitest';
import { findQuantile, meanAndStd, twoSidedP } from './student.ts';

describe('meanAndStd', () => {
  it('divides by n − 1, and has no standard deviation for a single value', () => {
    expect(meanAndStd([0.02])).toEqual({ mean: 0.02, deviation: null });
    const { mean, deviation } = meanAndStd([1, 2, 3, 4]);
    expect(mean).toBe(2.5);
    expect(deviation).toBeCloseTo(1.2909944487358056, 12);
  });
});

describe('Student’s distribution', () => {
  it('has the p-values of Student’s tables', () => {
    // Two-sided 5 % and 1 % points.
    expect(twoSidedP(2.228, 10)).toBeCloseTo(0.05, 4);
    expect(twoSidedP(-4.604, 4)).toBeCloseTo(0.01, 4);
    expect(twoSidedP(2.576, 100_000)).toBeCloseTo(0.01, 3);
    expect(twoSidedP(0, 7)).toBeCloseTo(1, 9);
  });

  it('has the quantiles of Student’s tables', () => {
    expect(findQuantile(1)).toBeCloseTo(12.7062, 3);
    expect(findQuantile(18)).toBeCloseTo(2.1009, 4);
    expect(findQuantile(46)).toBeCloseTo(2.0129, 4);
  });
});
