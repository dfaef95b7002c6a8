import type { Stroke } from '../../digits/rasterizeStrokes.ts';

/** A point on the pad: 0 to 1 from its left and upper edge. */
export type Point = Stroke['points'][number];

/** The content of the pad: a digit placed there, and strokes drawn over it. */
export interface Pad {
  /** [784] gray levels 0 to 1, the networks' input; null if no digit was placed. */
  readonly base: Float32Array | null;
  readonly strokes: readonly Stroke[];
}

export const emptyPad: Pad = { base: null, strokes: [] };

/** Thickness of the pen as a fraction of the pad's side. MNIST's strokes are 2 to 3 of 28 pixels thick. */
export const penThickness = { min: 0.03, max: 0.15, initial: 0.08, step: 0.01 } as const;

/**
 * A drawing with more points or strokes than this is a scribble; the pen then draws no further. A stroke
 * may leave the pad and return: it is followed up to `farthest`, and as far on the other sides.
 */
export const padLimits = { strokes: 500, pointsPerStroke: 5000, farthest: 2 } as const;

export function isPadEmpty({ base, strokes }: Pad): boolean {
  return base === null && strokes.length === 0;
}

/** The pad with a new stroke that starts at a point. */
export function beginStroke(pad: Pad, point: Point, thickness: number): Pad {
  if (pad.strokes.length >= padLimits.strokes) return pad;
  return { ...pad, strokes: [...pad.strokes, { points: [clamp(point)], thickness }] };
}

/** The pad with its last stroke extended by some points. */
export function extendStroke(pad: Pad, points: readonly Point[]): Pad {
  const last = pad.strokes.at(-1);
  if (last === undefined || last.points.length + points.length > padLimits.pointsPerStroke) {
    return pad;
  }
  const longer: Stroke = { ...last, points: [...last.points, ...points.map(clamp)] };
  return { ...pad, strokes: [...pad.strokes.slice(0, -1), longer] };
}

function clamp({ x, y }: Point): Point {
  const within = (part: number): number =>
    Math.min(padLimits.farthest, Math.max(1 - padLimits.farthest, part));
  return { x: within(x), y: within(y) };
}
