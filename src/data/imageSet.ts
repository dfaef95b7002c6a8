import { LabError } from '../shared/errors.ts';
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
}

/**
 * Joins images with their labels.
 *
 * @throws LabError `data-corrupt` when their counts differ or a label is not a class
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
