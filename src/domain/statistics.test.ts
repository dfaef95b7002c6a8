import { describe, expect, it } from 'vitest';
import { findQuantile, meanAndStd, meanInterval, testMcNemar, twoSidedP } from './statistics.ts';

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

  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, two-sided 5 %.
  it.each([
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [4, 2.776],
    [5, 2.571],
    [9, 2.262],
    [18, 2.101],
    [29, 2.045],
    [46, 2.013],
    [100, 1.984],
  ])('has the critical value of a printed table for %i degrees of freedom', (freedom, critical) => {
    expect(findQuantile(freedom)).toBeCloseTo(critical, 3);
  });
});

describe('meanInterval', () => {
  it('is mean ± t · s / √n', () => {
    // t of a table for 4 degrees of freedom; s = √(10 / 4) and n = 5.
    const found = meanInterval([1, 2, 3, 4, 5])!;
    expect(found).toMatchObject({ count: 5, mean: 3 });
    expect(found.reach).toBeCloseTo((2.776445 * Math.sqrt(2.5)) / Math.sqrt(5), 6);
  });

  it('has Student’s own example', () => {
    // Additional hours of sleep, Biometrika 6 (1908), p. 20: mean 1.58, s (with n) 1.17, so t = 4.06 with 9 degrees.
    const gains = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];
    const { mean, reach } = meanInterval(gains)!;
    expect(mean).toBeCloseTo(1.58, 9);
    expect(mean / (reach / 2.262)).toBeCloseTo(4.06, 2);
  });

  it('needs two values', () => {
    expect(meanInterval([1])).toBeNull();
    expect(meanInterval([2, 2])).toEqual({ count: 2, mean: 2, reach: 0 });
  });
});

/** The sum of McNemar's exact p as a fraction of whole numbers, rounded once. */
function exactP(b: number, c: number): number {
  const n = BigInt(b + c);
  let [term, sum] = [1n, 0n];
  for (let i = 0n; i <= BigInt(Math.min(b, c)); i++) {
    sum += term;
    term = (term * (n - i)) / (i + 1n);
  }
  const digits = 10n ** 40n;
  return Math.min(1, Number((2n * sum * digits) / 2n ** n) / Number(digits));
}

describe('McNemar’s exact test', () => {
  // From Python's fractions and math.comb.
  it.each([
    [0, 0, 1],
    [1, 0, 1],
    [5, 0, 0.0625],
    [6, 0, 0.03125],
    [7, 2, 0.1796875],
    [10, 10, 1],
    [59, 39, 0.054390558277088406],
    [89, 28, 1.3661272708326287e-8],
    [450, 380, 0.016567564322037355],
    [2300, 2150, 0.025498122001517083],
    [3000, 10, 0],
  ])('has the p of %i against %i discordant images', (b, c, p) => {
    expect(Math.abs(testMcNemar(b, c) - p)).toBeLessThanOrEqual(1e-10 * p);
    expect(testMcNemar(c, b)).toBe(testMcNemar(b, c));
  });

  it('is the exact sum for every small pair', () => {
    for (let b = 0; b <= 40; b++) {
      for (let c = 0; c <= 40; c++) expect(testMcNemar(b, c)).toBeCloseTo(exactP(b, c), 12);
    }
  });
});
