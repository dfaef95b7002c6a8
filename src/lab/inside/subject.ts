import { findAnswer } from '../drawing/answer.ts';
import type { LabState } from '../state.ts';
import type { Subject } from './insideState.ts';

const pixelCount = 784;

/** A digit as networks are asked about it. */
export interface SubjectDigit {
  /** [784] */
  readonly pixels: Float32Array;
  readonly label: number;
}

type Known = Pick<LabState, 'examples' | 'drawing'>;

/** The digit that a person chose; null while there is none: no test images yet, an empty pad. */
export function findSubject(subject: Subject, { examples, drawing }: Known): SubjectDigit | null {
  if (subject.kind === 'drawing') {
    if (drawing.input === null) return null;
    return {
      pixels: drawing.input,
      label: subject.label ?? mostFrequentAnswer(Object.values(drawing.answers)) ?? 0,
    };
  }
  if (examples.images === null) return null;
  const { images, labels } = examples.images;
  const index = Math.min(subject.index, labels.length - 1);
  return {
    pixels: images.subarray(index * pixelCount, (index + 1) * pixelCount),
    label: labels[index]!,
  };
}

/** The digit that most of some outputs [10] answer, the first of equally frequent ones; null without any. */
function mostFrequentAnswer(outputs: readonly Float32Array[]): number | null {
  const digits = outputs.map((probabilities) => findAnswer(probabilities).digit);
  const countOf = (digit: number): number => digits.filter((one) => one === digit).length;
  return digits.reduce<number | null>(
    (best, digit) => (best === null || countOf(digit) > countOf(best) ? digit : best),
    null,
  );
}
