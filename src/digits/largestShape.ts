import { blankImage, type GrayImage } from './grayImage.ts';

/** Ink at least this dark connects a shape. */
const solid = 0.25;
/** A shape with less than this fraction of the largest one's ink is a speck. */
const speckShare = 0.05;
/** A shape that does not touch the edge is preferred if it has at least this fraction of the largest one's ink. */
const preferredShare = 0.1;

interface Shape {
  readonly ink: number;
  readonly touchesEdge: boolean;
}

/**
 * Keeps the largest shape of an image and all others except specks, so that a 5 or a 4 of two strokes stays complete.
 * Removes shapes that touch the edge (the edge of the paper, a shadow), unless there are no others.
 */
export function largestShape(image: GrayImage): GrayImage {
  const { width, height, pixels } = image;
  const { shapes, owner } = findShapes(image);
  if (shapes.length === 0) return blankImage(width, height);
  const largestInk = (some: readonly Shape[]) =>
    some.reduce((largest, { ink }) => Math.max(largest, ink), 0);
  const inner = shapes.filter(({ touchesEdge }) => !touchesEdge);
  const prefersInner = largestInk(inner) >= preferredShare * largestInk(shapes);
  const candidates = prefersInner ? inner : shapes;
  const enough = speckShare * largestInk(candidates);
  const kept = shapes.map((shape) => shape.ink >= enough && !(prefersInner && shape.touchesEdge));
  return { width, height, pixels: pixels.map((ink, i) => (kept[owner[i]!] ? ink : 0)) };
}

/** Finds connected shapes of solid ink; each faint pixel belongs to the solid pixel beside it. */
function findShapes({ width, height, pixels }: GrayImage): {
  shapes: Shape[];
  /** [height × width], the index of a pixel's shape; −1 for none. */
  owner: Int32Array;
} {
  const owner = new Int32Array(pixels.length).fill(-1);
  const shapes: Shape[] = [];
  const queue = new Int32Array(pixels.length);
  const neighbors = (i: number): number[] => {
    const x = i % width;
    const found: number[] = [];
    for (let dy = -width; dy <= width; dy += width) {
      for (let dx = -1; dx <= 1; dx++) {
        const at = i + dy + dx;
        if (at < 0 || at >= pixels.length || x + dx < 0 || x + dx >= width) continue;
        found.push(at);
      }
    }
    return found;
  };
  for (let seed = 0; seed < pixels.length; seed++) {
    if (pixels[seed]! < solid || owner[seed] !== -1) continue;
    let [ink, touchesEdge, read, written] = [0, false, 0, 0];
    const shape = shapes.length;
    owner[seed] = shape;
    queue[written++] = seed;
    while (read < written) {
      const i = queue[read++]!;
      const [x, y] = [i % width, Math.floor(i / width)];
      ink += pixels[i]!;
      touchesEdge ||= x === 0 || y === 0 || x === width - 1 || y === height - 1;
      for (const at of neighbors(i)) {
        // Faint ink belongs to the shape, but the search does not continue from there.
        if (owner[at] !== -1 || pixels[at] === 0) continue;
        owner[at] = shape;
        if (pixels[at]! >= solid) queue[written++] = at;
      }
    }
    shapes.push({ ink, touchesEdge });
  }
  return { shapes, owner };
}
