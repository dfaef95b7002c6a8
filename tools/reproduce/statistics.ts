import { findQuantile, meanAndStd } from '../../src/domain/statistics.ts';

/** A difference of means, with the uncertainty that the choice of seeds gives it, or of seeds and test images. */
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

/**
 * The mean of paired differences, with the uncertainty that both the choice of seeds and the choice of test images give it:
 * the squares of the two intervals' halves are added (Zou and Donner, Statistics in Medicine 27, 2008). What varies with
 * seed and image together counts twice, so the interval is rather too wide than too narrow.
 *
 * @param bySeed [seeds][images] difference for each test image
 * @returns null for fewer than two seeds
 */
export function meanOverSeedsAndImages(bySeed: readonly Int8Array[]): Difference | null {
  const [seeds, images] = [bySeed.length, bySeed[0]?.length ?? 0];
  if (seeds < 2 || images < 2) return null;
  const meanAt = (image: number): number =>
    bySeed.reduce((sum, all) => sum + all[image]!, 0) / seeds;
  const overSeeds = meanOfPairs(
    bySeed.map((all) => all.reduce((sum, one) => sum + one, 0) / images),
  )!;
  const overImages = meanOfPairs(Array.from({ length: images }, (_, image) => meanAt(image)))!;
  const { mean, spread } = overSeeds;
  const reach = Math.hypot(overSeeds.high - mean, overImages.high - mean);
  const standardError = Math.hypot(overSeeds.standardError, overImages.standardError);
  return { mean, standardError, spread, low: mean - reach, high: mean + reach };
}

export function containsZero({ low, high }: Difference): boolean {
  return low <= 0 && high >= 0;
}
