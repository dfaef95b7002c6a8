import type { MeasuredError } from '../../../experiment/runs/measuredErrors.ts';
import { formatCount, formatEpoch, formatEpsilon, formatErrorRate } from '../../../ui/format.ts';
import { isMeasured, type ResultRow } from './resultRows.ts';

/** At most training lengths, the seed alone can explain smaller differences between clean errors. */
const seedSpread = 0.005;
/** Standard errors by which two rates must differ: to be called different, and to be more than chance at all. */
const certainty = 3;
const chance = 2;
/** FGSM alone is called misleading when PGD's error is higher by at least this much. */
const misleading = 0.05;
/** Random signs are said not to have the same effect from this difference on. */
const clearLead = 0.1;

type Judged = ResultRow & Record<'clean' | 'fgsm' | 'pgd', MeasuredError>;

/**
 * The findings of the current experiment, one sentence each. Runs whose current network was not
 * measured on all images are not mentioned; empty if no run was.
 */
export function describeVerdict(rows: readonly ResultRow[], attackEpsilon: number): string[] {
  const judged = listJudged(rows);
  const [first, ...others] = judged;
  if (first === undefined) return [];
  const at = `Under PGD at ε ${formatEpsilon(attackEpsilon)},`;
  if (others.length === 0) return [`${at} ${err(first, 'pgd')} of ${images(first)}.`];
  const { low, other } = findPair(judged);
  return [comparePgd(at, low, other), ...describeFindings(rows), compareClean(low, other)];
}

/** What follows from the results besides who has the lowest errors. */
export function describeFindings(rows: readonly ResultRow[]): string[] {
  const judged = listJudged(rows);
  if (judged.length < 2) return [];
  return [...compareNoise(judged, findPair(judged).low), ...warnOfFgsm(judged)];
}

function listJudged(rows: readonly ResultRow[]): readonly Judged[] {
  return rows.filter((row): row is Judged => {
    return !row.isReference && isMeasured(row) && row.clean?.isWhole === true;
  });
}

/** The run with the lowest error under PGD, and plain, or if that is plain, the run with the next lowest error. */
function findPair(judged: readonly Judged[]): { low: Judged; other: Judged } {
  const sorted = [...judged].sort((a, b) => a.pgd.errorRate - b.pgd.errorRate);
  const low = sorted[0]!;
  const plain = sorted.find(({ config }) => config.method === 'plain');
  return { low, other: plain !== undefined && plain !== low ? plain : sorted[1]! };
}

function comparePgd(at: string, low: Judged, other: Judged): string {
  if (!isDifferent(low.pgd, other.pgd)) {
    return `${at} ${name(low, other)} (${percent(low.pgd)}) and ${name(other, low)} (${percent(other.pgd)}) are not significantly different on ${formatCount(low.pgd.sampleCount)} images.`;
  }
  return `${at} ${err(low, 'pgd', other)} of ${images(low)}, where ${err(other, 'pgd', low)}.`;
}

function compareNoise(judged: readonly Judged[], low: Judged): string[] {
  if (low.config.method === 'plain' || low.config.method === 'noise') return [];
  const noise = judged.find(({ config }) => config.method === 'noise');
  if (noise === undefined || noise.pgd.errorRate - low.pgd.errorRate < clearLead) return [];
  if (!isDifferent(noise.pgd, low.pgd)) return [];
  return [`Moving pixels at random in training does not help as much: ${err(noise, 'pgd')}.`];
}

function warnOfFgsm(judged: readonly Judged[]): string[] {
  const gap = ({ fgsm, pgd }: Judged): number => pgd.errorRate - fgsm.errorRate;
  const widest = judged.reduce((most, one) => (gap(one) > gap(most) ? one : most));
  if (gap(widest) < misleading || !isDifferent(widest.fgsm, widest.pgd)) return [];
  return [
    `Judged by FGSM alone, ${widest.name} would look better than it is: FGSM fools it on ${percent(widest.fgsm)}, PGD on ${percent(widest.pgd)}.`,
  ];
}

function compareClean(low: Judged, other: Judged): string {
  const [a, b] = [low.clean.errorRate, other.clean.errorRate];
  const facts = `On clean images ${low.name} misclassifies ${formatErrorRate(a)}, ${other.name} ${formatErrorRate(b)}`;
  const isSmall = Math.abs(a - b) < seedSpread || !isDifferent(low.clean, other.clean, chance);
  return isSmall
    ? `${facts}. One seed each: so small a difference may come from the seed alone.`
    : `${facts}. One seed each.`;
}

/** Whether two error rates differ by more than sampling error. */
export function isDifferent(a: MeasuredError, b: MeasuredError, errors = certainty): boolean {
  const variance = ({ errorRate, sampleCount }: MeasuredError): number =>
    (errorRate * (1 - errorRate)) / sampleCount;
  const difference = Math.abs(a.errorRate - b.errorRate);
  return difference > errors * Math.sqrt(variance(a) + variance(b));
}

/** A run's name, with its moment if it differs from the other run's. */
function name(row: Judged, other: Judged = row): string {
  const isAlike = row.pgd.epoch === other.pgd.epoch;
  return isAlike ? row.name : `${row.name} (after epoch ${formatEpoch(row.pgd.epoch)})`;
}

function err(row: Judged, kind: 'fgsm' | 'pgd', other: Judged = row): string {
  return `${name(row, other)} misclassifies ${percent(row[kind])}`;
}

function images({ pgd }: Judged): string {
  return `all ${formatCount(pgd.sampleCount)} ${pgd.split} images`;
}

/** An error rate with as many digits as a comparison needs: 68 %, 6.3 %. */
function percent({ errorRate }: MeasuredError): string {
  const value = 100 * errorRate;
  return `${value.toFixed(value < 9.95 ? 1 : 0)} %`;
}
