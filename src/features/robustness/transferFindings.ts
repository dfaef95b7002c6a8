import { formatErrorRate } from '../../ui/format.ts';

/**
 * What a matrix of transfer shows, in a sentence or two; empty for a single run.
 *
 * @param errorRates [made on][tried on], 0 to 1
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
  return `${own}Among the others’ attacks, those made on ${names[most.made]!} and tried on ${names[most.tried]!} fool most: ${formatErrorRate(most.rate)}.`;
}
