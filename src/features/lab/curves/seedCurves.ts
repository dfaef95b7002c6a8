import type { Evaluation, LossPoint } from '../../../domain/metrics.ts';
import { type MeanInterval, meanInterval, minSeeds } from '../../../domain/statistics.ts';

/** A point of a curve over several seeds. */
export interface SeedPoint<P> extends MeanInterval {
  /** Of the first seed: all have its moment, images and attack. */
  readonly point: P;
}

/** The means of several seeds' error rates with their 95 % intervals. */
export function averageErrors(
  seeds: readonly (readonly Evaluation[])[],
  kind: 'clean' | 'adversarial',
): readonly SeedPoint<Evaluation>[] {
  /** What must agree: for the clean error, the attack need not. */
  const keyOf = ({ step, sampleCount, split, attack }: Evaluation) => {
    const images = `${step} ${sampleCount} ${split}`;
    return kind === 'clean' ? images : `${images} ${attack.epsilon}`;
  };
  return average(seeds, keyOf, (one) => one[kind].errorRate);
}

/** The means of several seeds' training losses with their 95 % intervals. */
export function averageLosses(
  seeds: readonly (readonly LossPoint[])[],
): readonly SeedPoint<LossPoint>[] {
  return average(
    seeds,
    ({ step }) => step,
    ({ loss }) => loss,
  );
}

/** The means where all seeds have a point of the same key. Empty with fewer than three seeds. */
function average<P>(
  seeds: readonly (readonly P[])[],
  keyOf: (point: P) => string | number,
  valueOf: (point: P) => number,
): readonly SeedPoint<P>[] {
  const [first, ...others] = seeds;
  if (first === undefined || seeds.length < minSeeds) return [];
  const byMoment = others.map((seed) => new Map(seed.map((one) => [keyOf(one), one])));
  return first.flatMap((point) => {
    const key = keyOf(point);
    const all = [point, ...byMoment.flatMap((seed) => seed.get(key) ?? [])];
    const interval = all.length < seeds.length ? null : meanInterval(all.map(valueOf));
    return interval === null ? [] : [{ point, ...interval }];
  });
}
