import type { Summary, SummaryRow } from '../../../src/domain/reproduction.ts';

/** A claim, and what the runs show about it. */
export interface Check {
  readonly claim: string;
  /** 'not decided' if the spread of the seeds allows both. */
  readonly outcome: 'met' | 'missed' | 'not decided' | 'not run yet';
  /** The numbers that decide it. */
  readonly found: string;
}

export function percent(rate: number, digits = 2): string {
  return `${(100 * rate).toFixed(digits)} %`;
}

/** Compares with a tolerance for rounding: means of error rates are fractions of whole numbers of images. */
function isAtMost(mean: number, bound: number): boolean {
  return mean <= bound + 1e-9;
}

export function rowOf({ rows }: Summary, entry: string): SummaryRow {
  const row = rows.find((candidate) => candidate.entry === entry);
  if (!row) throw new Error(`The plan has no entry ${entry}.`);
  return row;
}

function seedsOf({ seeds, missingSeeds }: SummaryRow): string {
  const all = seeds.length + missingSeeds.length;
  if (missingSeeds.length > 0) return `${seeds.length} of ${all} seeds`;
  return all === 1 ? '1 seed' : `${all} seeds`;
}

/** Whether the mean over all seeds is at most a bound. */
function meanAtMost(summary: Summary, entry: string, bound: number, name: string): Check {
  const row = rowOf(summary, entry);
  const claim = `${name} ≤ ${percent(bound)}`;
  if (!row.clean) return { claim, outcome: 'not run yet', found: '' };
  const found = `${percent(row.clean.mean)}, ${seedsOf(row)}`;
  if (row.missingSeeds.length > 0) return { claim, outcome: 'not run yet', found };
  return { claim, outcome: isAtMost(row.clean.mean, bound) ? 'met' : 'missed', found };
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

/** Whether ABP's error is below plain's with every seed. */
function belowInEveryPair(summary: Summary, network: string, name: string): Check {
  const all = pairs(summary, `${network}-plain`, `${network}-adversarial`);
  const done = all.filter(({ first, second }) => first !== null && second !== null);
  const below = done.filter(({ first, second }) => second! < first!);
  const claim = `${name}: ABP below plain with every seed`;
  const found = done.length === 0 ? '' : `below in ${below.length} of ${done.length} pairs`;
  if (below.length < done.length) return { claim, outcome: 'missed', found };
  return { claim, outcome: done.length < all.length ? 'not run yet' : 'met', found };
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
