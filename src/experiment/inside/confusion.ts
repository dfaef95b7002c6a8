import { classCount } from '../../domain/dataSet.ts';
import type { Predictions } from '../../domain/analysis/inspection.ts';

/** A confusion matrix: counts[label × classes + prediction]. */
export interface Confusion {
  readonly classes: number;
  readonly counts: Uint32Array;
  readonly total: number;
  readonly errors: number;
}

export function countConfusions(
  labels: Uint8Array,
  answers: Uint8Array,
  classes = classCount,
): Confusion {
  const counts = new Uint32Array(classes * classes);
  let errors = 0;
  for (let i = 0; i < labels.length; i++) {
    counts[labels[i]! * classes + answers[i]!]!++;
    if (labels[i] !== answers[i]) errors++;
  }
  return { classes, counts, total: labels.length, errors };
}

export function hasDiverged({ margins }: Pick<Predictions, 'margins'>): boolean {
  return !margins.every(Number.isFinite);
}

/** The most frequent error and its count, or null if there is none. */
export function findWorstConfusion({
  classes,
  counts,
}: Confusion): { label: number; answer: number; count: number } | null {
  let worst = { label: 0, answer: 0, count: 0 };
  counts.forEach((count, cell) => {
    const label = Math.floor(cell / classes);
    const answer = cell % classes;
    if (label !== answer && count > worst.count) worst = { label, answer, count };
  });
  return worst.count > 0 ? worst : null;
}

/** Indices of the images of a digit with a given prediction. */
export function findCellImages(
  labels: Uint8Array,
  answers: Uint8Array,
  label: number,
  answer: number,
): number[] {
  return Array.from(labels.keys()).filter((i) => labels[i] === label && answers[i] === answer);
}
