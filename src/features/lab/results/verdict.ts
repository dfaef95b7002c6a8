import type { MeasuredError } from '../../../experiment/runs/measuredErrors.ts';
import { formatCount, formatEpoch, formatEpsilon, withMinus } from '../../../ui/format.ts';
import {
  compare,
  describeFailedSeeds,
  formatCleanError,
  formatP,
  judgeError,
  type SeedDifference,
} from './difference.ts';
import { isMeasured, type ResultRow } from './resultRows.ts';

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
  return [comparePgd(at, low, other), compareClean(low, other), ...describeFindings(rows)];
}

/** What follows from the results besides who has the lowest errors. */
export function describeFindings(rows: readonly ResultRow[]): string[] {
  const judged = listJudged(rows);
  if (judged.length < 2) return [];
  const { low, other } = findPair(judged);
  return [
    ...describeFailures(judged),
    ...describeComparison(low, other),
    ...compareNoise(judged, low),
    ...warnOfFgsm(judged),
  ];
}

function listJudged(rows: readonly ResultRow[]): readonly Judged[] {
  return rows.filter((row): row is Judged => {
    return !row.isReference && isMeasured(row) && row.clean?.isWhole === true;
  });
}

/** The run with the lowest error under PGD, and plain, or if that is plain, the run with the next lowest error. */
function findPair(judged: readonly Judged[]): { low: Judged; other: Judged } {
  const sorted = [...judged].sort((a, b) => judgeError(a, 'pgd') - judgeError(b, 'pgd'));
  const low = sorted[0]!;
  const plain = sorted.find(({ config }) => config.method === 'plain');
  return { low, other: plain !== undefined && plain !== low ? plain : sorted[1]! };
}

function comparePgd(at: string, low: Judged, other: Judged): string {
  if (!isClear(low, other, 'pgd')) {
    return `${at} ${noDifference([low, other])} between ${name(low, other)} (${percent(low, 'pgd')}) and ${name(other, low)} (${percent(other, 'pgd')}) on ${formatCount(low.pgd.sampleCount)} images.`;
  }
  return `${at} ${err(low, 'pgd', other)} of ${images(low)}, where ${err(other, 'pgd', low)}.`;
}

/** What is said where no difference is called. */
function noDifference(rows: readonly Judged[]): string {
  return describeFailedSeeds(rows) === ''
    ? 'there is no clear difference'
    : 'no difference is called';
}

function compareNoise(judged: readonly Judged[], low: Judged): string[] {
  if (low.config.method === 'plain' || low.config.method === 'noise') return [];
  const noise = judged.find(({ config }) => config.method === 'noise');
  if (noise === undefined || judgeError(noise, 'pgd') - judgeError(low, 'pgd') < clearLead)
    return [];
  if (!isClear(noise, low, 'pgd')) return [];
  return [`Moving pixels at random in training does not help as much: ${err(noise, 'pgd')}.`];
}

function warnOfFgsm(judged: readonly Judged[]): string[] {
  const gap = (row: Judged): number => judgeError(row, 'pgd') - judgeError(row, 'fgsm');
  const widest = judged.reduce((most, one) => (gap(one) > gap(most) ? one : most));
  if (gap(widest) < misleading || !isClear(widest, widest, 'fgsm', 'pgd')) return [];
  return [
    `Judged by FGSM alone, ${widest.name} would look better than it is: FGSM fools it on ${percent(widest, 'fgsm')}, PGD on ${percent(widest, 'pgd')}.`,
  ];
}

function compareClean(low: Judged, other: Judged): string {
  const facts = `On clean images ${low.name} misclassifies ${formatCleanError(low)}, ${other.name} ${formatCleanError(other)}`;
  if (isClear(low, other, 'clean')) return `${facts}.`;
  return describeFailedSeeds([low, other]) === '' ? `${facts}: no clear difference.` : `${facts}.`;
}

/** Why no difference is called, if seeds have failed. */
function describeFailures(judged: readonly Judged[]): string[] {
  const failed = describeFailedSeeds(judged);
  if (failed === '') return [];
  return [
    `${failed}. Those that ended well are no fair sample of the method, so no difference is called on them alone.`,
  ];
}

/** By what the two are called different, or not. */
function describeComparison(low: Judged, other: Judged): string[] {
  const [attacked, clean] = [compare(other, low, 'pgd'), compare(other, low, 'clean')];
  if (attacked === null) return ['These networks were not measured on the same images.'];
  if (attacked.basis === 'seeds') {
    const hasFailed = describeFailedSeeds([low, other]) !== '';
    const under = describePoints(
      attacked,
      `that of ${other.name} under attack`,
      '95 % interval ',
      hasFailed,
    );
    const without =
      clean?.basis === 'seeds' ? describePoints(clean, 'it on clean images', '', hasFailed) : '';
    const all = without === '' ? under : `${under}, and ${without}`;
    return [`Over ${attacked.count} seeds, the error of ${low.name} is ${all}.`];
  }
  const images = `${formatCount(low.pgd.sampleCount)} images`;
  const under = `Of the same ${images} under attack, ${other.name} alone misclassifies ${formatCount(attacked.onlyFirst)} and ${low.name} alone ${formatCount(attacked.onlySecond)} (${formatP(attacked.p)})`;
  const without =
    clean?.basis === 'images'
      ? `; clean, ${formatCount(clean.onlyFirst)} and ${formatCount(clean.onlySecond)} (${formatP(clean.p)})`
      : '';
  return [`${under}${without}. This is a statement about these two networks.`];
}

/**
 * "53.10 points below that of Plain (95 % interval 52.00 to 54.20)": the second of two methods, against the first.
 *
 * @param what is compared with
 * @param kind of interval, if it is to be said
 * @param hasFailed whether seeds have failed, which is said elsewhere
 */
function describePoints(
  { mean, reach, isClear: isCalled }: SeedDifference,
  what: string,
  kind = '',
  hasFailed = false,
): string {
  const sign = mean < 0 ? -1 : 1;
  const points = (rate: number): string => withMinus((100 * sign * rate).toFixed(2));
  const interval = [mean - sign * reach, mean + sign * reach].map(points).join(' to ');
  const doubt = isCalled || hasFailed ? '' : ': no clear difference';
  return `${points(mean)} points ${mean < 0 ? 'above' : 'below'} ${what} (${kind}${interval}${doubt})`;
}

function isClear(...compared: Parameters<typeof compare>): boolean {
  return compare(...compared)?.isClear === true;
}

/** A run's name, with its moment if it differs from the other run's. */
function name(row: Judged, other: Judged = row): string {
  const isAlike = row.pgd.epoch === other.pgd.epoch;
  return isAlike ? row.name : `${row.name} (after epoch ${formatEpoch(row.pgd.epoch)})`;
}

function err(row: Judged, kind: 'fgsm' | 'pgd', other: Judged = row): string {
  return `${name(row, other)} misclassifies ${percent(row, kind)}`;
}

function images({ pgd }: Judged): string {
  return `all ${formatCount(pgd.sampleCount)} ${pgd.split} images`;
}

/** An error rate with as many digits as a comparison needs: 68 %, 6.3 %. */
function percent(row: Judged, kind: 'fgsm' | 'pgd'): string {
  const value = 100 * judgeError(row, kind);
  return `${value.toFixed(value < 9.95 ? 1 : 0)} %`;
}
