import { trainingCost } from '../../../src/domain/cost.ts';
import { findPublishedError } from '../../../src/domain/published.ts';
import { type Claim, similarWithin, type SummaryRow } from '../../../src/domain/reproduction.ts';
import { meanInterval, minSeeds } from '../../../src/domain/statistics.ts';
import type { Findings } from '../plans/studies.ts';
import { type Difference, meanOfPairs } from '../statistics.ts';
import { intervalText, percent, signedPoints } from './numbers.ts';
import {
  discordantOf,
  entriesOf,
  gainOverImages,
  gainsOf,
  meanOf,
  type Network,
  pairs,
  rowOf,
} from './pairs.ts';

/** How the runs decide a claim, by `claimRule`. */

/** Error rates are fractions of whole numbers of images; means of them are rounded. */
const tolerance = 1e-9;

/** The abstract's errors of plain back-propagation and of ABP. @throws Error if it states none for these units */
export function publishedOf(
  { plan }: Findings,
  network: Network,
): { readonly plain: number; readonly abp: number } {
  const [, abpId] = entriesOf(network);
  const { networkType } = plan.entries.find(({ id }) => id === abpId)!;
  const [plain, abp] = (['plain', 'adversarial'] as const).map((method) => {
    const found = findPublishedError({ networkType, method });
    if (found === null) throw new Error(`The abstract states no error of ${network.name}.`);
    return found;
  });
  return { plain: plain!, abp: abp! };
}

const notRun = (claim: string): Claim => ({ claim, outcome: 'not run yet', found: '' });

const tooFew = (claim: string, found: string): Claim => ({
  claim,
  outcome: 'not decided',
  found: `${found}; an interval needs ${minSeeds} seeds`,
});

function seedsText(done: number, missing: number): string {
  if (missing > 0) return `${done} of ${done + missing} seeds`;
  return `${done} seed${done === 1 ? '' : 's'}`;
}

/** "4.9 CPU minutes a run". */
function costText({ cpuSeconds }: SummaryRow): string {
  return `${((cpuSeconds ?? 0) / 60).toFixed(1)} CPU minutes a run`;
}

