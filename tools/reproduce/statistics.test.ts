import { describe, expect, it } from 'vitest';
import { containsZero, differenceOfMeans, meanOfPairs } from './statistics.ts';

describe('differenceOfMeans', () => {
  it('is the two-sample t interval with pooled variance', () => {
    const found = differenceOfMeans([1, 2, 3], [5, 6, 9])!;
    expect(found.mean).toBeCloseTo(14 / 3, 12);
    expect(found.standardError).toBeCloseTo(Math.sqrt((16 / 3 / 2) * (2 / 3)), 12);
    expect(found.low).toBeCloseTo(14 / 3 - 2.7764451 * found.standardError, 6);
    expect(containsZero(found)).toBe(false);
    expect(containsZero(differenceOfMeans([1, 2, 3], [1, 3, 5])!)).toBe(true);
  });

  it('needs two values in each sample', () => {
    expect(differenceOfMeans([1], [1, 2])).toBeNull();
    expect(meanOfPairs([1])).toBeNull();
  });
});

describe('meanOfPairs', () => {
  it('is the one-sample t interval', () => {
    const found = meanOfPairs([1, 2, 3, 4, 5])!;
    expect(found.mean).toBe(3);
    expect(found.standardError).toBeCloseTo(Math.sqrt(0.5), 12);
    // 3 ± 2.776 · √0.5
    expect(found.low).toBeCloseTo(1.0368, 3);
    expect(found.high).toBeCloseTo(4.9632, 3);
  });
});
