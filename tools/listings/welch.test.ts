import { describe, expect, it } from 'vitest';
import { meanAndStd, twoSidedP } from '../../src/domain/statistics.ts';
import { testWelch } from './welch.ts';

describe('Welch’s test', () => {
  it('agrees with a sample worked out by hand', () => {
    // Means 3 and 5; variances 2.5 and 10; errors 0.5 and 2: t = −2 / √2.5, ν = 2.5² / (0.25/4 + 4/4).
    const [a, b] = [
      [1, 2, 3, 4, 5],
      [1, 3, 5, 7, 9],
    ];
    expect(meanAndStd(b)).toEqual({ mean: 5, deviation: Math.sqrt(10) });
    const { t, freedom, p, halfWidth } = testWelch(a, b);
    expect(t).toBeCloseTo(-2 / Math.sqrt(2.5), 9);
    expect(freedom).toBeCloseTo(6.25 / 1.0625, 9);
    expect(p).toBeGreaterThan(0.25);
    expect(p).toBeLessThan(0.26);
    expect(twoSidedP(halfWidth / Math.sqrt(2.5), freedom)).toBeCloseTo(0.05, 9);
  });
});
