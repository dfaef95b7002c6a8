import { attackNames } from '../../../experiment/runs/measurements.ts';
import type { Run } from '../../../experiment/runs/run.ts';
import type { Transfer } from '../../../experiment/state.ts';
import { formatCount, formatEpsilon, formatErrorRate } from '../../../ui/format.ts';
import { describeEpochs } from '../robustnessSeries.ts';

/** What a transfer matrix contains. @param runs in the order of the matrix */
export function describeMatrix(
  { kind, epsilon, sampleCount, steps }: Transfer,
  runs: readonly Pick<Run, 'progress'>[],
): string {
  return `Error rates ${describeMoment(runs, steps)} under ${attackNames[kind]}, ε ${formatEpsilon(epsilon)}, on the first ${formatCount(sampleCount)} test images.`;
}

/** Difference of error rates, 0 to 1, that speaks of masked gradients. */
const clearly = 0.05;

/**
 * What a transfer matrix shows, in one to three sentences; empty for a single run.
 *
 * @param errorRates [source network][target network], 0 to 1
 */
export function describeTransfer(
  names: readonly string[],
  errorRates: readonly (readonly number[])[],
): string {
  if (names.length < 2) return '';
  const foreign = errorRates.flatMap((row, made) =>
    row.flatMap((rate, tried) => (made === tried ? [] : [{ made, tried, rate }])),
  );
  const most = foreign.reduce((best, one) => (one.rate > best.rate ? one : best));
  const isOwnWorst = names.every((_, tried) =>
    errorRates.every((row) => row[tried]! <= errorRates[tried]![tried]!),
  );
  const own = isOwnWorst ? 'Every network is fooled most by its own attack. ' : '';
  const masked = foreign
    .map((one) => ({ ...one, excess: one.rate - errorRates[one.tried]![one.tried]! }))
    .reduce((best, one) => (one.excess > best.excess ? one : best));
  const mask =
    masked.excess <= clearly
      ? ''
      : ` ${names[masked.tried]!} makes more errors under the attack crafted on ${names[masked.made]!} (${formatErrorRate(masked.rate)}) than under its own: its gradient hides where it is weak (masked gradients, Athalye et al. 2018).`;
  return `${own}Among the transferred attacks, those crafted on ${names[most.made]!} and tested on ${names[most.tried]!} fool most often: ${formatErrorRate(most.rate)}.${mask}`;
}

/**
 * When a matrix was measured, as in "after epoch 2", and whether its networks have been trained since.
 *
 * @param steps weight updates of each run at that moment
 */
export function describeMoment(
  runs: readonly Pick<Run, 'progress'>[],
  steps: readonly number[],
): string {
  const epochs = runs.map(({ progress }, index) => {
    const { stepsPerEpoch } = progress ?? { stepsPerEpoch: 0 };
    return stepsPerEpoch === 0 ? 0 : steps[index]! / stepsPerEpoch;
  });
  const moment = describeEpochs(epochs);
  const isOutdated = runs.some(({ progress }, index) => (progress?.step ?? 0) !== steps[index]);
  return isOutdated ? `${moment} (training has continued since)` : moment;
}
