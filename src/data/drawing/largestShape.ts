import { blankImage, type GreyImage } from './greyImage.ts';

/** Ink that holds a shape together. */
const solid = 0.25;
/** A shape with less ink than this share of the largest one's is a speck. */
const speckShare = 0.05;
/** How much of the largest shape another must have to be preferred for not touching the edge. */
const preferredShare = 0.1;

interface Shape {
  readonly ink: number;
  readonly touchesEdge: boolean;
}

/**
 * Leaves of an image its largest shape and all others but specks, so that a 5 or a 4 of two strokes stays
 * whole. Shapes that touch the edge go (the edge of the paper, a shadow), unless there is no other.
 */
export function largestShape(image: GreyImage): GreyImage {
  const { width, height, pixels } = image;
  const { shapes, owner } = findShapes(image);
  if (shapes.length === 0) return blankImage(width, height);
  const mostOf = (some: readonly Shape[]) => some.reduce((most, { ink }) => Math.max(most, ink), 0);
  const inner = shapes.filter(({ touchesEdge }) => !touchesEdge);
  const prefersInner = mostOf(inner) >= preferredShare * mostOf(shapes);
  const candidates = prefersInner ? inner : shapes;
  const enough = speckShare * mostOf(candidates);
  const kept = shapes.map((shape) => shape.ink >= enough && !(prefersInner && shape.touchesEdge));
  return { width, height, pixels: pixels.map((ink, i) => (kept[owner[i]!] ? ink : 0)) };
}

/** Shapes of solid ink that hangs together; each faint pixel belongs to the solid one beside it. */
function findShapes({ width, height, pixels }: GreyImage): {
  shapes: Shape[];
  /** [height × width], the index of a pixel's shape; −1 for none. */
  owner: Int32Array;
} {
  const owner = new Int32Array(pixels.length).fill(-1);
  const shapes: Shape[] = [];
  const queue = new Int32Array(pixels.length);
  const neighbours = (i: number): number[] => {
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
      for (const at of neighbours(i)) {
        // Faint ink ends a shape: it is taken along, and nothing is sought from there.
        if (owner[at] !== -1 || pixels[at] === 0) continue;
        owner[at] = shape;
        if (pixels[at]! >= solid) queue[written++] = at;
      }
    }
    shapes.push({ ink, touchesEdge });
  }
  return { shapes, owner };
}
