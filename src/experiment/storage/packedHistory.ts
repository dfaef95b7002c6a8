import type { Attack, Evaluation } from '../../domain/metrics.ts';
import type { History } from '../runs/history.ts';

/** A history as a few typed arrays: reading, checking and writing thousands of points does not block the page. */
export interface PackedHistory {
  /** [n × 3] step, epoch, loss. */
  readonly losses: Float64Array<ArrayBuffer>;
  /** [n × 9] step, epoch, split (0 test, 1 validation), images, scores clean and attacked, attack. */
  readonly evaluations: Float64Array<ArrayBuffer>;
  /** The attacks that evaluations refer to by index. */
  readonly attacks: readonly Attack[];
}

const lossWidth = 3;
const evaluationWidth = 9;
const splits = ['test', 'validation'] as const;

export function packHistory({ losses, evaluations }: History): PackedHistory {
  const attacks: Attack[] = [];
  const places = new Map<string, number>();
  const placeOf = (attack: Attack): number => {
    const text = JSON.stringify(attack);
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, attacks.length);
    return attacks.push(attack) - 1;
  };
  const packedLosses = new Float64Array(losses.length * lossWidth);
  losses.forEach(({ step, epoch, loss }, i) =>
    packedLosses.set([step, epoch, loss], i * lossWidth),
  );
  const packed = new Float64Array(evaluations.length * evaluationWidth);
  evaluations.forEach(({ step, epoch, split, sampleCount, clean, adversarial, attack }, i) => {
    packed.set([step, epoch, splits.indexOf(split), sampleCount], i * evaluationWidth);
    packed.set(
      [clean.loss, clean.errorRate, adversarial.loss, adversarial.errorRate, placeOf(attack)],
      i * evaluationWidth + 4,
    );
  });
  return { losses: packedLosses, evaluations: packed, attacks };
}

/** The history that was packed, number for number, or null if the arrays are invalid. */
export function unpackHistory({ losses, evaluations, attacks }: PackedHistory): History | null {
  const isWhole =
    losses.length % lossWidth === 0 &&
    evaluations.length % evaluationWidth === 0 &&
    losses.every(Number.isFinite) &&
    evaluations.every(Number.isFinite);
  if (!isWhole) return null;
  const unpacked: Evaluation[] = [];
  for (let at = 0; at < evaluations.length; at += evaluationWidth) {
    const split = splits[evaluations[at + 2]!];
    const attack = attacks[evaluations[at + 8]!];
    if (split === undefined || attack === undefined) return null;
    unpacked.push({
      step: evaluations[at]!,
      epoch: evaluations[at + 1]!,
      split,
      sampleCount: evaluations[at + 3]!,
      clean: { loss: evaluations[at + 4]!, errorRate: evaluations[at + 5]! },
      adversarial: { loss: evaluations[at + 6]!, errorRate: evaluations[at + 7]! },
      attack,
    });
  }
  const points = Array.from({ length: losses.length / lossWidth }, (_, i) => ({
    step: losses[i * lossWidth]!,
    epoch: losses[i * lossWidth + 1]!,
    loss: losses[i * lossWidth + 2]!,
  }));
  const isOrdered = isRising(points) && isRising(unpacked);
  const areRates = unpacked.every(({ clean, adversarial }) =>
    [clean, adversarial].every(({ errorRate }) => errorRate >= 0 && errorRate <= 1),
  );
  return isOrdered && areRates ? { losses: points, evaluations: unpacked } : null;
}

function isRising(points: readonly { readonly step: number }[]): boolean {
  return points.every(
    ({ step }, i) => Number.isInteger(step) && step >= (points[i - 1]?.step ?? 0),
  );
}
