import type { Summary, SummaryRow } from '../../../src/domain/reproduction.ts';
import { containsZero, type Difference, differenceOfMeans, meanOfPairs } from '../statistics.ts';

/** A claim, and what the runs show about it. */
export interface Check {
  readonly claim: string;
  /** 'not decided' if the spread of the seeds allows both. */
  readonly outcome: 'met' | 'missed' | 'not decided' | 'not run yet';
  readonly found: string;
}

export function percent(rate: number, digits = 2): string {
  return `${(100 * rate).toFixed(digits)} %`;
}

/** A difference of error rates in percentage points, with its sign: "+0.05". */
export function signedPoints(difference: number, digits = 2): string {
  const size = Math.abs(100 * difference).toFixed(digits);
  if (Number(size) === 0) return size;
  return `${difference > 0 ? '+' : '−'}${size}`;
}

/** "0.06": a standard error in percentage points. */
export function errorPoints({ standardError }: Difference): string {
  return (100 * standardError).toFixed(2);
}

/** "−0.08 to +0.18". */
export function intervalText({ low, high }: Difference): string {
  return `${signedPoints(low)} to ${signedPoints(high)}`;
}

function differenceText(difference: Difference): string {
  return `${signedPoints(difference.mean)} ± ${errorPoints(difference)} points (standard error), 95 % interval ${intervalText(difference)}`;
}

function rowOf({ rows }: Summary, entry: string): SummaryRow {
  const row = rows.find((candidate) => candidate.entry === entry);
  if (!row) throw new Error(`The plan has no entry ${entry}.`);
  return row;
}

function seedsOf({ seeds, missingSeeds }: SummaryRow): string {
  const all = seeds.length + missingSeeds.length;
  if (missingSeeds.length > 0) return `${seeds.length} of ${all} seeds`;
  return all === 1 ? '1 seed' : `${all} seeds`;
}

function meanAtMost(summary: Summary, entry: string, bound: number, name: string): Check {
  const row = rowOf(summary, entry);
  const claim = `${name} ≤ ${percent(bound)}`;
  if (!row.clean) return { claim, outcome: 'not run yet', found: '' };
  const found = `${percent(row.clean.mean)}, ${seedsOf(row)}`;
  if (row.missingSeeds.length > 0) return { claim, outcome: 'not run yet', found };
  // A tolerance for rounding: means of error rates are fractions of whole numbers of images.
  return { claim, outcome: row.clean.mean <= bound + 1e-9 ? 'met' : 'missed', found };
}

/** Test errors of two entries with the same seed; null for a missing run. */
export function pairs(
  summary: Summary,
  first: string,
  second: string,
): { seed: number; first: number | null; second: number | null }[] {
  const [a, b] = [rowOf(summary, first), rowOf(summary, second)];
  const valueOf = ({ seeds, values }: SummaryRow, seed: number) =>
    values[seeds.indexOf(seed)] ?? null;
  const seeds = [...a.seeds, ...a.missingSeeds].sort((x, y) => x - y);
  return seeds.map((seed) => ({ seed, first: valueOf(a, seed), second: valueOf(b, seed) }));
}

function belowInEveryPair(summary: Summary, network: string, name: string): Check {
  const all = pairs(summary, `${network}-plain`, `${network}-adversarial`);
  const done = all.filter(({ first, second }) => first !== null && second !== null);
  const below = done.filter(({ first, second }) => second! < first!);
  const claim = `${name}: ABP below plain with every seed`;
  const found = done.length === 0 ? '' : `below in ${below.length} of ${done.length} pairs`;
  if (below.length < done.length) return { claim, outcome: 'missed', found };
  return { claim, outcome: done.length < all.length ? 'not run yet' : 'met', found };
}

