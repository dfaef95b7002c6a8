import { countDiscordant } from '../../../src/domain/mistakes.ts';
import type { Claim, Robustness, RunResult, SummaryRow } from '../../../src/domain/reproduction.ts';
import { meanInterval, minSeeds, testMcNemar } from '../../../src/domain/statistics.ts';
import { trainingCost } from '../../../src/domain/cost.ts';
import type { AllFindings, Findings } from '../plans/studies.ts';
import { meanOfPairs } from '../statistics.ts';
import { intervalText, percent, signedPoints } from './numbers.ts';

/**
 * Each claim of the abstract, and what the runs say of it. Intervals of 95 % over seeds decide: a claim is met if the
 * whole interval agrees with it, missed if the whole interval contradicts it, and otherwise not decided.
 */

interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What an interval says of the claim that a value is at most `bound`. */
function atMost({ low, high }: Interval, bound: number): Claim['outcome'] {
  // A tolerance for rounding: error rates are fractions of whole numbers of images.
  if (high <= bound + 1e-9) return 'met';
  return low > bound + 1e-9 ? 'missed' : 'not decided';
}

function rowOf({ summary: { rows } }: Findings, entry: string): SummaryRow {
  const row = rows.find((candidate) => candidate.entry === entry);
  if (!row) throw new Error(`The plan has no entry ${entry}.`);
  return row;
}

const notRun = (claim: string, found = ''): Claim => ({ claim, outcome: 'not run yet', found });

function seedsText(done: number, missing: number, what = 'seed'): string {
  if (missing > 0) return `${done} of ${done + missing} ${what}s`;
  return `${done} ${what}${done === 1 ? '' : 's'}`;
}

/** "4.9 core minutes a run". */
function costText(rows: readonly SummaryRow[]): string {
  const minutes = rows.map(({ cpuSeconds }) => ((cpuSeconds ?? 0) / 60).toFixed(1));
  return `${minutes.join(' and ')} core minutes a run`;
}

/** Compares a mean over seeds with a figure of the paper. */
export function reaches(findings: Findings, entry: string, figure: number, name: string): Claim {
  const row = rowOf(findings, entry);
  const claim = `${name}: a test error of at most the paper’s ${percent(figure)}`;
  if (row.values.length === 0) return notRun(claim);
  const interval = meanInterval(row.values);
  const seeds = seedsText(row.values.length, row.missingSeeds.length);
  if (interval === null || row.values.length < minSeeds) {
    const found = `${percent(row.clean!.mean)}, ${seeds}; an interval needs ${minSeeds}`;
    return { claim, outcome: row.missingSeeds.length > 0 ? 'not run yet' : 'not decided', found };
  }
  const { mean, reach } = interval;
  const range = { low: mean - reach, high: mean + reach };
  const found = `${percent(mean)}, 95 % interval ${percent(range.low)} to ${percent(range.high)}, ${seeds}; mean of the last ten epochs ${percent(lastTen(findings, row))}; ${costText([row])}`;
  return { claim, outcome: atMost(range, figure), found };
}

