import { countDiscordant } from '../../../src/domain/mistakes.ts';
import type { Claim, Robustness, RunResult, SummaryRow } from '../../../src/domain/reproduction.ts';
import { meanInterval, minSeeds, testMcNemar } from '../../../src/domain/statistics.ts';
import { trainingCost } from '../../../src/domain/cost.ts';
import type { AllFindings, Findings } from '../plans/studies.ts';
import { type Difference, meanOfPairs } from '../statistics.ts';
import { intervalText, percent, signedPoints } from './numbers.ts';

/** Each claim of the abstract, and what the runs say of it, by `claimRule`. */

/** Error rates are fractions of whole numbers of images; means of them are rounded. */
const tolerance = 1e-9;

function rowOf({ summary: { rows } }: Findings, entry: string): SummaryRow {
  const row = rows.find((candidate) => candidate.entry === entry);
  if (!row) throw new Error(`The plan has no entry ${entry}.`);
  return row;
}

const notRun = (claim: string): Claim => ({ claim, outcome: 'not run yet', found: '' });

const tooFew = (claim: string, found: string): Claim => ({
  claim,
  outcome: 'not decided',
  found: `${found}; an interval needs ${minSeeds} seeds`,
});

function seedsText(done: number, missing: number, what = 'seed'): string {
  if (missing > 0) return `${done} of ${done + missing} ${what}s`;
  return `${done} ${what}${done === 1 ? '' : 's'}`;
}

/** "4.9 core minutes a run". */
function costText({ cpuSeconds }: SummaryRow): string {
  return `${((cpuSeconds ?? 0) / 60).toFixed(1)} core minutes a run`;
}

/** Compares a mean over seeds with a figure of the paper. */
export function reaches(findings: Findings, entry: string, figure: number, name: string): Claim {
  const row = rowOf(findings, entry);
  const claim = `${name}: a test error of at most the paper’s ${percent(figure)}`;
  if (row.values.length === 0) return notRun(claim);
  const interval = meanInterval(row.values);
  const seeds = seedsText(row.values.length, row.missingSeeds.length);
  const short = `${percent(row.clean!.mean)}, ${seeds}`;
  if (row.missingSeeds.length > 0) return { claim, outcome: 'in progress', found: short };
  if (interval === null || row.values.length < minSeeds) return tooFew(claim, short);
  const { mean, reach } = interval;
  const [low, high] = [mean - reach, mean + reach];
  const found = `${percent(mean)}, 95 % interval ${percent(low)} to ${percent(high)}, ${seeds}; mean of the last ten epochs ${percent(lastTen(findings, row))}; ${costText(row)}`;
  const isMet = high <= figure + tolerance;
  const outcome = isMet ? 'met' : low > figure + tolerance ? 'missed' : 'not decided';
  return { claim, outcome, found };
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
 * Compares plain back-propagation with ABP on the same images, paired by seed.
 *
 * @param entries plain, then ABP
 * @param figureOf what is compared, if it is not the test error
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
  const digits = figureOf ? 1 : 2;
  const [plain, abp] = (['first', 'second'] as const).map((which) =>
    percent(meanOf(both.map((pair) => pair[which]!)), digits),
  );
  const short = `${abp} with ABP, ${plain} with plain, ${seedsText(gains.length, all.length - gains.length)}`;
  if (gains.length < all.length) return { claim, outcome: 'in progress', found: short };
  const mean = meanOfPairs(gains);
  if (mean === null || gains.length < minSeeds) return tooFew(claim, short);
  const discordant = figureOf ? [] : both.flatMap(({ seed }) => countPair(findings, entries, seed));
  const images =
    discordant.length > 0
      ? `; test images that only plain / only ABP misclassifies, seed by seed: ${discordant.join(', ')}`
      : '';
  const found = `${short}; a gain of ${signedPoints(mean.mean)} points, 95 % interval ${intervalText(mean)}${images}`;
  const outcome = mean.low > 0 ? 'met' : mean.high < 0 ? 'missed' : 'not decided';
  return { claim, outcome, found };
}

function countPair(
  { results }: Findings,
  entries: readonly [string, string],
  seed: number,
): string[] {
  const [a, b] = entries.map((entry) => results.get(`${entry}-seed${seed}`));
  const text = a && b ? discordantText(a, b) : null;
  return text === null ? [] : [text];
}

/** How much ABP's and dropout's test errors may differ and still be called similar, in parts of 1. */
const similarWithin = 0.01;

/** Whether ABP and dropout both have lower errors than plain, and errors that hardly differ. */
function isSimilar(
  findings: Findings,
  { plain, dropout, adversarial }: Readonly<Record<'plain' | 'dropout' | 'adversarial', string>>,
  claim: string,
): Claim {
  const over = (first: string, second: string) => pairs(findings, [first, second]);
  const all = [over(plain, dropout), over(plain, adversarial), over(dropout, adversarial)];
  const gains = all.map(gainsOf);
  const [ofDropout, ofAbp, between] = gains.map(meanOfPairs);
  if (!ofDropout || !ofAbp || !between) return notRun(claim);
  const gain = ({ mean, ...rest }: Difference) => `${signedPoints(mean)} (${intervalText(rest)})`;
  const found = `gain over plain ${gain(ofAbp)} points with ABP, ${gain(ofDropout)} with dropout; ABP’s gain less dropout’s ${gain(between)}; 95 % intervals, ${seedsText(gains[0]!.length, 0)}`;
  if (gains.some(({ length }, i) => length < all[i]!.length)) {
    return { claim, outcome: 'in progress', found };
  }
  if (gains[0]!.length < minSeeds) return tooFew(claim, found);
  const regularize = ofDropout.low > 0 && ofAbp.low > 0;
  const isInside = between.low >= -similarWithin && between.high <= similarWithin;
  const isOutside = between.low > similarWithin || between.high < -similarWithin;
  const isWorse = ofAbp.high < 0;
  const outcome = regularize && isInside ? 'met' : isOutside || isWorse ? 'missed' : 'not decided';
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
  const found = `${ratio.toFixed(2)} times the multiply-adds of a plain step with layers of ${plain.hiddenLayers.join(' and ')}; it follows from the algorithm; docs/performance.md has times`;
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
    below('maxout', 'Maxout 2 × 240, which the abstract mentions as earlier work'),
    resists('relu1600', 'ReLU 2 × 1600'),
    resists('logistic', 'Logistic 2 × 800'),
    isBelow(
      cifar,
      ['cifar-all-plain', 'cifar-all-adversarial'],
      'CIFAR-10 (JPEG copies): ABP’s test error is below that of plain back-propagation without weight decay',
    ),
    isSimilar(
      cifar,
      {
        plain: 'cifar-all-plain',
        dropout: 'cifar-all-dropout',
        adversarial: 'cifar-all-adversarial',
      },
      'CIFAR-10 (JPEG copies): ABP regularizes about as well as dropout (both below plain, test errors within one percentage point of each other)',
    ),
    costs(mnist, 'relu'),
  ];
}
