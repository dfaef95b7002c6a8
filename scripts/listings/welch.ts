import { findQuantile, spreadOf, twoSidedP } from '../student.ts';

/**
 * Welch's test of whether two samples have the same mean, their variances being unknown and different
 * (B. L. Welch, Biometrika 34, 1947).
 *
 * @param a at least two values, as `b`, and not all of both equal
 * @returns the statistic, the degrees of freedom, the two-sided p, and the 95 % interval's half width
 */
export function testWelch(
  a: readonly number[],
  b: readonly number[],
): { t: number; freedom: number; p: number; halfWidth: number } {
  const [first, second] = [spreadOf(a), spreadOf(b)];
  const [u, v] = [first.deviation! ** 2 / a.length, second.deviation! ** 2 / b.length];
  const error = Math.sqrt(u + v);
  const t = (first.mean - second.mean) / error;
  const freedom = (u + v) ** 2 / (u ** 2 / (a.length - 1) + v ** 2 / (b.length - 1));
  return { t, freedom, p: twoSidedP(t, freedom), halfWidth: findQuantile(freedom) * error };
}
