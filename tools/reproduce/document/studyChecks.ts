import type { Summary } from '../../../src/domain/reproduction.ts';
import { type Check, pairs, rowOf } from './checks.ts';
import { containsZero, type Difference, differenceOfMeans, meanOfPairs } from '../statistics.ts';

/** A difference of error rates in percentage points, with its sign: "+0.05". */
export function signedPoints(difference: number, digits = 2): string {
  const size = Math.abs(100 * difference).toFixed(digits);
  if (Number(size) === 0) return size;
  return `${difference > 0 ? '+' : '−'}${size}`;
}

/** "+0.05 ± 0.06 points (standard error), 95 % interval −0.08 to +0.18". */
export function differenceText({ mean, standardError, low, high }: Difference): string {
  const error = (100 * standardError).toFixed(2);
  return `${signedPoints(mean)} ± ${error} points (standard error), 95 % interval ${signedPoints(low)} to ${signedPoints(high)}`;
}

/** Whether permuted pixels change the mean test error by less than the standard deviation of single runs. */
function isOrderIndifferent(summary: Summary, method: string, name: string): Check {
  const ordered = rowOf(summary, `ordered-${method}`);
  const permuted = rowOf(summary, `permuted-${method}`);
  const claim = `${name}: permuted pixels and pixels in order agree within the seeds’ spread (means differ by less than one standard deviation of the runs)`;
  const difference = differenceOfMeans(ordered.values, permuted.values);
  const isOpen = ordered.missingSeeds.length + permuted.missingSeeds.length > 0;
  if (difference === null) return { claim, outcome: 'not run yet', found: '' };
  const found = `${differenceText(difference)}, ${ordered.values.length} + ${permuted.values.length} seeds`;
  if (isOpen) return { claim, outcome: 'not run yet', found };
  const { mean, spread } = difference;
  return { claim, outcome: Math.abs(mean) <= spread ? 'met' : 'missed', found };
}

export interface Gain {
  readonly method: string;
  /** Plain's test error minus this method's, for each seed that both have. */
  readonly bySeed: readonly number[];
  /** Null for fewer than two seeds. */
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

function cifarCheck(
  summary: Summary,
  [method, than]: readonly [string, string],
  claim: string,
  isMet: (mean: Difference) => boolean,
): Check {
  const { bySeed, mean, isComplete } = cifarGain(summary, method, than);
  if (mean === null) return { claim, outcome: 'not run yet', found: '' };
  const found = `gain ${differenceText(mean)}, ${bySeed.length} pairs`;
  if (!isComplete) return { claim, outcome: 'not run yet', found };
  if (containsZero(mean)) return { claim, outcome: 'not decided', found };
  return { claim, outcome: isMet(mean) ? 'met' : 'missed', found };
}

const isAbove = ({ low }: Difference) => low > 0;

/** All claims that the runs on permuted pixels and on CIFAR-10's sample test. */
export function studyChecksOf(summary: Summary): Check[] {
  const check = cifarCheck.bind(null, summary);
  const sample = 'CIFAR-10 sample';
  return [
    isOrderIndifferent(summary, 'adversarial', 'ABP, 784-100-10'),
    isOrderIndifferent(summary, 'plain', 'Plain, 784-100-10'),
    check(['dropout', 'plain'], `${sample}: dropout below plain (interval above 0)`, isAbove),
    check(['adversarial', 'plain'], `${sample}: ABP below plain (interval above 0)`, isAbove),
    check(
      ['adversarial', 'dropout'],
      `${sample}: ABP like dropout (missed if the interval leaves out 0)`,
      () => false,
    ),
  ];
}
