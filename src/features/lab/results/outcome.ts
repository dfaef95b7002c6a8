import { firstScreen } from '../../../experiment/drawing/firstScreen.ts';
import type { MeasuredError } from '../../../experiment/runs/measuredErrors.ts';
import { formatErrorRate } from '../../../ui/format.ts';
import { isMeasured, type ResultRow } from './resultRows.ts';
import { isDifferent } from './verdict.ts';

type Judged = ResultRow & Record<'clean' | 'pgd', MeasuredError>;

/** The end of an experiment in a headline, and what the winner costs. */
export interface Outcome {
  readonly kind: 'abp' | 'other' | 'close' | 'single';
  readonly headline: string;
  /** The price in clean error and time; empty if there is nothing to compare. */
  readonly price: string;
}

/** Methods that train on adversarial images. */
const adversarialMethods = ['adversarial', 'adversarial-dropout', 'pgd', 'mixed'];

/**
 * Judges an experiment once all of its runs are measured on all images with PGD at the page's ε. Null before that.
 *
 * @param isFinished whether every run has ended
 */
export function judgeOutcome(rows: readonly ResultRow[], isFinished: boolean): Outcome | null {
  const own = rows.filter(({ isReference }) => !isReference);
  const judged = own.filter(
    (row): row is Judged => isMeasured(row) && row.clean?.isWhole === true && row.pgd !== null,
  );
  const sorted = [...judged].sort((a, b) => a.pgd.errorRate - b.pgd.errorRate);
  const [best, next, ...others] = sorted;
  if (!isFinished || best === undefined || judged.length < own.length) return null;
  if (next === undefined) {
    const headline = `${best.name} keeps ${kept(best)} of 100 digits under attack.`;
    return { kind: 'single', headline, price: 'Add a run to compare it with another method.' };
  }
  const rest = [next, ...others];
  const price = describePrice(best, rest);
  if (!isDifferent(best.pgd, next.pgd)) {
    const keeps = sorted.map((row) => `${row.name} keeps ${kept(row)}`).join(', ');
    return {
      kind: 'close',
      headline: `Too close to call with one seed: of 100 digits under attack ${keeps}.`,
      price,
    };
  }
  const isAdversarial = adversarialMethods.includes(best.config.method);
  const adversarial = rest.find(({ config }) => adversarialMethods.includes(config.method));
  if (!isAdversarial && adversarial !== undefined) {
    const headline = `${adversarial.name} did not win this time: of 100 digits under attack it keeps ${kept(adversarial)}, ${best.name} ${kept(best)}.`;
    return { kind: 'other', headline, price };
  }
  const keeps = rest.map((row, index) => `${row.name}${index === 0 ? ' keeps' : ''} ${kept(row)}`);
  const headline = `${best.name} wins under attack: ${kept(best)} of 100 digits. ${keeps.join(', ')}.`;
  return { kind: isAdversarial ? 'abp' : 'other', headline, price };
}

/** Of 100 digits, those that are predicted correctly under PGD. */
function kept({ pgd }: Judged): number {
  return Math.round(100 * (1 - pgd.errorRate));
}

/** What the winner costs against plain, and what the paper's larger network gains. */
function describePrice(best: Judged, rest: readonly Judged[]): string {
  const plain = rest.find(({ config }) => config.method === 'plain');
  if (plain === undefined) return '';
  const { epochs } = best.config;
  const when = `In ${epochs} epoch${epochs === 1 ? '' : 's'}:`;
  const clean = `${formatErrorRate(best.clean.errorRate)} errors without attack instead of ${formatErrorRate(plain.clean.errorRate)}`;
  const cost = best.measuredCost;
  const time = cost === null || cost < 1.2 ? '' : `, and ${describeTimes(cost)} the time`;
  const isShort = best.config.method === 'adversarial' && epochs < firstScreen.reproduced.epochs;
  const { epochs: long, plain: plainError, adversarial } = firstScreen.reproduced;
  const paper =
    isShort && best.clean.errorRate > plain.clean.errorRate
      ? ` With the paper’s larger network and ${long} epochs ABP makes fewer errors: ${formatErrorRate(adversarial)} against ${formatErrorRate(plainError)}.`
      : '';
  return `${when} ${clean}${time}.${paper} One seed is one seed.`;
}

function describeTimes(cost: number): string {
  return cost > 1.75 && cost < 2.25 ? 'twice' : `${cost.toFixed(1)} times`;
}
