import { countDiscordant } from '../../../domain/mistakes.ts';
import {
  type MeanInterval,
  meanInterval,
  minSeeds,
  testMcNemar,
} from '../../../domain/statistics.ts';
import type { MeasuredError } from '../../../experiment/runs/measuredErrors.ts';
import type { SeedFailure } from '../../../experiment/runs/repeats.ts';
import { formatErrorRate, formatInterval } from '../../../ui/format.ts';
import { joinNames } from '../pad/describePredictions.ts';
import type { ResultRow } from './resultRows.ts';

/*
 * When results speak of a difference:
 * - with one seed, of a difference between two networks, if McNemar's exact test on the same images gives p < 0.05;
 * - with three seeds or more, of a difference between two methods, if the 95 % interval of the paired differences, seed by
 *   seed, does not contain 0;
 * - with seeds that have failed, of none: the others are no random sample of what the method does.
 */

const level = 0.05;

export type ErrorKind = 'clean' | 'fgsm' | 'pgd';

interface Clear {
  /** Whether it is called a difference. */
  readonly isClear: boolean;
}

/** Two networks on the same images. */
export interface ImageDifference extends Clear {
  readonly basis: 'images';
  /** Images that only the first network misclassifies. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Of McNemar's exact test. */
  readonly p: number;
}

/** Two methods over several seeds: the first one's error rate less the second one's. */
export interface SeedDifference extends Clear, MeanInterval {
  readonly basis: 'seeds';
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
): ImageDifference | SeedDifference | null {
  const [a, b] = [first[kind], second[kindOfSecond]];
  const found = compareSeeds(first, second, kind, kindOfSecond) ?? (a && b && compareImages(a, b));
  const isWhole = findFailedSeeds(first) === null && findFailedSeeds(second) === null;
  return found === null || isWhole ? found : { ...found, isClear: false };
}

/**
 * The mean of a run's error over its seeds, without those that have failed; null with fewer than three.
 */
export function averageSeeds(row: ResultRow, kind: ErrorKind): MeanInterval | null {
  const rates = listSeeds(row, kind).flatMap((one) => one?.errorRate ?? []);
  return rates.length < minSeeds ? null : meanInterval(rates);
}

/** The error by which a run is judged: its mean over seeds, or that of its only network. */
export function judgeError(row: ResultRow, kind: ErrorKind): number {
  return averageSeeds(row, kind)?.mean ?? row[kind]?.errorRate ?? Number.NaN;
}

/** A run's errors with all of its seeds, on all images; null where that is not measured. */
function listSeeds(row: ResultRow, kind: ErrorKind): readonly (MeasuredError | null)[] {
  return [row, ...row.repeats].map((seed) =>
    !('failure' in seed) && seed[kind]?.isWhole === true ? seed[kind] : null,
  );
}

/** Seeds of a run that have no numbers. */
interface FailedSeeds {
  readonly count: number;
  /** Of all seeds. */
  readonly of: number;
  readonly word: SeedFailure;
}

interface WithSeeds {
  readonly repeats: readonly { readonly failure?: SeedFailure }[];
}

/** Null if every seed was trained to its end. */
export function findFailedSeeds({ repeats }: WithSeeds): FailedSeeds | null {
  const failures = repeats.flatMap(({ failure }) => failure ?? []);
  if (failures.length === 0) return null;
  const word = failures.every((one) => one === 'diverged') ? 'diverged' : 'failed';
  return { count: failures.length, of: repeats.length + 1, word };
}

/** "2 of 5 seeds of ABP diverged", "2 of 5 seeds of ABP diverged and 1 of 5 seeds of Plain failed"; empty if none did. */
export function describeFailedSeeds(
  rows: readonly (WithSeeds & { readonly name: string })[],
): string {
  const parts = rows.flatMap((row) => {
    const failed = findFailedSeeds(row);
    return failed ? [`${failed.count} of ${failed.of} seeds of ${row.name} ${failed.word}`] : [];
  });
  return joinNames(parts);
}

function compareSeeds(
  first: ResultRow,
  second: ResultRow,
  kind: ErrorKind,
  kindOfSecond: ErrorKind,
): SeedDifference | null {
  const others = listSeeds(second, kindOfSecond);
  const differences = listSeeds(first, kind).flatMap((a, seed) => {
    const b = others[seed];
    return a && b && areSameImages(a, b) ? [a.errorRate - b.errorRate] : [];
  });
  const interval = differences.length < minSeeds ? null : meanInterval(differences);
  if (interval === null) return null;
  return { basis: 'seeds', isClear: Math.abs(interval.mean) > interval.reach, ...interval };
}

function compareImages(a: MeasuredError, b: MeasuredError): ImageDifference | null {
  if (!areSameImages(a, b) || a.mistakes === null || b.mistakes === null) return null;
  const { onlyFirst, onlySecond } = countDiscordant(a.mistakes, b.mistakes);
  const p = testMcNemar(onlyFirst, onlySecond);
  return { basis: 'images', isClear: p < level, onlyFirst, onlySecond, p };
}

function areSameImages(a: MeasuredError, b: MeasuredError): boolean {
  return a.split === b.split && a.sampleCount === b.sampleCount;
}

/** "3.49 %", or "3.52 ± 0.21 %" over several seeds. */
export function formatCleanError(row: ResultRow): string {
  const average = averageSeeds(row, 'clean');
  return average === null ? formatErrorRate(judgeError(row, 'clean')) : formatInterval(average);
}

/** "p < 0.001", "p = 0.023"; with more digits where these would round p to the level that decides, "p = 0.0497". */
export function formatP(p: number): string {
  if (p < 0.001) return 'p < 0.001';
  let digits = p < 0.0995 ? 3 : 2;
  while (p !== level && Number(p.toFixed(digits)) === level && digits < 15) digits++;
  return `p = ${p.toFixed(digits)}`;
}
