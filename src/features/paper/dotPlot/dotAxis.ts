/** The horizontal axis of error rates, 0 to 1. */
export interface DotAxis {
  readonly isLogarithmic: boolean;
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

/** The axis includes values of the user's runs up to this multiple of the largest other value. */
const ownReach = 3;
/** The smallest error above 0 on a test set of 10,000 images. */
const smallestRate = 1e-4;
/** Smallest distance of two ticks as a fraction of the axis, so that their numbers do not touch on phones. */
const tickDistance = 0.15;
/** Ticks within a power of ten, in order of preference. */
const mantissas = [1, 2, 5, 3, 1.5, 7, 1.2, 4, 1.8, 6, 8, 2.5, 1.4, 1.6, 9, 3.5];

/** From 0 to 100 %, because errors under attack can have any value. */
export const wholeAxis: DotAxis = {
  isLogarithmic: false,
  min: 0,
  max: 1,
  ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
};

/**
 * A logarithmic axis for clean errors. It includes all published and reproduced values, and those of the user's
 * values that leave enough room for them. Other values are beyond its end.
 *
 * @param values not empty
 */
export function makeCleanAxis(values: readonly number[], own: readonly number[]): DotAxis {
  const fixed = values.map((value) => Math.max(smallestRate, value));
  const reach = ownReach * Math.max(...fixed);
  const near = own.map((value) => Math.max(smallestRate, value)).filter((value) => value <= reach);
  const min = 0.93 * Math.min(...fixed, ...near);
  const max = 1.08 * Math.max(...fixed, ...near);
  return { isLogarithmic: true, min, max, ticks: makeTicks(min, max) };
}

function makeTicks(min: number, max: number): number[] {
  const ticks: number[] = [];
  const at = (value: number): number => Math.log(value / min) / Math.log(max / min);
  for (const mantissa of mantissas) {
    for (let power = Math.floor(Math.log10(min)); power <= Math.log10(max); power++) {
      const tick = Number(`${mantissa}e${power}`);
      const isFree = ticks.every((other) => Math.abs(at(other) - at(tick)) >= tickDistance);
      if (tick >= min && tick <= max && isFree) ticks.push(tick);
    }
  }
  return ticks.sort((a, b) => a - b);
}

/** Position of a value: 0 at the start of the axis, 1 at its end; values beyond it are placed at the end. */
export function placeOn({ isLogarithmic, min, max }: DotAxis, value: number): number {
  const place = isLogarithmic
    ? Math.log(Math.max(smallestRate, value) / min) / Math.log(max / min)
    : (value - min) / (max - min);
  return Math.min(1, Math.max(0, place));
}

export function isBeyond({ max }: DotAxis, value: number): boolean {
  return value > max;
}
