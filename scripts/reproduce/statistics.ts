import { findQuantile, spreadOf } from '../student.ts';

/** A difference of means, and what seeds leave open of it. */
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
 * Mean of `second` less that of `first`, two samples that are not paired. Variances are pooled, as both are taken
 * to spread alike.
 *
 * @returns null where one has fewer than two values
 */
export function differenceOfMeans(
  first: readonly number[],
  second: readonly number[],
): Difference | null {
  const [a, b] = [spreadOf(first), spreadOf(second)];
  if (a.deviation === null || b.deviation === null) return null;
  const freedom = first.length + second.length - 2;
  const squares = a.deviation ** 2 * (first.length - 1) + b.deviation ** 2 * (second.length - 1);
  const pooled = squares / freedom;
  const standardError = Math.sqrt(pooled * (1 / first.length + 1 / second.length));
  return withInterval(b.mean - a.mean, standardError, Math.sqrt(pooled), freedom);
}

/** Mean of differences that were taken pair by pair. @returns null for fewer than two */
export function meanOfPairs(differences: readonly number[]): Difference | null {
  const { mean, deviation } = spreadOf(differences);
  if (deviation === null) return null;
  const standardError = deviation / Math.sqrt(differences.length);
  return withInterval(mean, standardError, deviation, differences.length - 1);
}

/** Whether the seeds leave open that there is no difference at all. */
export function containsZero({ low, high }: Difference): boolean {
  return low <= 0 && high >= 0;
}
