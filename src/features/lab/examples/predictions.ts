import {
  findPrediction as findLargest,
  type Prediction as DrawnPrediction,
} from '../../../experiment/drawing/prediction.ts';
import type { ExampleFilter } from '../../../experiment/state.ts';
import type { AttackedImages } from '../../../domain/metrics.ts';

/** The class with the largest output, and that output. */
export interface Prediction extends DrawnPrediction {
  readonly isRight: boolean;
}

export function findPrediction(
  probabilities: Float32Array,
  labels: Uint8Array,
  index: number,
): Prediction {
  const prediction = findLargest(probabilities, index, labels.length);
  return { ...prediction, isRight: prediction.digit === labels[index] };
}

/** Pixels of one image among `count` of them; a view, not a copy. */
export function getImage(images: Float32Array, index: number, count: number): Float32Array {
  const pixelCount = images.length / count;
  return images.subarray(index * pixelCount, (index + 1) * pixelCount);
}

/** How many of the images are classified correctly, before and after the attack. */
export function countRight({
  cleanProbabilities,
  adversarialProbabilities,
  labels,
}: AttackedImages): { clean: number; adversarial: number } {
  const countIn = (probabilities: Float32Array): number =>
    Array.from(labels).filter((_, index) => findPrediction(probabilities, labels, index).isRight)
      .length;
  return { clean: countIn(cleanProbabilities), adversarial: countIn(adversarialProbabilities) };
}

/** Size of a perturbation: the largest change of a pixel (L∞) and the Euclidean length (L2). */
export function measurePerturbation(
  before: Float32Array,
  after: Float32Array,
): { largest: number; length: number } {
  let largest = 0;
  let squares = 0;
  for (let pixel = 0; pixel < before.length; pixel++) {
    const change = Math.abs(after[pixel]! - before[pixel]!);
    largest = Math.max(largest, change);
    squares += change * change;
  }
  return { largest, length: Math.sqrt(squares) };
}

/**
 * Indices of the images that pass a filter. An image fools a run if the run's prediction for it under
 * attack is wrong; without results no run is fooled yet and every image of the digit is shown.
 */
export function selectExamples(
  labels: Uint8Array,
  results: readonly AttackedImages[],
  filter: ExampleFilter,
  digit: number | null,
): number[] {
  const isShown = (index: number): boolean => {
    if (digit !== null && labels[index] !== digit) return false;
    if (filter === 'all' || results.length === 0) return true;
    const isFooled = ({ adversarialProbabilities }: AttackedImages): boolean =>
      !findPrediction(adversarialProbabilities, labels, index).isRight;
    if (filter === 'fooled-any') return results.some(isFooled);
    if (filter === 'fooled-all') return results.every(isFooled);
    return !results.some(isFooled);
  };
  return Array.from(labels.keys()).filter(isShown);
}
