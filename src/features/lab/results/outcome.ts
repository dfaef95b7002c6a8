import { firstScreen } from '../../../experiment/drawing/firstScreen.ts';
import type { MeasuredError } from '../../../experiment/runs/measuredErrors.ts';
import { methodFacts } from '../../../domain/settings/methods.ts';
import { imageWord } from '../../../domain/dataSet.ts';
import { describeEpochs, describeLayers } from '../../../domain/settings/settings.ts';
import { formatErrorRate } from '../../../ui/format.ts';
import { joinNames } from '../pad/describePredictions.ts';
import {
  averageSeeds,
  compare,
  describeFailedSeeds,
  findFailedSeeds,
  formatCleanError,
  judgeError,
} from './difference.ts';
import { isMeasured, type ResultRow } from './resultRows.ts';

type Judged = ResultRow & Record<'clean' | 'pgd', MeasuredError>;

/** The end of an experiment in a headline, and what the winner costs. */
export interface Outcome {
  readonly kind: 'abp' | 'other' | 'close' | 'single' | 'measuring';
  readonly headline: string;
  /** The price in clean error and time; empty if there is nothing to compare. */
  readonly price: string;
  /** The price in a few words, where the whole of it is not in view; empty with `price`, and where it is no comparison. */
  readonly shortPrice: string;
  /** What becomes of the price in a longer training, if that is known. */
  readonly outlook?: string;
}

/** The hidden layers of the network whose errors `firstScreen.reproduced` has: the paper's likely width. */
const paperLayers = [400, 400];

/** Whether a method trains on adversarial images. */
function isAgainstAttack({ config: { method } }: Judged): boolean {
  return methodFacts[method].group !== 'No attack';
}

/**
 * Judges an experiment once all of its runs are measured on all images with PGD at the page's ε. Null before that. What is
 * called a difference: difference.ts.
 *
 * @param isFinished whether every run has ended
 */
export function judgeOutcome(rows: readonly ResultRow[], isFinished: boolean): Outcome | null {
  const own = rows.filter(({ isReference }) => !isReference);
  const judged = own.filter(
    (row): row is Judged => isMeasured(row) && row.clean?.isWhole === true && row.pgd !== null,
  );
  const sorted = [...judged].sort((a, b) => judgeError(a, 'pgd') - judgeError(b, 'pgd'));
  const [best, next, ...others] = sorted;
  if (!isFinished || best === undefined || judged.length < own.length) return null;
  const words = `${imageWord(best.config.dataSet)}s`;
  if (next === undefined) {
    const headline = `${best.name} keeps ${kept(best)} of 100 ${words} under attack${describeSeeds(best)}.`;
    const price = 'Add a run to compare it with another method.';
    return { kind: 'single', headline, price, shortPrice: '' };
  }
  const rest = [next, ...others];
  const price = describePrice(best, rest, words);
  const isTied = (row: Judged): boolean => compare(best, row, 'pgd')?.isClear !== true;
  const found = compare(best, next, 'pgd');
  if (found === null) {
    const headline = `Not measured on the same images: under attack, ${listKept(sorted, words)}.`;
    return { kind: 'close', headline, ...price };
  }
  const failed = describeFailedSeeds(sorted);
  if (failed !== '') {
    const headline = `No winner is called, because ${failed}: under attack, ${listKept(sorted, words)}.`;
    return { kind: 'close', headline, ...price };
  }
  const seeds = found.basis === 'seeds' ? ` with ${found.count} seeds` : '';
  if (isTied(next)) {
    const tied = sorted.filter((row) => row === best || isTied(row));
    const between =
      tied.length === sorted.length ? '' : ` between ${joinNames(tied.map(({ name }) => name))}`;
    const headline = `Too close to call${between}${seeds || ' with one seed'}: under attack, ${listKept(sorted, words)}.`;
    return { kind: 'close', headline, ...price };
  }
  const isAdversarial = isAgainstAttack(best);
  const adversarial = rest.find(isAgainstAttack);
  if (!isAdversarial && adversarial !== undefined) {
    const headline = `${adversarial.name} did not win${seeds || ' this time'}: it keeps ${kept(adversarial)} of 100 ${words} under attack, ${best.name} ${kept(best)}.`;
    return { kind: 'other', headline, ...price };
  }
  const headline = `${best.name} wins under attack${seeds}: ${kept(best)} of 100 ${words}. ${listKept(rest)}.`;
  return { kind: isAdversarial ? 'abp' : 'other', headline, ...price };
}

