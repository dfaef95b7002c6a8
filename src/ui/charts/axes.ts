import type { ChartSeries } from './series/series.ts';

/** The vertical axis of a chart. A logarithmic one needs a floor above 0. */
export interface VerticalAxis {
  readonly isLogarithmic: boolean;
  readonly floor: number;
  readonly top: number;
  /** Whether values at the start are above the top. */
  readonly isCut: boolean;
}

/** Ticks of an axis from 0 that includes `largest`, in steps of 1, 2 or 5 times a power of ten. */
export function makeTicks(largest: number): number[] {
  const span = Math.max(largest, 0.001);
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const unit = [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= 6)!;
  const count = Math.ceil(span / unit - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * unit).toPrecision(6)));
}

/** The end of an axis from 0 that includes `largest`, or 1 when there are no values. */
export function findAxisEnd(largest: number): number {
  return makeTicks(largest || 1).at(-1)!;
}

const mantissas = [1, 2, 5];

/** Numbers that are 1, 2 or 5 times a power of ten, from the last one ≤ `floor` to the first one ≥ `top`. */
function surround(floor: number, top: number): number[] {
  const first = Math.floor(Math.log10(floor));
  const last = Math.ceil(Math.log10(top));
  const all: number[] = [];
  for (let power = first; power <= last; power++) {
    for (const mantissa of mantissas) all.push(Number(`${mantissa}e${power}`));
  }
  const start = all.findLastIndex((tick) => tick <= floor * (1 + 1e-9));
  const end = all.findIndex((tick) => tick >= top * (1 - 1e-9));
  return all.slice(Math.max(0, start), end === -1 ? undefined : end + 1);
}

/** Ticks of a logarithmic axis: powers of ten, and values between them if there are only few. */
export function makeLogTicks(floor: number, top: number): number[] {
  const all = surround(floor, top);
  if (all.length <= 7) return all;
  return all.filter((tick) => Number.isInteger(Number(Math.log10(tick).toFixed(9))));
}

/** The fraction of the horizontal axis whose values may be cut off when all later ones are far lower. */
const startShare = 0.1;

interface AxisOptions {
  readonly isLogarithmic: boolean;
  /** Replaces smaller values on a logarithmic axis. */
  readonly smallest: number;
  readonly largest?: number;
}

/**
 * The vertical axis for some series. A linear one cuts off the start when it is more than twice as high
 * as everything after it; otherwise the steep fall of the first steps would flatten the rest.
 */
export function findVerticalAxis(
  series: readonly ChartSeries[],
  { isLogarithmic, smallest, largest = Infinity }: AxisOptions,
): VerticalAxis {
  let end = 0;
  for (const { xs } of series) end = Math.max(end, xs.at(-1) ?? 0);
  let floor = Infinity;
  let peak = 0;
  let laterPeak = 0;
  let laterCount = 0;
  for (const { xs, ys } of series) {
    for (let index = 0; index < ys.length; index++) {
      const y = ys[index]!;
      if (y < floor) floor = y;
      if (y > peak) peak = y;
      if (xs[index]! < end * startShare) continue;
      laterCount++;
      if (y > laterPeak) laterPeak = y;
    }
  }
  if (peak === 0)
    return { isLogarithmic: false, floor: 0, top: Math.min(1, largest), isCut: false };
  if (isLogarithmic) {
    const ticks = surround(Math.max(smallest, floor), Math.max(smallest * 10, peak));
    return { isLogarithmic, floor: ticks[0]!, top: ticks.at(-1)!, isCut: false };
  }
  const isCut = laterCount >= 4 * series.length && laterPeak > 0 && peak > 2 * laterPeak;
  const top = Math.min(largest, findAxisEnd(isCut ? laterPeak * 1.05 : peak));
  return { isLogarithmic, floor: 0, top, isCut: isCut && peak > top };
}

export function ticksOf({ isLogarithmic, floor, top }: Omit<VerticalAxis, 'isCut'>): number[] {
  return isLogarithmic ? makeLogTicks(floor, top) : makeTicks(top);
}
