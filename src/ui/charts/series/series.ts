import type { RunLook } from '../../runLooks.ts';
import { sampleExtremes } from './sampling.ts';
import { smooth } from './smoothing.ts';

/** Points that a run's line may have; more cost more to draw than they show. */
export const maxDrawnPoints = 120;

/** A point of a line. */
export interface DrawnPoint {
  readonly x: number;
  readonly y: number;
  /** Measured on all images, which a large filled mark shows. */
  readonly isFull: boolean;
}

/** A measured point in words. */
export interface PointText {
  readonly value: string;
  /** Where and on what it was measured. */
  readonly details: readonly string[];
}

/** What a chart draws of one run. */
export interface ChartSeries {
  readonly id: string;
  readonly name: string;
  readonly look: RunLook;
  /** Of a kept race: thinner and greyer. */
  readonly isReference: boolean;
  /** Measured before the run moved on: greyer. */
  readonly isStale: boolean;
  /** Every measured point, by rising x: what a person points at. */
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  /** Lines through at most `maxDrawnPoints` of them; between two lines is a gap. */
  readonly lines: readonly (readonly DrawnPoint[])[];
  /** Points faintly beneath the lines: measured values where the lines are smoothed, or older ones. */
  readonly faint: readonly DrawnPoint[];
  readonly describe: (index: number) => PointText;
}

interface LineInput {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly isFull: (index: number) => boolean;
  /** Whether a new line begins at a point, because it does not measure the same as the one before it. */
  readonly isBreak: (index: number) => boolean;
  /** Weight of the past in the exponential moving average, 0 (none) to below 1. */
  readonly smoothing: number;
}

/** The lines and faint points of a series: smoothed, then thinned, then cut where they break. */
export function makeLines(input: LineInput): Pick<ChartSeries, 'lines' | 'faint'> {
  const { xs, ys, isFull, isBreak, smoothing } = input;
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
    // A break may fall on a point that was thinned away.
    let breaks = lines.length === 0;
    for (; next <= index; next++) breaks ||= isBreak(next);
    if (breaks) lines.push([]);
    lines.at(-1)!.push(at(drawn, index));
  }
  const faint = isSmoothed ? sampleExtremes(ys, budget).map((index) => at(ys, index)) : [];
  return { lines, faint };
}

/** One number of each element. A loop: `Float64Array.from` takes many times longer for long lists. */
export function toNumbers<T>(list: readonly T[], pick: (element: T) => number): Float64Array {
  const numbers = new Float64Array(list.length);
  for (let index = 0; index < list.length; index++) numbers[index] = pick(list[index]!);
  return numbers;
}
