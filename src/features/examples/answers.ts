import { imageSide } from '../../ui/pixels.ts';
import type { AttackedImages } from '../../shared/metrics.ts';

const pixelCount = imageSide * imageSide;
const classCount = 10;

/** The class with the largest output, and that output. */
export interface Answer {
  readonly digit: number;
  readonly confidence: number;
  readonly isRight: boolean;
}

export function findAnswer(probabilities: Float32Array, labels: Uint8Array, index: number): Answer {
  const outputs = probabilities.subarray(index * classCount, (index + 1) * classCount);
  let digit = 0;
  for (let candidate = 1; candidate < classCount; candidate++) {
    if (outputs[candidate]! > outputs[digit]!) digit = candidate;
  }
  return { digit, confidence: outputs[digit]!, isRight: digit === labels[index] };
}

/** Pixels of one image among several; a view, not a copy. */
export function getImage(images: Float32Array, index: number): Float32Array {
  return images.subarray(index * pixelCount, (index + 1) * pixelCount);
}

/** How many of the first `count` images are answered rightly, before and after the attack. */
export function countRight(
  { cleanProbabilities, adversarialProbabilities, labels }: AttackedImages,
  count: number,
): { clean: number; adversarial: number } {
  const countIn = (probabilities: Float32Array): number =>
    Array.from({ length: count }, (_, index) => findAnswer(probabilities, labels, index)).filter(
      ({ isRight }) => isRight,
    ).length;
  return { clean: countIn(cleanProbabilities), adversarial: countIn(adversarialProbabilities) };
}
