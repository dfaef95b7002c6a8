import { evaluatedCount, nameAnswer, nameClass, type CustomData } from '../../../domain/dataSet.ts';
import type { Attack } from '../../../domain/metrics.ts';
import { divergedNote } from '../../../ui/networks.ts';
import { attackNames } from '../../../experiment/runs/measurements.ts';
import {
  type Confusion,
  findWorstConfusion,
  hasDiverged,
} from '../../../experiment/inside/confusion.ts';
import { findMedian } from '../../../experiment/inside/histogram.ts';
import type { AttackPredictions, Predictions } from '../../../domain/analysis/inspection.ts';
import {
  formatCount,
  formatEpsilon,
  formatErrorRate,
  formatSigned,
  keepTogether,
} from '../../../ui/format.ts';

/** "FGSM, ε 0.08". */
export function describeAttack({ kind, epsilon }: Attack): string {
  return `${attackNames[kind]}, ε ${formatEpsilon(epsilon)}`;
}

/** "17 of 1,000 wrong (1.70 %)", and the most frequent error. */
export function describeConfusion(confusion: Confusion, dataSet: CustomData | null = null): string {
  const { errors, total } = confusion;
  const worst = findWorstConfusion(confusion);
  const most =
    worst === null
      ? ''
      : ` Most often: ${nameAnswer(dataSet, worst.label)} predicted as ${nameClass(dataSet, worst.answer)} (${worst.count}).`;
  return keepTogether(
    `${formatCount(errors)} of ${formatCount(total)} wrong (${formatErrorRate(errors / total)}).${most}`,
  );
}

export type Quantity = 'margins' | 'confidences';

/** The numbers of a histogram, clean and attacked: the median and how many predictions are wrong. */
export function describePredictions(
  { labels, clean, attacked }: Pick<AttackPredictions, 'labels' | 'clean' | 'attacked'>,
  quantity: Quantity,
): string {
  if (hasDiverged(clean)) return divergedNote;
  const describe = (when: string, { predictions, ...values }: Predictions): string => {
    const wrong = predictions.filter((answer, i) => answer !== labels[i]).length;
    const median = findMedian(values[quantity]);
    const middle =
      quantity === 'margins'
        ? formatSigned(Number(median.toPrecision(3)))
        : `${(100 * median).toFixed(1)} %`;
    return `${when}: median ${middle}, ${formatErrorRate(wrong / labels.length)} wrong.`;
  };
  return keepTogether(`${describe('Clean', clean)} ${describe('Attacked', attacked)}`);
}

/** "first 1,000 test images". */
export function describeImages(
  split: 'test' | 'validation',
  count: number,
  dataSet: CustomData | null = null,
): string {
  return `${count >= evaluatedCount(dataSet, split) ? 'all' : 'the first'} ${formatCount(count)} ${split} images`;
}
