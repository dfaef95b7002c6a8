/** The first index whose value is not below `x`, or the length if there is none. Values are ascending. */
export function findFirstFrom(xs: Float64Array, x: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index of the value nearest to `x`, the last one on a tie, or −1 if there are no values. */
export function findNearest(xs: Float64Array, x: number): number {
  const after = findFirstFrom(xs, x);
  if (after === 0) return xs.length === 0 ? -1 : findLastOf(xs, 0);
  if (after === xs.length) return xs.length - 1;
  const isBefore = x - xs[after - 1]! < xs[after]! - x;
  return isBefore ? after - 1 : findLastOf(xs, after);
}

/** The last index with the same value: the newest of several measurements at one moment. */
function findLastOf(xs: Float64Array, index: number): number {
  let last = index;
  while (last + 1 < xs.length && xs[last + 1] === xs[index]) last++;
  return last;
}

/** The next measured x of any series after or before `x`, or null if there is none. */
export function findNeighbor(
  all: readonly Float64Array[],
  x: number,
  direction: 1 | -1,
): number | null {
  const candidates = all.flatMap((xs) => {
    let index = findFirstFrom(xs, x);
    if (direction === -1) return index > 0 ? [xs[index - 1]!] : [];
    while (index < xs.length && xs[index]! <= x) index++;
    return index < xs.length ? [xs[index]!] : [];
  });
  if (candidates.length === 0) return null;
  return direction === 1 ? Math.min(...candidates) : Math.max(...candidates);
}
