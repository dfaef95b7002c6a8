/**
 * Indices of at most `most` values that preserve the shape of a line through all of them: from each group of
 * neighbors the first, smallest, largest and last. The group size is a power of two, so that groups stay
 * in place while values are added.
 *
 * @param most at least 8
 */
export function sampleExtremes(values: Float64Array, most: number): number[] {
  const count = values.length;
  if (count <= most) return Array.from(values, (_, index) => index);
  const size = 2 ** Math.ceil(Math.log2(count / Math.floor(most / 4)));
  // The last group may be incomplete, but it uses as much of the budget as the others.
  const groupSize = Math.ceil(count / size) * 4 > most ? 2 * size : size;
  const kept: number[] = [];
  for (let start = 0; start < count; start += groupSize) {
    const end = Math.min(start + groupSize, count);
    let least = start;
    let largest = start;
    for (let index = start; index < end; index++) {
      if (values[index]! < values[least]!) least = index;
      if (values[index]! > values[largest]!) largest = index;
    }
    for (const index of [start, Math.min(least, largest), Math.max(least, largest), end - 1]) {
      if (kept.at(-1) !== index && index > (kept.at(-1) ?? -1)) kept.push(index);
    }
  }
  return kept;
}
