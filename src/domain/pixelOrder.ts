import { seededGenerator, shuffledIndices } from './random.ts';

/** The order in which a network receives the pixels of an image: input j is pixel order[j]. */
export type PixelOrder = Uint32Array;

/**
 * A fixed random permutation of an image's pixels. A fully connected network, which does not know which pixels are
 * neighbors, learns equally well with and without it ("permutation-invariant" tasks).
 *
 * @param seed fixes the permutation
 * @param features number of pixels of an image, in all channels
 * @returns null if the seed is null: the pixels stay in order
 */
export function drawPixelOrder(seed: number | null, features: number): PixelOrder | null {
  return seed === null ? null : shuffledIndices(features, seededGenerator(seed, 'pixelOrder'));
}

/** Permutes images for a network. @param images [n × features]; returned unchanged without an order */
export function permutePixels(images: Float32Array, order: PixelOrder | null): Float32Array {
  if (order === null) return images;
  const permuted = new Float32Array(images.length);
  for (let from = 0; from < images.length; from += order.length) {
    for (let j = 0; j < order.length; j++) permuted[from + j] = images[from + order[j]!]!;
  }
  return permuted;
}

/** Undoes `permutePixels`, for display. */
export function restorePixels(permuted: Float32Array, order: PixelOrder | null): Float32Array {
  if (order === null) return permuted;
  const images = new Float32Array(permuted.length);
  for (let from = 0; from < permuted.length; from += order.length) {
    for (let j = 0; j < order.length; j++) images[from + order[j]!] = permuted[from + j]!;
  }
  return images;
}
