import type { ImageWord } from '../../../domain/dataSet.ts';
import { type Bins, fillBins } from '../../../experiment/inside/histogram.ts';
import { epsilonGrid } from '../../../experiment/queries/smallestEpsilon.ts';
import { formatCount, formatEpsilon } from '../../../ui/format.ts';

/** Four points of the grid of the search. */
const binWidth = 4 / epsilonGrid;

/** Bins from 0 on that hold every ε that was found. */
export function chooseSmallestBins(all: readonly Float32Array[]): Bins {
  const largest = Math.max(
    0.25,
    ...all.flatMap((epsilons) => Array.from(epsilons).filter(Number.isFinite)),
  );
  return { from: 0, width: binWidth, count: Math.floor(largest / binWidth) + 1 };
}

/** Shares of the digits in each bin; those that nothing was found for are in none. */
export function fillSmallestBins(epsilons: Float32Array, bins: Bins): Float64Array {
  const found = epsilons.filter(Number.isFinite);
  const share = epsilons.length === 0 ? 0 : found.length / epsilons.length;
  return fillBins(found, bins).map((part) => part * share);
}

/** A quarter, half and three quarters of the digits fool the network within these ε; Infinity where no ε was found. */
export interface SmallestSummary {
  readonly quarter: number;
  readonly median: number;
  readonly threeQuarters: number;
  /** Digits that are misread without any change, and that no ε was found for. */
  readonly misread: number;
  readonly unfooled: number;
  readonly count: number;
}

export function summarizeSmallest(epsilons: Float32Array): SmallestSummary {
  const sorted = epsilons.toSorted();
  /** The smallest ε within which at least this share of the digits fools the network. */
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return {
    quarter: at(0.25),
    median: at(0.5),
    threeQuarters: at(0.75),
    misread: sorted.filter((epsilon) => epsilon === 0).length,
    unfooled: sorted.filter((epsilon) => epsilon === Infinity).length,
    count: sorted.length,
  };
}

/** "0.16 (41 of 255)". */
export function formatLevels(epsilon: number): string {
  if (!Number.isFinite(epsilon)) return 'none found';
  return `${formatEpsilon(Number(epsilon.toPrecision(2)))} (${Math.round(255 * epsilon)} of 255)`;
}

/** "Median ε 0.16 (41 of 255). 3 of 200 digits are misread unchanged." */
export function describeSmallest(summary: SmallestSummary, word: ImageWord): string {
  const { median, misread, unfooled, count } = summary;
  const half = Number.isFinite(median)
    ? `Median ε ${formatLevels(median)}.`
    : `No ε was found for more than half of the ${word}s.`;
  const wrong =
    misread > 0
      ? ` ${formatCount(misread)} of ${formatCount(count)} ${word}s are misread unchanged.`
      : '';
  const left =
    unfooled > 0 && Number.isFinite(median) ? ` None was found for ${formatCount(unfooled)}.` : '';
  return `${half}${wrong}${left}`;
}
