/**
 * Distorts a digit like handwriting: changes its size, position and thickness, after enlarging it by bicubic
 * interpolation.
 */
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { blankImage, type GrayImage } from '../../src/digits/grayImage.ts';

/** Pixels of the enlarged image per pixel of the original, in each direction. */
const enlargement = 10;

export interface Distortion {
  /** Factor of the size. */
  readonly scale: number;
  /** In widths and heights of the original image. */
  readonly shiftX: number;
  readonly shiftY: number;
  /** Distance in pixels of the original by which every outline moves outward. */
  readonly growth: number;
}

/** Ranges of the random distortions. */
export const limits = { scale: [0.6, 1.4], shift: 0.2, growth: 0.5 } as const;

/** The distortion that does not change an image. */
export const none: Distortion = { scale: 1, shiftX: 0, shiftY: 0, growth: 0 };

export function drawDistortion(generator: RandomGenerator): Distortion {
  const between = (from: number, to: number): number =>
    from + (to - from) * uniformFloat64(generator);
  return {
    scale: between(...limits.scale),
    shiftX: between(-limits.shift, limits.shift),
    shiftY: between(-limits.shift, limits.shift),
    growth: between(-limits.growth, limits.growth),
  };
}

/**
 * Distorts an image and enlarges it ten times, on a square that is large enough for all its ink.
 *
 * @param image square, such as 28 × 28
 */
export function distort(
  image: GrayImage,
  { scale, shiftX, shiftY, growth }: Distortion,
): GrayImage {
  const factor = enlargement * scale;
  const roomFor = limits.scale[1] + 2 * limits.shift;
  const side = Math.ceil(image.width * enlargement * roomFor) + 2 * enlargement;
  const center = side / 2;
  const start = (shift: number): number =>
    center + image.width * (enlargement * shift - factor / 2);
  const enlarged = enlarge(image, side, { factor, left: start(shiftX), top: start(shiftY) });
  const radius = Math.abs(growth) * factor;
  if (growth >= 0) return dilate(enlarged, radius);
  return invert(dilate(invert(enlarged), radius));
}

/** Keys's cubic convolution kernel with a = −1/2, which reproduces second-degree polynomials. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}

/** Weights [side × length] of the source pixels in each result along one axis. */
function cubicWeights(length: number, side: number, start: number, factor: number): Float64Array {
  const weights = new Float64Array(side * length);
  for (let i = 0; i < side; i++) {
    const at = (i + 0.5 - start) / factor - 0.5;
    const first = Math.max(0, Math.floor(at) - 1);
    const last = Math.min(length - 1, Math.floor(at) + 2);
    for (let k = first; k <= last; k++) weights[i * length + k] = cubic(at - k);
  }
  return weights;
}

/** Bicubic enlargement, surrounded by paper; values outside [0, 1] are clipped. */
function enlarge(
  { width, height, pixels }: GrayImage,
  side: number,
  { factor, left, top }: { factor: number; left: number; top: number },
): GrayImage {
  const across = cubicWeights(width, side, left, factor);
  const down = cubicWeights(height, side, top, factor);
  const wide = new Float64Array(height * side);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < side; x++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += across[x * width + k]! * pixels[y * width + k]!;
      wide[y * side + x] = sum;
    }
  }
  const result = blankImage(side, side);
  for (let y = 0; y < side; y++) {
    const sums = new Float64Array(side);
    for (let k = 0; k < height; k++) {
      const weight = down[y * height + k]!;
      if (weight === 0) continue;
      for (let x = 0; x < side; x++) sums[x]! += weight * wide[k * side + x]!;
    }
    for (let x = 0; x < side; x++) {
      result.pixels[y * side + x] = Math.max(0, Math.min(1, sums[x]!));
    }
  }
  return result;
}

/** Gray dilation by a disc of whole pixels: the largest value within `radius`. */
function dilate(image: GrayImage, radius: number): GrayImage {
  const { width, height, pixels } = image;
  const reach = Math.floor(radius);
  if (reach < 1) return image;
  const result = blankImage(width, height);
  result.pixels.set(pixels);
  // Only the area around pixels that differ from the paper in the corner can change.
  const paper = pixels[0];
  let [left, top, right, bottom] = [width, height, 0, 0];
  pixels.forEach((ink, at) => {
    if (ink === paper) return;
    const [x, y] = [at % width, Math.floor(at / width)];
    left = Math.min(left, Math.max(0, x - reach));
    right = Math.max(right, Math.min(width, x + 1 + reach));
    top = Math.min(top, Math.max(0, y - reach));
    bottom = Math.max(bottom, Math.min(height, y + 1 + reach));
  });
  const row = new Float32Array(Math.max(0, right - left));
  for (let dy = -reach; dy <= reach; dy++) {
    const half = Math.floor(Math.sqrt(radius * radius - dy * dy));
    for (let y = Math.max(top, -dy); y < Math.min(bottom, height - dy); y++) {
      const from = (y + dy) * width;
      largestAround(pixels.subarray(from + left, from + right), half, row);
      for (let x = 0; x < row.length; x++) {
        const at = y * width + left + x;
        if (row[x]! > result.pixels[at]!) result.pixels[at] = row[x]!;
      }
    }
  }
  return result;
}

/** Writes to each element of `result` the largest value within `half` elements. */
function largestAround(values: Float32Array, half: number, result: Float32Array): void {
  result.set(values);
  // Windows of double length from two windows: 1, 2, 4 … then one overlap for the rest.
  let length = 1;
  const wanted = 2 * half + 1;
  const n = values.length;
  while (length < wanted) {
    const hop = Math.min(length, wanted - length);
    for (let x = 0; x + hop < n; x++) {
      if (result[x + hop]! > result[x]!) result[x] = result[x + hop]!;
    }
    length += hop;
  }
  // The windows start at their element; move them so that they are centered on it.
  result.copyWithin(half, 0, n - half);
  result.fill(result[half]!, 0, half);
}

function invert({ width, height, pixels }: GrayImage): GrayImage {
  return { width, height, pixels: pixels.map((ink) => 1 - ink) };
}
