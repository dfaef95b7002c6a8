import type { Evaluation } from '../../../domain/metrics.ts';
import { type MeanInterval, meanInterval, minSeeds } from '../../../domain/statistics.ts';

/** A point of a curve over several seeds. */
export interface SeedPoint extends MeanInterval {
  /** Of the first seed: all have its moment, images and attack. */
  readonly evaluation: Evaluation;
}

/**
 * The means of several seeds' error rates with their 95 % intervals, where all of them were measured alike. Empty with fewer
 * than three seeds.
 */
export function averageCurves(
  seeds: readonly (readonly Evaluation[])[],
  kind: 'clean' | 'adversarial',
): readonly SeedPoint[] {
  const [first, ...others] = seeds;
  if (first === undefined || seeds.length < minSeeds) return [];
  const byMoment = others.map((seed) => new Map(seed.map((one) => [keyOf(one, kind), one])));
  return first.flatMap((evaluation) => {
    const key = keyOf(evaluation, kind);
    const all = [evaluation, ...byMoment.flatMap((seed) => seed.get(key) ?? [])];
    const interval =
      all.length < seeds.length ? null : meanInterval(all.map((one) => one[kind].errorRate));
    return interval === null ? [] : [{ evaluation, ...interval }];
  });
}

/** What must agree: for the clean error, the attack need not. */
function keyOf({ step, sampleCount, split, attack }: Evaluation, kind: 'clean' | 'adversarial') {
  const images = `${step} ${sampleCount} ${split}`;
  return kind === 'clean' ? images : `${images} ${attack.epsilon}`;
}
