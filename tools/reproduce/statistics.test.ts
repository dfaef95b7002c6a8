import { describe, expect, it } from 'vitest';
import {
  containsZero,
  differenceOfMeans,
  meanOfPairs,
  meanOverSeedsAndImages,
} from './statistics.ts';

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

describe('meanOverSeedsAndImages', () => {
  it('adds the squares of both intervals’ halves', () => {
    const found = meanOverSeedsAndImages([Int8Array.of(1, 0, 0, 0), Int8Array.of(1, 1, 0, 0)])!;
    expect(found.mean).toBeCloseTo(3 / 8, 12);
    // Seeds 1/4 and 2/4; images 1, 1/2, 0 and 0, with a variance of 11/48.
    const ofSeeds = 12.7062047 / 8;
    const ofImages = 3.1824463 * Math.sqrt(11 / 48 / 4);
    expect(found.high).toBeCloseTo(3 / 8 + Math.hypot(ofSeeds, ofImages), 6);
    expect(found.low).toBeCloseTo(3 / 8 - Math.hypot(ofSeeds, ofImages), 6);
  });

  it('needs two seeds', () => {
    expect(meanOverSeedsAndImages([Int8Array.of(1, 0)])).toBeNull();
  });
});
