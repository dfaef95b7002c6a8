import { evaluatedCount, type CustomData } from '../../domain/dataSet.ts';
import type { Attack } from '../../domain/metrics.ts';
import { attackNames } from '../../experiment/runs/measurements.ts';
import {
  type Confusion,
  findWorstConfusion,
  hasDiverged,
} from '../../experiment/inside/confusion.ts';
import { findMedian } from '../../experiment/inside/histogram.ts';
import type { AttackPredictions } from '../../domain/analysis/inspection.ts';
import { formatCount, formatEpoch, formatEpsilon, formatErrorRate } from '../../ui/format.ts';

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Two significant digits, with a power of ten for very small or large values: 0.21, 3.4 × 10⁻⁵; or "not finite". */
export function formatSize(value: number): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return 'not finite';
  const size = Math.abs(value);
  if (size >= 0.001 && size < 1000) return withMinus(String(Number(value.toPrecision(2))));
  const [mantissa, exponent] = value.toExponential(1).split('e') as [string, string];
  const power = Array.from(
    String(Math.abs(Number(exponent))),
    (digit) => superscripts[Number(digit)],
  );
  return `${withMinus(mantissa)} × 10${Number(exponent) < 0 ? '⁻' : ''}${power.join('')}`;
}

function withMinus(text: string): string {
  return text.replace('-', '−');
}

/** "after epoch 1.25", "before training", "pretrained". */
export function describeMoment(step: number, stepsPerEpoch: number | null): string {
  if (stepsPerEpoch === null) return 'pretrained';
  return step === 0 ? 'before training' : `after epoch ${formatEpoch(step / stepsPerEpoch)}`;
}

/** "FGSM, ε 0.08". */
export function describeAttack({ kind, epsilon }: Attack): string {
  return `${attackNames[kind]}, ε ${formatEpsilon(epsilon)}`;
}

/** The note for a network whose outputs are not numbers. */
export const divergedNote = 'Its training diverged: its outputs are not finite numbers.';

/** "17 of 1,000 wrong (1.70 %)", and the most frequent error. */
export function describeConfusion(confusion: Confusion): string {
  const { errors, total } = confusion;
  const worst = findWorstConfusion(confusion);
  const rate = formatErrorRate(errors / total).replace(' ', '\u00a0');
  const most =
    worst === null ? '' : ` Most often: a ${worst.label} read as ${worst.answer} (${worst.count}).`;
  return `${formatCount(errors)} of ${formatCount(total)} wrong (${rate}).${most}`;
}

/** The quantity that a histogram shows. */
export type Quantity = 'margins' | 'confidences';

/** The numbers of a histogram, clean and attacked: the median and how many predictions are wrong. */
export function describePredictions(
  { labels, clean, attacked }: Pick<AttackPredictions, 'labels' | 'clean' | 'attacked'>,
  quantity: Quantity,
): string {
  if (hasDiverged(clean)) return divergedNote;
  const parts = (
    [
      ['Clean', clean],
      ['Attacked', attacked],
    ] as const
  ).map(([when, attackPredictions]) => {
    const wrong = attackPredictions.predictions.reduce(
      (sum, answer, i) => sum + Number(answer !== labels[i]),
      0,
    );
    const median = findMedian(attackPredictions[quantity]);
    const middle =
      quantity === 'margins'
        ? formatSigned(Number(median.toPrecision(3)))
        : `${(100 * median).toFixed(1)}\u00a0%`;
    const rate = formatErrorRate(wrong / labels.length).replace(' ', '\u00a0');
    return `${when}: median ${middle}, ${rate} wrong.`;
  });
  return parts.join(' ');
}

/** "first 1,000 test images". */
export function describeImages(
  split: 'test' | 'validation',
  count: number,
  dataSet: CustomData | null = null,
): string {
  return `${count >= evaluatedCount(dataSet, split) ? 'all' : 'the first'} ${formatCount(count)} ${split} images`;
}

/** A number with a proper minus: −0.08. */
export function formatSigned(value: number): string {
  return withMinus(String(value));
}
