/** An image of ink on paper. */
export interface GrayImage {
  readonly width: number;
  readonly height: number;
  /** [height × width], row by row, from 0 (paper) to 1 (ink). */
  readonly pixels: Float32Array;
}

/** A rectangle in pixels; pixel (x, y) covers [x, x + 1] × [y, y + 1]. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A blank sheet of paper. */
export function blankImage(width: number, height: number): GrayImage {
  return { width, height, pixels: new Float32Array(width * height) };
}

/** Crops an image to a box of whole pixels inside it. */
export function crop({ width, pixels }: GrayImage, box: Box): GrayImage {
  const cropped = blankImage(box.width, box.height);
  for (let y = 0; y < box.height; y++) {
    const start = (box.top + y) * width + box.left;
    cropped.pixels.set(pixels.subarray(start, start + box.width), y * box.width);
  }
  return cropped;
}

/**
 * How a pixel spreads over its neighbors: with `area` not at all, so that a result is the mean of the area it covers;
 * with `linear` by linear interpolation, which makes smooth slopes when an image is enlarged.
 */
export type Spread = 'area' | 'linear';

/** Integral from −∞ to `x` of the weight of a pixel around its center. */
const integrals: Readonly<Record<Spread, (x: number) => number>> = {
  area: (x) => Math.max(0, Math.min(1, x + 0.5)),
  linear: (x) => {
    if (x <= -1) return 0;
    if (x >= 1) return 1;
    return x < 0 ? (1 + x) ** 2 / 2 : 1 - (1 - x) ** 2 / 2;
  },
};

/** The weights of the source pixels, from `first` on, in one result. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** The taps of `count` adjacent results, each `step` source pixels wide, the first one at `start`. */
function tapsOf(
  sourceLength: number,
  count: number,
  { start, step, spread }: { start: number; step: number; spread: Spread },
): Taps[] {
  const integral = integrals[spread];
  return Array.from({ length: count }, (_, i) => {
    const from = start + i * step;
    const to = from + step;
    const first = Math.max(0, Math.floor(from - 0.5));
    const last = Math.min(sourceLength - 1, Math.ceil(to + 0.5));
    const weights: number[] = [];
    for (let k = first; k <= last; k++) {
      weights.push((integral(to - k - 0.5) - integral(from - k - 0.5)) / step);
    }
    return { first, weights };
  });
}

/**
 * Scales an image: each result is the mean of the source over the area of its pixel (anti-aliased). There is paper
 * outside of the source.
 *
 * @param size of the result, in pixels
 * @param window the position of the result's upper left corner in the source, and result pixels per source pixel
 */
export function resample(
  source: GrayImage,
  size: { readonly width: number; readonly height: number },
  window: { readonly left: number; readonly top: number; readonly scale: number },
  spread: Spread = 'area',
): GrayImage {
  const step = 1 / window.scale;
  const across = tapsOf(source.width, size.width, { start: window.left, step, spread });
  const down = tapsOf(source.height, size.height, { start: window.top, step, spread });
  const narrow = blankImage(size.width, source.height);
  for (let y = 0; y < source.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const { first, weights } = across[x]!;
      let sum = 0;
      for (let k = 0; k < weights.length; k++) {
        sum += weights[k]! * source.pixels[y * source.width + first + k]!;
      }
      narrow.pixels[y * size.width + x] = sum;
    }
  }
  const result = blankImage(size.width, size.height);
  for (let y = 0; y < size.height; y++) {
    const { first, weights } = down[y]!;
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k]!;
      const from = (first + k) * size.width;
      for (let x = 0; x < size.width; x++) {
        result.pixels[y * size.width + x]! += weight * narrow.pixels[from + x]!;
      }
    }
  }
  return result;
}
