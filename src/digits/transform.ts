import { hashAt, type HashKey } from '../domain/random.ts';

const side = 28;
const pixelCount = side * side;

/** Changes of a digit that no attacker computed. */
export interface Transform {
  /** Pixels to the right and down; fractions interpolate. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** Degrees, clockwise, about the middle of the image. */
  readonly rotation: number;
  /** Pixels that strokes grow by at each edge; below 0 they shrink. */
  readonly thickness: number;
  /** Largest change of a pixel by random noise, uniform in ± this. */
  readonly noise: number;
}

export const noTransform: Transform = {
  shiftX: 0,
  shiftY: 0,
  rotation: 0,
  thickness: 0,
  noise: 0,
};

/** What the sliders reach. */
export const transformLimits = {
  shiftX: { min: -8, max: 8, step: 0.5 },
  shiftY: { min: -8, max: 8, step: 0.5 },
  rotation: { min: -90, max: 90, step: 1 },
  thickness: { min: -1, max: 1, step: 0.1 },
  noise: { min: 0, max: 0.5, step: 0.01 },
} as const satisfies Record<keyof Transform, { min: number; max: number; step: number }>;

/** The same noise each time, so that a slider back in its place brings back the same image. */
const noiseKey: HashKey = [0x2c1b3c6d, 0x297a2d39];

export function isTransformed(transform: Transform): boolean {
  return Object.values(transform).some((value) => value !== 0);
}

/**
 * A digit thickened or thinned, turned, shifted and with noise, in this order; clipped to 0 to 1.
 *
 * @param pixels [784] gray levels, 0 to 1
 * @returns [784]; the same array where nothing is to change
 */
export function transformDigit(pixels: Float32Array, transform: Transform): Float32Array {
  if (!isTransformed(transform)) return pixels;
  const thick = changeThickness(pixels, transform.thickness);
  const moved = move(thick, transform);
  if (transform.noise === 0) return moved;
  return moved.map((value, index) => {
    const uniform = (2 * hashAt(noiseKey, index)) / 2 ** 32 - 1;
    return Math.min(1, Math.max(0, value + transform.noise * uniform));
  });
}

/** Gray dilation or erosion by the four neighbors; a part of a pixel mixes it with what was before. */
function changeThickness(pixels: Float32Array, thickness: number): Float32Array {
  if (thickness === 0) return pixels;
  const extreme = thickness > 0 ? Math.max : Math.min;
  const weight = Math.min(1, Math.abs(thickness));
  return pixels.map((value, index) => {
    const column = index % side;
    const row = (index - column) / side;
    const changed = extreme(
      value,
      pixelAt(pixels, column - 1, row),
      pixelAt(pixels, column + 1, row),
      pixelAt(pixels, column, row - 1),
      pixelAt(pixels, column, row + 1),
    );
    return value + weight * (changed - value);
  });
}

/** Turns about the middle, then shifts, with bilinear interpolation; what comes in from outside is 0. */
function move(pixels: Float32Array, { rotation, shiftX, shiftY }: Transform): Float32Array {
  if (rotation === 0 && shiftX === 0 && shiftY === 0) return pixels;
  const middle = (side - 1) / 2;
  const angle = (rotation * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const moved = new Float32Array(pixelCount);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const x = column - shiftX - middle;
      const y = row - shiftY - middle;
      const from = { x: middle + cos * x + sin * y, y: middle - sin * x + cos * y };
      moved[row * side + column] = sample(pixels, from.x, from.y);
    }
  }
  return moved;
}

function sample(pixels: Float32Array, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, bottom] = [x - left, y - top];
  return (
    (1 - bottom) *
      ((1 - right) * pixelAt(pixels, left, top) + right * pixelAt(pixels, left + 1, top)) +
    bottom *
      ((1 - right) * pixelAt(pixels, left, top + 1) + right * pixelAt(pixels, left + 1, top + 1))
  );
}

function pixelAt(pixels: Float32Array, column: number, row: number): number {
  if (column < 0 || row < 0 || column >= side || row >= side) return 0;
  return pixels[row * side + column]!;
}
