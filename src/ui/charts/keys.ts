import { findNeighbor } from './series/nearest.ts';
import type { ChartSeries } from './series/series.ts';

/** Fraction of the axis that Page Up and Page Down move by. */
const pageShare = 0.1;

/** The new position of the cursor: null removes it, undefined leaves the key to the browser. */
export function findKeyTarget(
  key: string,
  series: readonly Pick<ChartSeries, 'xs'>[],
  place: number | null,
  axisLength: number,
): number | null | undefined {
  const all = series.map(({ xs }) => xs).filter((xs) => xs.length > 0);
  if (all.length === 0) return undefined;
  const first = Math.min(...all.map((xs) => xs[0]!));
  const last = Math.max(...all.map((xs) => xs.at(-1)!));
  const page = pageShare * axisLength;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return place === null ? last : (findNeighbor(all, place, 1) ?? last);
    case 'ArrowLeft':
    case 'ArrowDown':
      return place === null ? last : (findNeighbor(all, place, -1) ?? first);
    case 'PageUp':
      return Math.min(last, (place ?? last) + page);
    case 'PageDown':
      return Math.max(first, (place ?? last) - page);
    case 'Home':
      return first;
    case 'End':
      return last;
    case 'Escape':
      return place === null ? undefined : null;
    default:
      return undefined;
  }
}