/** The mean of the last ten epochs of all finished runs of an entry: how much the last epoch owes to chance. */
function lastTen({ results }: Findings, { entry, seeds }: SummaryRow): number {
  const tails = seeds.flatMap(
    (seed) => results.get(`${entry}-seed${seed}`)?.curve.slice(-10) ?? [],
  );
  return tails.reduce((sum, { errorRate }) => sum + errorRate, 0) / tails.length;
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

/** "89 / 28 (p < 0.001)", by McNemar's test; null if the images were not kept. */
export function discordantText(first: RunResult, second: RunResult): string | null {
  const [a, b] = [first.last.mistakes, second.last.mistakes];
  if (a === undefined || b === undefined) return null;
  const { onlyFirst, onlySecond } = countDiscordant(a, b);
  const p = testMcNemar(onlyFirst, onlySecond);
  return `${onlyFirst} / ${onlySecond} (p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`})`;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Compares two entries on the same images, paired by seed.
 *
 * @param entries the one that is claimed to have the larger error, then the other
 */
function isBelow(
  findings: Findings,
  entries: readonly [string, string],
  claim: string,
  figureOf?: (runId: string) => number | null,
): Claim {
  const all = pairs(findings, entries, figureOf);
  const gains = gainsOf(all);
  if (gains.length === 0) return notRun(claim);
  const both = all.filter(({ first, second }) => first !== null && second !== null);
  const means = `${percent(meanOf(both.map(({ second }) => second!)))} against ${percent(meanOf(both.map(({ first }) => first!)))}`;
  const count = seedsText(gains.length, all.length - gains.length, 'pair');
  const mean = meanOfPairs(gains);
  if (mean === null || gains.length < minSeeds) {
    const found = `${means}, ${count}; an interval needs ${minSeeds}`;
    return { claim, outcome: gains.length < all.length ? 'not run yet' : 'not decided', found };
  }
  const { results } = findings;
  const discordant = figureOf
    ? []
    : both.flatMap(({ seed }) => {
        const [a, b] = entries.map((entry) => results.get(`${entry}-seed${seed}`));
        return (a && b && discordantText(a, b)) ?? [];
      });
  const images =
    discordant.length > 0
      ? `; test images that only the first / only the second misclassifies, seed by seed: ${discordant.join(', ')}`
      : '';
  const found = `${means}: a gain of ${signedPoints(mean.mean)} points, 95 % interval ${intervalText(mean)}, ${count}${images}`;
  return { claim, outcome: atMost({ low: -mean.high, high: -mean.low }, 0), found };
}

/** How much ABP's and dropout's test errors may differ and still be called similar, in parts of 1. */
const similarWithin = 0.01;

function isSimilar(findings: Findings, entries: readonly [string, string], claim: string): Claim {
  const all = pairs(findings, entries);
  const gains = gainsOf(all);
  const mean = meanOfPairs(gains);
  if (mean === null) return notRun(claim);
  const found = `${signedPoints(-mean.mean)} points between them, 95 % interval ${intervalText({ low: -mean.high, high: -mean.low })}, ${seedsText(gains.length, all.length - gains.length, 'pair')}`;
  if (gains.length < minSeeds) return { claim, outcome: 'not run yet', found };
  const isInside = mean.low >= -similarWithin && mean.high <= similarWithin;
  const isOutside = mean.low > similarWithin || mean.high < -similarWithin;
  const outcome = isInside ? 'met' : isOutside ? 'missed' : 'not decided';
  return { claim, outcome, found };
}

/** The error under margin PGD of every measured network. */
function underMarginPgd(
  robustness: ReadonlyMap<string, Robustness>,
  epsilon: number,
): (runId: string) => number | null {
  return (runId) =>
    robustness.get(runId)?.attacks.find((attack) => attack.epsilon === epsilon && attack.clip)
      ?.marginPgd ?? null;
}

/** Counted multiply-adds of a step of ABP and of plain back-propagation. */
function costs(findings: Findings, network: string): Claim {
  const claim =
    'A step of ABP costs one forward and one backward pass more than a step of back-propagation';
  const [plain, adversarial] = ['plain', 'adversarial'].map(
    (method) => rowOf(findings, `${network}-${method}`).config,
  );
  if (!plain || !adversarial) return notRun(claim);
  const ratio = trainingCost(adversarial) / trainingCost(plain);
  const found = `by construction: ${ratio.toFixed(2)} times the multiply-adds of a plain step with layers of ${plain.hiddenLayers.join(' and ')} (docs/performance.md has times)`;
  return { claim, outcome: 'met', found };
}

/** All claims of the abstract, in its order, each for the networks that were trained. */
export function claimsOf({ mnist, cifar }: AllFindings): Claim[] {
  const below = (network: string, name: string) =>
    isBelow(
      mnist,
      [`${network}-plain`, `${network}-adversarial`],
      `${name}: ABP’s test error is below plain back-propagation’s`,
    );
  const resists = (network: string, name: string) =>
    isBelow(
      mnist,
      [`${network}-plain`, `${network}-adversarial`],
      `${name}: ABP resists adversarial examples better (error under margin PGD, ε 0.1, clipped, 1,000 images)`,
      underMarginPgd(mnist.robustness, 0.1),
    );
  return [
    below('relu1600', 'ReLU 2 × 1600'),
    reaches(mnist, 'relu1600-adversarial', 0.0078, 'ReLU 2 × 1600, ABP'),
    below('relu', 'ReLU 2 × 400, 50 epochs'),
    reaches(mnist, 'relu-adversarial', 0.0078, 'ReLU 2 × 400, 50 epochs, ABP'),
    below('relu400', 'ReLU 2 × 400, trained for long'),
    reaches(mnist, 'relu400-adversarial', 0.0078, 'ReLU 2 × 400, trained for long, ABP'),
    below('logistic', 'Logistic 2 × 800'),
    reaches(mnist, 'logistic-adversarial', 0.0095, 'Logistic 2 × 800, ABP'),
    below('tanh', 'tanh 2 × 400'),
    below('maxout', 'Maxout 2 × 240'),
    resists('relu1600', 'ReLU 2 × 1600'),
    resists('logistic', 'Logistic 2 × 800'),
    isBelow(
      cifar,
      ['cifar-all-plain', 'cifar-all-adversarial'],
      'CIFAR-10 (JPEG copies): ABP’s test error is below plain back-propagation’s',
    ),
    isSimilar(
      cifar,
      ['cifar-all-dropout', 'cifar-all-adversarial'],
      `CIFAR-10 (JPEG copies): ABP regularizes about as well as dropout (test errors within ${percent(similarWithin, 0)})`,
    ),
    costs(mnist, 'relu'),
  ];
}
