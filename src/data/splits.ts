import { heldOutCount } from '../domain/dataSet.ts';
import type { ImageSet } from './imageSet.ts';

/** Images `from` to `to − 1` of a set, as a view. */
export function slice(set: ImageSet, from: number, to: number): ImageSet {
  return {
    ...set,
    pixels: set.pixels.subarray(from * set.features, to * set.features),
    labels: set.labels.subarray(from, to),
    count: to - from,
  };
}

/** Splits off the training images (the first ones) and, if requested, the validation images (the last ones). */
export function splitTraining(
  all: ImageSet,
  options: { readonly trainingSetSize: number; readonly holdOutValidation: boolean },
): { training: ImageSet; validation: ImageSet | null } {
  const available = all.count - (options.holdOutValidation ? heldOutCount(all.count) : 0);
  return {
    training: slice(all, 0, Math.min(options.trainingSetSize, available)),
    validation: options.holdOutValidation ? slice(all, available, all.count) : null,
  };
}
