/** Equal bins from `from` on; one of their borders is 0 if the values lie around it. */
export interface Bins {
  readonly from: number;
  readonly width: number;
  readonly count: number;
}

/** Bins of 1, 2 or 5 times a power of ten that hold all values: at most `most` of them. */
export function chooseBins(all: readonly Float32Array[], most: number): Bins {
  let low = Infinity;
  let high = -Infinity;
  for (const values of all) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue; // of a network that diverged
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (!(high > low)) {
    const from = Number.isFinite(low) ? Math.floor(low) : 0;
    return { from, width: 1, count: 1 };
  }
  const power = 10 ** Math.floor(Math.log10((high - low) / most));
  for (const factor of [1, 2, 5, 10, 20]) {
    const width = factor * power;
    const first = Math.floor(low / width);
    const count = Math.floor(high / width) - first + 1;
    if (count <= most) return { from: first * width, width, count };
  }
  throw new RangeError(`No bins hold ${low} to ${high}.`); // 20 times the smallest is enough
}

/** The share of the values in each bin; what lies outside counts in the first or the last one. */
export function fillBins(values: Float32Array, { from, width, count }: Bins): Float64Array {
  const shares = new Float64Array(count);
  for (const value of values) {
    const bin = Math.floor((value - from) / width);
    shares[Math.min(count - 1, Math.max(0, bin))]! += 1 / values.length;
  }
  return shares;
}

/** The lower border of a bin; without the rounding of repeated additions. */
export function borderOf({ from, width }: Bins, bin: number): number {
  return Number((from + bin * width).toPrecision(10));
}

/** The middle one of the values; of an even number the upper of the two. */
export function findMedian(values: Float32Array): number {
  return values.slice().sort()[Math.floor(values.length / 2)] ?? Number.NaN;
}
