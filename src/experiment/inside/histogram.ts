/** Equal bins starting at `from`; one bin edge is 0 if the values include both signs. */
export interface Bins {
  readonly from: number;
  readonly width: number;
  readonly count: number;
}

/** At most `most` bins that hold all values, with a width of 1, 2 or 5 times a power of ten. */
export function chooseBins(all: readonly Float32Array[], most: number): Bins {
  let low = Infinity;
  let high = -Infinity;
  for (const values of all) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue; // of a diverged network
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

/** The fraction of the values in each bin; values outside count in the first or last bin. */
export function fillBins(values: Float32Array, { from, width, count }: Bins): Float64Array {
  const shares = new Float64Array(count);
  for (const value of values) {
    const bin = Math.floor((value - from) / width);
    shares[Math.min(count - 1, Math.max(0, bin))]! += 1 / values.length;
  }
  return shares;
}

/** The lower edge of a bin, without accumulated rounding errors. */
export function borderOf({ from, width }: Bins, bin: number): number {
  return Number((from + bin * width).toPrecision(10));
}

/** The median; for an even number of values the upper of the two middle ones. */
export function findMedian(values: Float32Array): number {
  return values.slice().sort()[Math.floor(values.length / 2)] ?? Number.NaN;
}
