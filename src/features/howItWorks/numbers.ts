import type { InspectedMethod } from '../../domain/analysis/stepInspection.ts';
import type { InspectedStep } from '../../experiment/inspection/inspectionState.ts';
import { formatCount, formatNumber, withMinus } from '../../ui/format.ts';
import { describeNetwork } from '../../ui/networks.ts';

/** Summary numbers of an input gradient g and of its perturbed image x̃. */
export type PixelNumbers = ReturnType<typeof summarizePixels>;

export function summarizePixels({ inputGradient, methods }: InspectedStep) {
  const sizes = inputGradient.map(Math.abs);
  const largest = Math.max(...sizes);
  const positive = inputGradient.filter((gradient) => gradient > 0).length;
  const negative = inputGradient.filter((gradient) => gradient < 0).length;
  const moved = methods.adversarial.input;
  return {
    largest,
    largestAt: sizes.indexOf(largest),
    sum: sizes.reduce((sum, size) => sum + size, 0),
    positive,
    negative,
    zero: sizes.length - positive - negative,
    darkest: Math.min(...moved),
    brightest: Math.max(...moved),
  };
}

/** Whether the step can be shown: the numbers of a diverged network are not finite. */
export function isFiniteStep({ clean, methods, inputGradient }: InspectedStep): boolean {
  return (
    Number.isFinite(clean.loss) &&
    Number.isFinite(methods.adversarial.pass.loss) &&
    inputGradient.every(Number.isFinite)
  );
}

/** Says which network's weights these are, and after which step. */
export function describeSource({ networkName, step, config }: InspectedStep): string {
  return `Weights of ${networkName} (${describeNetwork(config)}) after ${formatCount(step)} training ${step === 1 ? 'step' : 'steps'}.`;
}

/** The whole network's weight gradient, ‖∂J/∂θ‖₂. */
function gradientSize({ methods }: InspectedStep, method: InspectedMethod): number {
  return Math.hypot(...methods[method].gradientNorms);
}

/** A gray level or a change of one, with three decimals like ε. */
export function formatLevel(value: number): string {
  return withMinus(value.toFixed(3));
}

/** "3.2 times as large", "as large", "1/40 as large". */
export function describeRatio(ratio: number): string {
  if (ratio > 0.9 && ratio < 1.1) return 'about as large';
  if (ratio < 1) return `about 1/${formatFactor(1 / ratio)} as large`;
  return `about ${formatFactor(ratio)} times as large`;
}

function formatFactor(factor: number): string {
  const digits =
    factor < 10 ? factor.toPrecision(2) : Number(factor.toPrecision(2)).toLocaleString('en-US');
  return digits.replace(/\.0$/, '');
}

/** Sentences that compare the methods on this digit. */
export function compareMethods(step: InspectedStep): readonly string[] {
  const { methods, clean } = step;
  const { adversarial, plain } = methods;
  const ratio = gradientSize(step, 'adversarial') / gradientSize(step, 'plain');
  const before = adversarial.pass.loss;
  const fall = (after: number): string =>
    `${after < before ? 'falls' : after > before ? 'rises' : 'stays'} to ${formatNumber(after)}`;
  const sentences = [
    `The loss on x is ${formatNumber(clean.loss)}, on x̃ ${formatNumber(before)}.`,
    `The adversarial step’s weight gradient is ${describeRatio(ratio)} as plain back-propagation’s.`,
    `After its update, the loss on x̃ ${fall(adversarial.after.adversarial.loss)}; after the plain update it ${fall(plain.after.adversarial.loss)}.`,
  ];
  if (!Number.isFinite(ratio) || ratio <= 0) sentences.splice(1, 1);
  return sentences;
}

export function describeSign(gradient: number): string {
  return gradient > 0 ? '+1' : gradient < 0 ? '−1' : '0';
}

/** The name of layer `l` of `count`, counted from the input. */
export function layerName(l: number, count: number): string {
  return l === count - 1 ? 'output' : `layer ${l + 1}`;
}
