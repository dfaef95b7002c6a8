import { countDiscordant, unpackMistakes } from '../../../src/domain/mistakes.ts';
import type { RunResult, SummaryRow } from '../../../src/domain/reproduction.ts';
import { testMcNemar } from '../../../src/domain/statistics.ts';
import type { Findings } from '../plans/studies.ts';
import { type Difference, meanOfPairs, meanOverSeedsAndImages } from '../statistics.ts';

/** Runs of two entries, paired by seed: with the same seed they have the same initial weights and batches. */

/** A network that was trained by several methods: its entries are `<id>-plain`, `<id>-adversarial` and others. */
export interface Network {
  readonly id: string;
  /** "ReLU 2 × 400". */
  readonly name: string;
}

export function entriesOf({ id }: Network): readonly [plain: string, abp: string] {
  return [`${id}-plain`, `${id}-adversarial`];
}

export function rowOf({ summary: { rows } }: Findings, entry: string): SummaryRow {
  const row = rows.find((candidate) => candidate.entry === entry);
  if (!row) throw new Error(`The plan has no entry ${entry}.`);
  return row;
}

/** A figure of two entries with the same seed; null for a missing run. */
export interface Pair {
  readonly seed: number;
  readonly first: number | null;
  readonly second: number | null;
}

/** @param figureOf a run's figure; null if it was not measured. The test error by default */
export function pairs(
  findings: Findings,
  [first, second]: readonly [string, string],
  figureOf: (runId: string) => number | null = (id) =>
    findings.results.get(id)?.last.errorRate ?? null,
): Pair[] {
  const row = rowOf(findings, first);
  return [...row.seeds, ...row.missingSeeds]
    .toSorted((a, b) => a - b)
    .map((seed) => ({
      seed,
      first: figureOf(`${first}-seed${seed}`),
      second: figureOf(`${second}-seed${seed}`),
    }));
}

/** First minus second, for each seed that both have. */
export function gainsOf(all: readonly Pair[]): number[] {
  return all.flatMap(({ first, second }) =>
    first === null || second === null ? [] : [first - second],
  );
}

/** First minus second, and its uncertainty; null before there are two pairs. */
export function gainOf(findings: Findings, entries: readonly [string, string]): Difference | null {
  return meanOfPairs(gainsOf(pairs(findings, entries)));
}

/** Images that only one of two networks misclassifies, and McNemar's p; null if the images were not kept. */
export function discordantOf(first: RunResult | undefined, second: RunResult | undefined) {
  const [a, b] = [first?.last.mistakes, second?.last.mistakes];
  if (a === undefined || b === undefined) return null;
  const { onlyFirst, onlySecond } = countDiscordant(a, b);
  return { onlyFirst, onlySecond, p: testMcNemar(onlyFirst, onlySecond) };
}

/** "89 / 28 (p < 0.001)"; null if the images were not kept. */
export function discordantText(
  first: RunResult | undefined,
  second: RunResult | undefined,
): string | null {
  const found = discordantOf(first, second);
  if (found === null) return null;
  const { onlyFirst, onlySecond, p } = found;
  return `${onlyFirst} / ${onlySecond} (p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`})`;
}

/** The gain with the uncertainty of the test images, too; null unless the images of all pairs were kept. */
export function gainOverImages(
  findings: Findings,
  entries: readonly [string, string],
): Difference | null {
  const complete = pairs(findings, entries).filter(
    ({ first, second }) => first !== null && second !== null,
  );
  const bySeed = complete.flatMap(({ seed }) => {
    const [x, y] = entries.map((entry) => {
      const { last, data } = findings.results.get(`${entry}-seed${seed}`)!;
      return last.mistakes ? unpackMistakes(last.mistakes, data.evaluatedImages) : null;
    });
    return x && y ? [Int8Array.from(x, (flag, i) => flag - y[i]!)] : [];
  });
  return bySeed.length === complete.length ? meanOverSeedsAndImages(bySeed) : null;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