/** "Dropout keeps 40, Plain 32" */
function listKept(rows: readonly Judged[], words?: string): string {
  const of = words === undefined ? '' : ` of 100 ${words}`;
  return rows
    .map((row, at) =>
      at === 0 ? `${row.name} keeps ${kept(row)}${of}` : `${row.name} ${kept(row)}`,
    )
    .join(', ');
}

/** Of 100 images, those that are predicted correctly under PGD; all of them only if none was missed. */
function kept(row: Judged): number {
  const errorRate = judgeError(row, 'pgd');
  return errorRate > 0 ? Math.min(99, Math.round(100 * (1 - errorRate))) : 100;
}

/** "5 seeds", or "3 of 5 seeds (2 diverged)" */
function countSeeds(row: Judged, count: number): string {
  const failed = findFailedSeeds(row);
  return failed === null
    ? `${count} seeds`
    : `${count} of ${failed.of} seeds (${failed.count} ${failed.word})`;
}

/** " with 5 seeds"; empty with one. */
function describeSeeds(row: Judged): string {
  const average = averageSeeds(row, 'pgd');
  return average === null ? '' : ` with ${countSeeds(row, average.count)}`;
}

/** What the winner costs against plain, and what more units and epochs gain. */
function describePrice(
  best: Judged,
  rest: readonly Judged[],
  words: string,
): Pick<Outcome, 'price' | 'shortPrice' | 'outlook'> {
  const plain = rest.find(({ config }) => config.method === 'plain');
  if (plain === undefined) return { price: '', shortPrice: '' };
  const { epochs } = best.config;
  const own = epochs === plain.config.epochs ? '' : ` after ${describeEpochs(plain.config.epochs)}`;
  const isClear = compare(best, plain, 'clean')?.isClear === true;
  const isWhole = describeFailedSeeds([best, plain]) === '';
  const doubt = isClear || !isWhole ? '' : ', no clear difference';
  const clean = `On clean ${words}, ${best.name} misclassifies ${formatCleanError(best)} after ${describeEpochs(epochs)} and ${plain.name} ${formatCleanError(plain)}${own}${doubt}`;
  const outlook = describePaper(best, plain);
  return {
    price: `${clean}${describeTime(best)}. ${describeBasis(best)}`,
    shortPrice: `Errors on clean ${words}: ${best.name} ${formatCleanError(best)}, ${plain.name} ${formatCleanError(plain)}${doubt}${describeTime(best)}.`,
    ...(outlook === '' ? {} : { outlook }),
  };
}

/** How many seeds the numbers are from. */
function describeBasis(best: Judged): string {
  const [clean, attacked] = [averageSeeds(best, 'clean'), averageSeeds(best, 'pgd')];
  if (clean === null) return 'This is one seed; another may give other numbers.';
  const means = `Means of ${countSeeds(best, clean.count)} ± 95 % interval`;
  return attacked === null ? `${means}; under attack at this ε, one seed.` : `${means}.`;
}

function describeTime({ name, measuredCost }: Judged): string {
  // Smaller differences are within the noise of a measurement of time.
  if (measuredCost === null || measuredCost < 1.2) return '';
  const isTwice = measuredCost > 1.75 && measuredCost < 2.25;
  const times = isTwice ? 'twice' : `${Number(measuredCost.toFixed(1))} times`;
  return `; a step of ${name} takes ${times} as long`;
}

/** What becomes of a higher clean error with more units and epochs, for ABP on MNIST, as this project reproduced it. */
function describePaper(best: Judged, plain: Judged): string {
  const { config } = best;
  const { epochs, plain: plainError, adversarial } = firstScreen.reproduced;
  const isShort = config.method === 'adversarial' && config.epochs < epochs;
  const isAbout = isShort && config.dataSet === null && config.permutationSeed === null;
  if (!isAbout || judgeError(best, 'clean') <= judgeError(plain, 'clean')) return '';
  const isSmaller = sum(config.hiddenLayers) < sum(paperLayers);
  return `With ${isSmaller ? 'a larger network' : 'this network'} (${describeLayers(paperLayers)}) and ${epochs} epochs, ABP makes fewer errors than plain: ${formatErrorRate(adversarial)} against ${formatErrorRate(plainError)}.`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
