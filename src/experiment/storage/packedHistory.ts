import type { Attack, Evaluation, LossPoint } from '../../domain/metrics.ts';
import type { History } from '../runs/history.ts';

/** A history as a few typed arrays: reading, checking and writing thousands of points does not block the page. */
interface PackedHistory {
  /** [n × 3] step, epoch, loss. */
  readonly losses: Float64Array<ArrayBuffer>;
  /** [n × 9] step, epoch, split (0 test, 1 validation), images, scores clean and attacked, attack. */
  readonly evaluations: Float64Array<ArrayBuffer>;
  /** The attacks that evaluations refer to by index. */
  readonly attacks: readonly Attack[];
}

const splits = ['test', 'validation'] as const;

export function packHistory({ losses, evaluations }: History): PackedHistory {
  const texts = evaluations.map(({ attack }) => JSON.stringify(attack));
  const attacks = [...new Set(texts)];
  const rows = evaluations.map(({ step, epoch, split, sampleCount, clean, adversarial }, i) => [
    step,
    epoch,
    splits.indexOf(split),
    sampleCount,
    clean.loss,
    clean.errorRate,
    adversarial.loss,
    adversarial.errorRate,
    attacks.indexOf(texts[i]!),
  ]);
  return {
    losses: new Float64Array(losses.flatMap(({ step, epoch, loss }) => [step, epoch, loss])),
    evaluations: new Float64Array(rows.flat()),
    attacks: attacks.map((text) => JSON.parse(text) as Attack),
  };
}

/** The history that was packed, number for number, or null if the arrays are invalid. */
export function unpackHistory({ losses, evaluations, attacks }: PackedHistory): History | null {
  const isWhole = losses.length % 3 === 0 && evaluations.length % 9 === 0;
  if (!isWhole || !losses.every(Number.isFinite) || !evaluations.every(Number.isFinite))
    return null;
  const points: LossPoint[] = [];
  for (let at = 0; at < losses.length; at += 3) {
    points.push({ step: losses[at]!, epoch: losses[at + 1]!, loss: losses[at + 2]! });
  }
  const unpacked: Evaluation[] = [];
  for (let at = 0; at < evaluations.length; at += 9) {
    const split = splits[evaluations[at + 2]!];
    const attack = attacks[evaluations[at + 8]!];
    const clean = { loss: evaluations[at + 4]!, errorRate: evaluations[at + 5]! };
    const adversarial = { loss: evaluations[at + 6]!, errorRate: evaluations[at + 7]! };
    const areRates = [clean, adversarial].every(
      ({ errorRate }) => errorRate >= 0 && errorRate <= 1,
    );
    if (split === undefined || attack === undefined || !areRates) return null;
    const [step, epoch, sampleCount] = [
      evaluations[at]!,
      evaluations[at + 1]!,
      evaluations[at + 3]!,
    ];
    unpacked.push({ step, epoch, split, sampleCount, clean, adversarial, attack });
  }
  return isRising(points) && isRising(unpacked) ? { losses: points, evaluations: unpacked } : null;
}

function isRising(points: readonly { readonly step: number }[]): boolean {
  return points.every(
    ({ step }, i) => Number.isInteger(step) && step >= (points[i - 1]?.step ?? 0),
  );
}
