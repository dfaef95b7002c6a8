import type { ImageWord } from '../../../domain/dataSet.ts';
import type { DirectionMeasures } from '../../../domain/analysis/directionMeasures.ts';
import { formatErrorRate, formatNumber } from '../../../ui/format.ts';
import { describeRatio } from '../numbers.ts';

/** Whether all numbers are finite; those of a diverged network are not. */
export function isFiniteMeasures({ gradientSum, losses }: DirectionMeasures): boolean {
  return Number.isFinite(gradientSum) && Object.values(losses).every(Number.isFinite);
}

/** The loss rise that the tangent at x predicts for a step of size ε, along the gradient's sign and random signs. */
export function predictRises({ epsilon, gradientSum, gradientLength }: DirectionMeasures): {
  readonly adversarial: number;
  readonly random: number;
} {
  return { adversarial: epsilon * gradientSum, random: epsilon * gradientLength };
}

/** What a network's numbers say about the first claim: many small changes add up. */
export function describeLinearity(measures: DirectionMeasures): string {
  const { gradientSum, gradientLength, epsilon, losses, riseAtTenth, logitFalls } = measures;
  if (gradientSum === 0) return 'Here the gradient is 0, so there is no direction to follow.';
  const { adversarial, random } = predictRises(measures);
  const tenth = formatNumber(riseAtTenth);
  const promised = formatNumber((epsilon / 10) * gradientSum);
  const share = logitFalls.whole > 0 ? logitFalls.half / logitFalls.whole : null;
  return [
    `Here ‖∂J/∂x‖₁ is ${formatNumber(gradientSum / gradientLength)} times ‖∂J/∂x‖₂ (28 = √784 at most), so the linear approximation predicts a rise of ${formatNumber(adversarial)} along the sign, and about ± ${formatNumber(random)} for random signs.`,
    `A tenth of the step raises the loss by ${tenth} (predicted: ${promised}); the whole step by ${formatNumber(losses.fgsm - losses.clean)}.`,
    ...(share === null
      ? []
      : [
          `The correct class’s output falls by ${formatNumber(logitFalls.half)} halfway and by ${formatNumber(logitFalls.whole)} over the full step${share > 0.4 && share < 0.6 ? ': nearly linear. The loss is more curved than the network' : ''}.`,
        ]),
  ].join(' ');
}

/** About the second claim: noise of the same size does little. */
export function describeNoise(
  { losses, errorRates, count }: DirectionMeasures,
  word: ImageWord,
): string {
  const noise = losses.random - losses.clean;
  const attack = losses.fgsm - losses.clean;
  const ratio = noise > 0 && attack > noise ? `, a rise ${describeRatio(attack / noise)}` : '';
  return `On ${count} test ${word}s, random signs change the mean loss from ${formatNumber(losses.clean)} to ${formatNumber(losses.random)}, the gradient’s signs to ${formatNumber(losses.fgsm)}${ratio}. Errors: ${formatErrorRate(errorRates.random)} against ${formatErrorRate(errorRates.fgsm)}.`;
}

/** About the last claim: what the method does not achieve. */
export function describeLimits({ errorRates, epsilon, count }: DirectionMeasures): string {
  const { fgsm, pgd, fgsmTriple, random } = errorRates;
  const stronger =
    pgd > fgsm
      ? `Unclipped, PGD causes more errors than FGSM: ${formatErrorRate(pgd)} against ${formatErrorRate(fgsm)}`
      : `Unclipped, the error is ${formatErrorRate(pgd)} under PGD and ${formatErrorRate(fgsm)} under FGSM`;
  // Athalye et al. 2018, section 3.1. A difference of one digit may be chance.
  const masked = isBeyondChance(random, fgsm, count)
    ? ' Random signs fool it more often than the gradient does, which suggests that the gradient is masked.'
    : fgsm - pgd > 1.5 / count
      ? ' One step fools it more often than many, which suggests that the gradient is masked.'
      : '';
  return `${stronger}. With three times the ε (${(3 * epsilon).toFixed(2)}), the error under FGSM is ${formatErrorRate(fgsmTriple)}.${masked}`;
}

/** Quantile of the standard normal distribution for a one-sided test at 5 %. */
const normalQuantile = 1.645;

/**
 * Whether one attack fools a network significantly more often than another on the same digits:
 * McNemar's test with continuity correction, one-sided, 5 %. The number of digits that only one of the two fools
 * is unknown, so it is assumed to be as large as the rates allow; if the other fools none, five digits are needed.
 */
export function isBeyondChance(rate: number, otherRate: number, count: number): boolean {
  const errors = (rate + otherRate) * count;
  const fooledByOne = Math.min(errors, 2 * count - errors);
  return (rate - otherRate) * count - 1 > normalQuantile * Math.sqrt(fooledByOne);
}
