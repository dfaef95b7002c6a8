import { countDiscordant } from '../../../domain/mistakes.ts';
import { testMcNemar } from '../../../domain/statistics.ts';
import type { MeasuredError } from '../../../experiment/runs/measuredErrors.ts';
import type { ResultRow } from './resultRows.ts';

/*
 * When results speak of a difference. One seed: between two networks, if McNemar's exact test on the same images gives
 * p < 0.05.
 */

const level = 0.05;

export type ErrorKind = 'clean' | 'fgsm' | 'pgd';

/** Two networks on the same images. */
export interface Difference {
  /** Whether it is called a difference. */
  readonly isClear: boolean;
  /** Images that only the first network misclassifies. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Of McNemar's exact test. */
  readonly p: number;
}

/**
 * Compares two runs, or one run under two attacks.
 *
 * @returns null if they were not measured on the same images
 */
export function compare(
  first: ResultRow,
  second: ResultRow,
  kind: ErrorKind,
  kindOfSecond = kind,
): Difference | null {
  const [a, b] = [first[kind], second[kindOfSecond]];
  return a && b && compareImages(a, b);
}

function compareImages(a: MeasuredError, b: MeasuredError): Difference | null {
  const areSame = a.split === b.split && a.sampleCount === b.sampleCount;
  if (!areSame || a.mistakes === null || b.mistakes === null) return null;
  const { onlyFirst, onlySecond } = countDiscordant(a.mistakes, b.mistakes);
  const p = testMcNemar(onlyFirst, onlySecond);
  return { isClear: p < level, onlyFirst, onlySecond, p };
}

/** "p < 0.001", "p = 0.023" */
export function formatP(p: number): string {
  if (p < 0.001) return 'p < 0.001';
  return `p = ${p.toFixed(p < 0.0995 ? 3 : 2)}`;
}
