import { seededGenerator, shuffledIndices } from './random.ts';

/** Which pixel of an image is each input of a network: input j is pixel order[j]. */
export type PixelOrder = Uint32Array;

/**
 * One fixed permutation of an image's pixels. A network that may use nothing about which pixels are
 * neighbours learns the same with and without it ("permutation-invariant" tasks).
 *
 * @param seed fixes the permutation; null: pixels stay in order, and so does the result
 * @param features pixels of an image, all channels counted
 */
export function drawPixelOrder(seed: number | null, features: number): PixelOrder | null {
  return seed === null ? null : shuffledIndices(features, seededGenerator(seed, 'pixelOrder'));
}

/** Images as a network gets them. @param images [n × features]; the same array without an order */
export function permutePixels(images: Float32Array, order: PixelOrder | null): Float32Array {
  if (order === null) return images;
  const permuted = new Float32Array(images.length);
  for (let from = 0; from < images.length; from += order.length) {
    for (let j = 0; j < order.length; j++) permuted[from + j] = images[from + order[j]!]!;
  }
  return permuted;
}

/** Images as people see them, from images as a network gets them: undoes `permutePixels`. */
export function restorePixels(permuted: Float32Array, order: PixelOrder | null): Float32Array {
  if (order === null) return permuted;
  const images = new Float32Array(permuted.length);
  for (let from = 0; from < permuted.length; from += order.length) {
    for (let j = 0; j < order.length; j++) images[from + order[j]!] = permuted[from + j]!;
  }
  return images;
}
