import type { RunStyle } from '../runStyles.ts';

/** Corners of the marks as x, y, x, y …; the star alternates between an outer and an inner radius. */
const corners: Readonly<Record<Exclude<RunStyle['marker'], 'circle'>, readonly number[]>> = {
  square: [-0.9, -0.9, 0.9, -0.9, 0.9, 0.9, -0.9, 0.9],
  triangle: [0, -1.15, 1.1, 0.85, -1.1, 0.85],
  diamond: [0, -1.25, 1.25, 0, 0, 1.25, -1.25, 0],
  cross: [
    -0.4, -1.1, 0.4, -1.1, 0.4, -0.4, 1.1, -0.4, 1.1, 0.4, 0.4, 0.4, 0.4, 1.1, -0.4, 1.1, -0.4, 0.4,
    -1.1, 0.4, -1.1, -0.4, -0.4, -0.4,
  ],
  star: Array.from({ length: 10 }, (_, corner) => {
    const radius = corner % 2 === 0 ? 1.3 : 0.55;
    const angle = (Math.PI * corner) / 5;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  }).flat(),
  bar: [-0.45, -1.2, 0.45, -1.2, 0.45, 1.2, -0.45, 1.2],
  down: [0, 1.15, 1.1, -0.85, -1.1, -0.85],
  hourglass: [-1, -1.15, 1, -1.15, -1, 1.15, 1, 1.15],
};

const round = (value: number): number => Math.round(value * 10) / 10;

/** SVG path of a run's mark centered at (x, y); `size` is half its width in pixels. */
export function markerPath(marker: RunStyle['marker'], x: number, y: number, size: number): string {
  if (marker === 'circle') {
    const r = round(size);
    return `M${round(x - size)},${round(y)}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`;
  }
  const places = corners[marker].map((offset, i) => round((i % 2 === 0 ? x : y) + offset * size));
  // After M, further pairs of numbers are lines.
  return `M${places.join()}Z`;
}

/** Half widths in pixels of marks for measurements on all images and on only the first ones. */
export const markerSizes = { full: 4.5, first: 2.75 } as const;
/** Smallest distance between two marks in pixels; on a line with many points only some are marked. */
const spacings = { few: 12, many: 40 } as const;
const manyPoints = 60;

/**
 * The points that get a mark: few enough that the line stays visible, with points measured on all images first.
 *
 * @param pixel units of the horizontal axis per pixel
 */
export function chooseMarked<T extends { readonly x: number; readonly isFull: boolean }>(
  points: readonly T[],
  pixel: number,
): T[] {
  const spacing = pixel * (points.length > manyPoints ? spacings.many : spacings.few);
  const marked: T[] = [];
  for (const isFull of [true, false]) {
    const others = [...marked];
    let next = 0;
    let last = -Infinity;
    for (const point of points) {
      if (point.isFull !== isFull || point.x - last < spacing) continue;
      while (next < others.length && others[next]!.x <= point.x - spacing) next++;
      if (next < others.length && others[next]!.x < point.x + spacing) continue;
      marked.push(point);
      last = point.x;
    }
    if (isFull) marked.sort((a, b) => a.x - b.x);
  }
  return marked;
}
