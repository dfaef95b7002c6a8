import { findQuantile, meanAndStd } from '../../src/domain/statistics.ts';

/** A difference of means, with the uncertainty that the choice of seeds gives it. */
export interface Difference {
  readonly mean: number;
  readonly standardError: number;
  /** Standard deviation of a single run, or of a single pair's difference. */
  readonly spread: number;
  /** 95 % confidence interval, by Student's distribution. */
  readonly low: number;
  readonly high: number;
}

function withInterval(
  mean: number,
  standardError: number,
  spread: number,
  freedom: number,
): Difference {
  const reach = findQuantile(freedom) * standardError;
  return { mean, standardError, spread, low: mean - reach, high: mean + reach };
}

/**
 * Mean of `second` minus mean of `first`, two unpaired samples. The variances are pooled: both samples are
 * assumed to have the same one.
 *
 * @returns null if either sample has fewer than two values
 */
export function differenceOfMeans(
  first: readonly number[],
  second: readonly number[],
): Difference | null {
  const [a, b] = [meanAndStd(first), meanAndStd(second)];
  if (a.deviation === null || b.deviation === null) return null;
  const freedom = first.length + second.length - 2;
  const squares = a.deviation ** 2 * (first.length - 1) + b.deviation ** 2 * (second.length - 1);
  const pooled = squares / freedom;
  const standardError = Math.sqrt(pooled * (1 / first.length + 1 / second.length));
  return withInterval(b.mean - a.mean, standardError, Math.sqrt(pooled), freedom);
}

/** Mean of paired differences. @returns null for fewer than two */
export function meanOfPairs(differences: readonly number[]): Difference | null {
  const { mean, deviation } = meanAndStd(differences);
  if (deviation === null) return null;
  const standardError = deviation / Math.sqrt(differences.length);
  return withInterval(mean, standardError, deviation, differences.length - 1);
}

export function containsZero({ low, high }: Difference): boolean {
  return low <= 0 && high >= 0;
}
