import { LabError } from '../domain/errors.ts';
import { drawPixelOrder, type PixelOrder } from '../domain/pixelOrder.ts';
import { allocateShared, canShareMemory, isShared } from '../domain/sharedMemory.ts';
import type { Standardization } from '../domain/standardization.ts';
import type { IdxImages } from './idx.ts';

/** Images with their labels, as bytes. */
export interface ImageSet {
  /** [count × features], 0 to 255. */
  readonly pixels: Uint8Array;
  /** [count], 0 to classes − 1. */
  readonly labels: Uint8Array;
  readonly count: number;
  readonly features: number;
  readonly classes: number;
  /**
   * The network standardizes each pixel, (x − mean) / std, if this is set. Images, ε and clipping stay on the [0, 1]
   * scale.
   */
  readonly standardization?: Standardization;
  /** The pixel order of the network, if its pixels are permuted. */
  readonly pixelOrder?: PixelOrder;
}

/**
 * Joins images with their labels.
 *
 * @throws LabError `data-corrupt` if their counts differ or a label is not a class
 */
export function makeImageSet(images: IdxImages, labels: Uint8Array, classes = 10): ImageSet {
  const { count, rows, columns, pixels } = images;
  const remedy = 'Use an image file and a label file that belong together.';
  if (labels.length !== count) {
    const message = `The labels do not fit the images: expected ${count}, found ${labels.length}.`;
    throw new LabError('data-corrupt', message, remedy);
  }
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    const message = `Label ${wrong} is not a class: expected 0 to ${classes - 1}, found ${labels[wrong]!}.`;
    throw new LabError('data-corrupt', message, remedy);
  }
  return { pixels, labels, count, features: rows * columns, classes };
}

/**
 * The same images for networks with permuted pixels. The bytes are shared; they are permuted when a batch is gathered.
 *
 * @param seed of the permutation; null for pixels in order
 */
export function orderPixels(set: ImageSet, seed: number | null): ImageSet {
  const pixelOrder = drawPixelOrder(seed, set.features);
  return pixelOrder === null ? set : { ...set, pixelOrder };
}

/** Copies the bytes of one image, in the network's pixel order, to `target` from index `at` on. */
export function copyImage(
  { pixels, features, pixelOrder }: ImageSet,
  index: number,
  target: Uint8Array,
  at: number,
): void {
  const from = index * features;
  if (pixelOrder === undefined) {
    target.set(pixels.subarray(from, from + features), at);
    return;
  }
  for (let j = 0; j < features; j++) target[at + j] = pixels[from + pixelOrder[j]!]!;
}

/** The set in memory that workers share, copied unless it is there already; the set itself if they cannot share any. */
export function shareImageSet(set: ImageSet): ImageSet {
  if (!canShareMemory()) return set;
  const share = (bytes: Uint8Array): Uint8Array => {
    if (isShared(bytes)) return bytes;
    const shared = allocateShared(bytes.length);
    shared.set(bytes);
    return shared;
  };
  return { ...set, pixels: share(set.pixels), labels: share(set.labels) };
}

/**
 * Some consecutive images of a set for display: pixels from 0 to 1, in the order of the data set.
 *
 * @throws LabError 'invalid-request' beyond the last image
 */
export function selectImages(
  { pixels, labels, features, count: available }: ImageSet,
  first: number,
  count: number,
): { images: Float32Array; labels: Uint8Array } {
  if (first + count > available) {
    throw new LabError(
      'invalid-request',
      `Images ${first} to ${first + count - 1} were asked for; there are ${available}.`,
      'Reload the page.',
    );
  }
  const chosen = pixels.subarray(first * features, (first + count) * features);
  return {
    images: Float32Array.from(chosen, (pixel) => pixel / 255),
    labels: labels.slice(first, first + count),
  };
}