/** Whether permuted pixels change the mean test error by less than the standard deviation of single runs. */
function isOrderIndifferent(summary: Summary, method: string, name: string): Check {
  const rows = [rowOf(summary, `ordered-${method}`), rowOf(summary, `permuted-${method}`)];
  const claim = `${name}: permuted pixels and pixels in order agree within the seeds’ spread (means differ by less than one standard deviation of the runs)`;
  const [ordered, permuted] = rows.map(({ values }) => values);
  const difference = differenceOfMeans(ordered!, permuted!);
  if (difference === null) return { claim, outcome: 'not run yet', found: '' };
  const found = `${differenceText(difference)}, ${ordered!.length} + ${permuted!.length} seeds`;
  const isOpen = rows.some(({ missingSeeds }) => missingSeeds.length > 0);
  if (isOpen) return { claim, outcome: 'not run yet', found };
  const { mean, spread } = difference;
  return { claim, outcome: Math.abs(mean) <= spread ? 'met' : 'missed', found };
}

export interface Gain {
  readonly method: string;
  /** Plain's test error minus this method's, for each seed that both have. */
  readonly bySeed: readonly number[];
  readonly mean: Difference | null;
  readonly isComplete: boolean;
}

/** A method's gain over plain (or another method) on CIFAR-10's sample, for each seed. */
export function cifarGain(summary: Summary, method: string, than = 'plain'): Gain {
  const all = pairs(summary, `cifar10-${than}`, `cifar10-${method}`);
  const bySeed = all.flatMap(({ first, second }) =>
    first === null || second === null ? [] : [first - second],
  );
  return { method, bySeed, mean: meanOfPairs(bySeed), isComplete: bySeed.length === all.length };
}

/** @param expected how the interval must lie to 0, if it does not contain it */
function cifarCheck(
  summary: Summary,
  [method, than]: readonly [string, string],
  claim: string,
  expected: 'above' | 'never',
): Check {
  const { bySeed, mean, isComplete } = cifarGain(summary, method, than);
  if (mean === null) return { claim, outcome: 'not run yet', found: '' };
  const found = `gain ${differenceText(mean)}, ${bySeed.length} pairs`;
  if (!isComplete) return { claim, outcome: 'not run yet', found };
  if (containsZero(mean)) return { claim, outcome: 'not decided', found };
  const isMet = expected === 'above' && mean.low > 0;
  return { claim, outcome: isMet ? 'met' : 'missed', found };
}

/** All claims that the runs of the full plan test. */
export function checksOf(summary: Summary): Check[] {
  return [
    meanAtMost(summary, 'relu-plain', 0.015, 'ReLU, plain'),
    meanAtMost(summary, 'relu-adversarial', 0.0092, 'ReLU, ABP'),
    belowInEveryPair(summary, 'relu', 'ReLU'),
    meanAtMost(summary, 'logistic-plain', 0.017, 'Logistic, plain'),
    meanAtMost(summary, 'logistic-adversarial', 0.0098, 'Logistic, ABP'),
    belowInEveryPair(summary, 'logistic', 'Logistic'),
    belowInEveryPair(summary, 'tanh', 'tanh'),
    belowInEveryPair(summary, 'maxout', 'Maxout'),
    meanAtMost(summary, 'relu-adversarial-wide', 0.0078, 'The paper’s figure: ReLU 2 × 800, ABP'),
    meanAtMost(
      summary,
      'logistic-adversarial',
      0.0095,
      'The paper’s figure: logistic 2 × 800, ABP',
    ),
  ];
}

/** All claims that the runs on permuted pixels and on CIFAR-10's sample test. */
export function studyChecksOf(summary: Summary): Check[] {
  const check = cifarCheck.bind(null, summary);
  const sample = 'CIFAR-10 sample';
  return [
    isOrderIndifferent(summary, 'adversarial', 'ABP, 784-100-10'),
    isOrderIndifferent(summary, 'plain', 'Plain, 784-100-10'),
    check(['dropout', 'plain'], `${sample}: dropout below plain (interval above 0)`, 'above'),
    check(['adversarial', 'plain'], `${sample}: ABP below plain (interval above 0)`, 'above'),
    check(
      ['adversarial', 'dropout'],
      `${sample}: ABP like dropout (missed if the interval leaves out 0)`,
      'never',
    ),
  ];
}
