import { type Attack, type Evaluation, fullEvaluationSize } from '../../domain/metrics.ts';

/** Scores that were asked for: a run's network under one attack. */
export type Measurement = Evaluation;

/** Kinds of attack that the page measures with, strongest last. */
export const attackKinds = ['random-signs', 'fgsm', 'pgd'] as const satisfies Attack['kind'][];
export type AttackKind = (typeof attackKinds)[number];

/** Steps of the page's PGD; each is 2.5 ε / steps, so that the ball's border is reached (Madry et al. 2018). */
export const pgdSteps = 20;
/** How the page calls them. */
export const attackNames: Readonly<Record<AttackKind, string>> = {
  'random-signs': 'Random signs',
  fgsm: 'FGSM',
  pgd: `PGD-${pgdSteps}`,
};
/** Random starts and random signs of the page's attacks: the same for all runs, image by image. */
const attackSeed = 1;

/** The page's attacks; what a person sees is always clipped to the valid pixel range. */
export function makeAttack(kind: AttackKind, epsilon: number): Attack {
  switch (kind) {
    case 'fgsm':
      return { kind, epsilon, clip: true };
    case 'pgd':
      return {
        kind,
        epsilon,
        clip: true,
        steps: pgdSteps,
        stepSize: Math.min(1, (2.5 * epsilon) / pgdSteps),
        seed: attackSeed,
      };
    case 'random-signs':
      return { kind, epsilon, clip: true, seed: attackSeed };
  }
}

/** Attack ε of a robustness curve: closer where networks differ most. */
export const sweptEpsilons = [0, 0.02, 0.05, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5] as const;
/** Images of a sweep after an epoch, after the last one, and of one that a person asks for. */
export const sweepSizes = { quick: 200, final: 1000, full: fullEvaluationSize } as const;

/** Readings with a new one in the place of the same attack's older or smaller one. */
export function addMeasurement(
  readings: readonly Measurement[],
  reading: Measurement,
): readonly Measurement[] {
  const isSame = ({ attack }: Measurement): boolean =>
    attack.kind === reading.attack.kind && attack.epsilon === reading.attack.epsilon;
  const known = readings.find(isSame);
  // The answer to a sweep that was given up may come after newer ones.
  const isNewer = known && known.step > reading.step;
  const isBetter = known && known.step === reading.step && known.sampleCount > reading.sampleCount;
  if (isNewer || isBetter) return readings;
  return [...readings.filter((one) => !isSame(one)), reading];
}

/** The reading under one attack; null while there is none. */
export function findMeasurement(
  readings: readonly Measurement[],
  kind: AttackKind,
  epsilon: number,
): Measurement | null {
  return readings.find(({ attack }) => attack.kind === kind && attack.epsilon === epsilon) ?? null;
}

/** A robustness curve: the newest moment's readings of one kind of attack, by rising ε. */
export function findCurve(
  readings: readonly Measurement[],
  kind: AttackKind,
): readonly Measurement[] {
  const ofKind = readings.filter(({ attack }) => attack.kind === kind);
  const newest = Math.max(-1, ...ofKind.map(({ step }) => step));
  return ofKind
    .filter(({ step }) => step === newest)
    .sort((a, b) => a.attack.epsilon - b.attack.epsilon);
}
