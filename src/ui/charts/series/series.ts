import type { RunStyle } from '../../runStyles.ts';
import { sampleExtremes } from './sampling.ts';
import { smooth } from './smoothing.ts';

/** Largest number of points of a run's line; more would slow down drawing without a visible difference. */
export const maxDrawnPoints = 120;

export interface DrawnPoint {
  readonly x: number;
  readonly y: number;
  /** Whether it was measured on all images, which is shown by a large filled mark. */
  readonly isFull: boolean;
}

/** A run as legends and charts name it. */
export interface RunLabel {
  readonly id: string;
  readonly name: string;
  readonly runStyle: RunStyle;
  /** From a saved experiment: drawn thinner and grayer. */
  readonly isReference: boolean;
}

/** The data that a chart draws for one run. */
export interface ChartSeries extends RunLabel {
  /** Measured before the run trained further: drawn grayer. */
  readonly isStale: boolean;
  /** The x of every measured point, ascending; the cursor snaps to these. */
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  /** Lines through at most `maxDrawnPoints` of the points, with gaps between lines. */
  readonly lines: readonly (readonly DrawnPoint[])[];
  /** Faint points beneath the lines: the measured values of smoothed lines, or older measurements. */
  readonly faint: readonly DrawnPoint[];
  /** An area behind the line, from one value to another at each x: what is between two bounds. */
  readonly band?: readonly { readonly x: number; readonly low: number; readonly high: number }[];
  /** The band is an interval around the line, which has no edge of its own. */
  readonly isInterval?: boolean;
  /** A measured point in words; the details are its moment and images. */
  readonly describe: (index: number) => {
    readonly value: string;
    readonly details: readonly string[];
  };
}

interface LineInput {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly isFull?: (index: number) => boolean;
  /** Whether a new line begins at a point, because it measures something else than the previous one. */
  readonly isBreak?: (index: number) => boolean;
  /** Weight of the past in the exponential moving average, 0 (none) to below 1. */
  readonly smoothing?: number;
}

const never = (): boolean => false;

/** The lines and faint points of a series: smoothed, then thinned, then cut where they break. */
export function makeLines(input: LineInput): Pick<ChartSeries, 'lines' | 'faint'> {
  const { xs, ys, isFull = never, isBreak = never, smoothing = 0 } = input;
  const isSmoothed = smoothing > 0;
  const drawn = isSmoothed ? smooth(ys, smoothing, isBreak) : ys;
  const budget = isSmoothed ? maxDrawnPoints / 2 : maxDrawnPoints;
  const at = (values: Float64Array, index: number): DrawnPoint => ({
    x: xs[index]!,
    y: values[index]!,
    isFull: isFull(index),
  });
  const lines: DrawnPoint[][] = [];
  let next = 0;
  for (const index of sampleExtremes(drawn, budget)) {
    // The break may be at a point that was removed by thinning.
    let breaks = lines.length === 0;
    for (; next <= index; next++) breaks ||= isBreak(next);
    if (breaks) lines.push([]);
    lines.at(-1)!.push(at(drawn, index));
  }
  const faint = isSmoothed ? sampleExtremes(ys, budget).map((index) => at(ys, index)) : [];
  return { lines, faint };
}

/** The band of an interval around the mean of a number from 0 to `most`, of at most as many points as a line. */
export function makeBand(
  xs: Float64Array,
  means: Float64Array,
  reaches: Float64Array,
  most: number,
): NonNullable<ChartSeries['band']> {
  return sampleExtremes(means, maxDrawnPoints).map((index) => {
    const [mean, reach] = [means[index]!, reaches[index]!];
    return { x: xs[index]!, low: Math.max(0, mean - reach), high: Math.min(most, mean + reach) };
  });
}

/** One number per element. A loop, because `Float64Array.from` is many times slower for long lists. */
export function toNumbers<T>(list: readonly T[], pick: (element: T) => number): Float64Array {
  const numbers = new Float64Array(list.length);
  for (let index = 0; index < list.length; index++) numbers[index] = pick(list[index]!);
  return numbers;
}