/** Compares ABP's mean test error with the paper's figure. The network may have no runs of plain back-propagation. */
export function reaches(findings: Findings, network: Network): Claim {
  const [plainId, id] = entriesOf(network);
  const row = rowOf(findings, id);
  const published = publishedOf(findings, network);
  const figure = published.abp;
  const claim = `${network.name}, ABP: a mean test error of at most the paper’s ${percent(figure)}`;
  if (row.values.length === 0) return notRun(claim);
  const interval = meanInterval(row.values);
  const seeds = seedsText(row.values.length, row.missingSeeds.length);
  const short = `${percent(row.clean!.mean)}, ${seeds}`;
  if (row.missingSeeds.length > 0) return { claim, outcome: 'in progress', found: short };
  if (interval === null || row.values.length < minSeeds) return tooFew(claim, short);
  const { mean, reach, count } = interval;
  const [low, high] = [mean - reach, mean + reach];
  const plain = findings.summary.rows.find(({ entry }) => entry === plainId)?.clean;
  // The error of one further seed: t · s · √(1 + 1/n).
  const next = reach * Math.sqrt(count + 1);
  const found = [
    `${percent(mean)}, 95 % interval ${percent(Math.max(0, low))} to ${percent(high)}, ${seeds}`,
    `95 % prediction interval for one further seed ${percent(Math.max(0, mean - next))} to ${percent(mean + next)}`,
    ...(plain ? [`plain ${percent(plain.mean)}, in the paper ${percent(published.plain)}`] : []),
    `mean of the last ten epochs ${percent(lastTen(findings, row))}`,
    costText(row),
  ].join('; ');
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

/** Compares what ABP gains over plain back-propagation with what the paper's ABP gained. */
export function gainsAsMuch(findings: Findings, network: Network): Claim {
  const published = publishedOf(findings, network);
  const figure = published.plain - published.abp;
  const points = (100 * figure).toFixed(2);
  const claim = `${network.name}: ABP lowers the test error by at least the paper’s ${points} points`;
  const all = pairs(findings, entriesOf(network));
  const gains = gainsOf(all);
  if (gains.length === 0) return notRun(claim);
  const mean = meanOfPairs(gains);
  const short = `${signedPoints(meanOf(gains))} points, ${seedsText(gains.length, all.length - gains.length)}`;
  if (gains.length < all.length) return { claim, outcome: 'in progress', found: short };
  if (mean === null || gains.length < minSeeds) return tooFew(claim, short);
  const plain = meanOf(all.map(({ first }) => first!));
  const share = `${percent(mean.mean / plain, 0)} of plain’s error, in the paper ${percent(figure / published.plain, 0)}`;
  const found = `${short}, 95 % interval ${intervalText(mean)}; ${share}`;
  const isMet = mean.low >= figure - tolerance;
  const outcome = isMet ? 'met' : mean.high < figure - tolerance ? 'missed' : 'not decided';
  return { claim, outcome, found };
}

/** How many pairs of networks McNemar's test tells apart, and for which of the two; '' if no images were kept. */
function mcNemarText(findings: Findings, [first, second]: readonly [string, string]): string {
  const { seeds } = rowOf(findings, first);
  const found = seeds.flatMap(
    (seed) =>
      discordantOf(
        findings.results.get(`${first}-seed${seed}`),
        findings.results.get(`${second}-seed${seed}`),
      ) ?? [],
  );
  if (found.length === 0) return '';
  const told = found.filter(({ p }) => p < 0.05);
  const better = told.filter(({ onlyFirst, onlySecond }) => onlyFirst > onlySecond).length;
  const worse = told.length - better;
  const others = worse > 0 ? `, and plain in ${worse}` : '';
  return `McNemar’s test favors ABP (p < 0.05) in ${better} of ${found.length} pairs of networks with the same seed${others}`;
}

/** What is compared by `isBelow`, if it is not the test error. */
interface Figure {
  /** Null if it was not measured. */
  readonly of: (runId: string) => number | null;
  readonly digits: number;
}

/**
 * Whether ABP's error is below plain back-propagation's on the same images, paired by seed.
 *
 * @param entries plain, then ABP
 */
export function isBelow(
  findings: Findings,
  entries: readonly [plain: string, abp: string],
  claim: string,
  figure?: Figure,
): Claim {
  const all = pairs(findings, entries, figure?.of);
  const gains = gainsOf(all);
  if (gains.length === 0) return notRun(claim);
  const both = all.filter(({ first, second }) => first !== null && second !== null);
  const digits = figure?.digits ?? 2;
  const [plain, abp] = (['first', 'second'] as const).map((which) =>
    percent(meanOf(both.map((pair) => pair[which]!)), digits),
  );
  const short = `${abp} with ABP, ${plain} with plain, ${seedsText(gains.length, all.length - gains.length)}`;
  if (gains.length < all.length) return { claim, outcome: 'in progress', found: short };
  const mean = meanOfPairs(gains);
  if (mean === null || gains.length < minSeeds) return tooFew(claim, short);
  const overImages = figure ? null : gainOverImages(findings, entries);
  const images = figure ? '' : mcNemarText(findings, entries);
  const found = [
    short,
    `a gain of ${signedPoints(mean.mean, digits)} points, 95 % interval ${intervalText(mean, digits)}`,
    ...(overImages
      ? [`95 % interval over seeds and test images ${intervalText(overImages, digits)}`]
      : []),
    ...(images === '' ? [] : [images]),
  ].join('; ');
  const outcome = mean.low > 0 ? 'met' : mean.high < 0 ? 'missed' : 'not decided';
  return { claim, outcome, found };
}

/** Whether ABP and dropout both have lower errors than plain, and errors that differ by less than `similarWithin`. */
export function isSimilar(
  findings: Findings,
  { plain, dropout, abp }: Readonly<Record<'plain' | 'dropout' | 'abp', string>>,
  claim: string,
): Claim {
  const over = (first: string, second: string) => pairs(findings, [first, second]);
  const all = [over(plain, dropout), over(plain, abp), over(dropout, abp)];
  const gains = all.map(gainsOf);
  const [ofDropout, ofAbp, between] = gains.map(meanOfPairs);
  const isPartial = gains.some(({ length }, i) => length < all[i]!.length);
  if (gains.every(({ length }) => length === 0)) return notRun(claim);
  if (!ofDropout || !ofAbp || !between) {
    const seeds = seedsText(Math.min(...gains.map(({ length }) => length)), 0);
    return isPartial ? { claim, outcome: 'in progress', found: seeds } : tooFew(claim, seeds);
  }
  const gain = ({ mean, ...rest }: Difference) => `${signedPoints(mean)} (${intervalText(rest)})`;
  const numbers = `gain over plain ${gain(ofAbp)} points with ABP, ${gain(ofDropout)} with dropout; ABP’s gain less dropout’s ${gain(between)}; 95 % intervals, ${seedsText(gains[0]!.length, 0)}`;
  if (isPartial) return { claim, outcome: 'in progress', found: numbers };
  if (gains[0]!.length < minSeeds) return tooFew(claim, numbers);
  const regularize = ofDropout.low > 0 && ofAbp.low > 0;
  const isInside = between.low >= -similarWithin && between.high <= similarWithin;
  const isOutside = between.low > similarWithin || between.high < -similarWithin;
  const isWorse = ofAbp.high < 0;
  const outcome = regularize && isInside ? 'met' : isOutside || isWorse ? 'missed' : 'not decided';
  const better = between.low > 0 ? 'ABP' : between.high < 0 ? 'dropout' : null;
  const isOpen = outcome === 'not decided' && !isInside && better !== null;
  const margin = 100 * similarWithin;
  const found = isOpen
    ? `${numbers}; ${better} is better, but whether by less than ${margin} point is not decided`
    : numbers;
  return { claim, outcome, found };
}

/** Counted multiply-adds of a step of ABP and of plain back-propagation. */
export function costs(findings: Findings, network: Network): Claim {
  const claim =
    'A step of ABP costs one forward and one backward pass more than a step of back-propagation';
  const [plain, abp] = entriesOf(network).map((entry) => rowOf(findings, entry).config);
  if (!plain || !abp) return notRun(claim);
  const ratio = trainingCost(abp) / trainingCost(plain);
  const found = `${ratio.toFixed(2)} times the multiply-adds of a plain step with layers of ${plain.hiddenLayers.join(' and ')}; times are in docs/performance.md`;
  return { claim, outcome: 'by construction', found };
}
