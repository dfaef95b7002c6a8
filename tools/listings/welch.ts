import { findQuantile, meanAndStd, twoSidedP } from '../../src/domain/statistics.ts';

/**
 * Welch's test of whether two samples have the same mean, if their variances are unknown and may differ (B. L. Welch,
 * Biometrika 34, 1947). Both samples need at least two values, and not all values may be equal.
 *
 * @returns the statistic, the degrees of freedom, the two-sided p, and half the width of the 95 % interval
 */
export function testWelch(
  a: readonly number[],
  b: readonly number[],
): { t: number; freedom: number; p: number; halfWidth: number } {
  const [first, second] = [meanAndStd(a), meanAndStd(b)];
  const [u, v] = [first.deviation! ** 2 / a.length, second.deviation! ** 2 / b.length];
  const error = Math.sqrt(u + v);
  const t = (first.mean - second.mean) / error;
  const freedom = (u + v) ** 2 / (u ** 2 / (a.length - 1) + v ** 2 / (b.length - 1));
  return { t, freedom, p: twoSidedP(t, freedom), halfWidth: findQuantile(freedom) * error };
}
