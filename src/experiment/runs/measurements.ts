import {
  type Attack,
  type Certificate,
  defaultStepSize,
  type Evaluation,
  fullEvaluationSize,
  type MeasuredAttack,
  type StrongestAttack,
} from '../../domain/metrics.ts';

/** A bound of a run's robustness. It has no loss under attack (NaN); a certificate's error counts all without a proof. */
type BoundMeasurement = Omit<Evaluation, 'attack'> & {
  readonly attack: StrongestAttack | Certificate;
};

/** Scores of a run's network under one attack, or a bound, measured on request. */
export type Measurement = Evaluation | BoundMeasurement;

/** Kinds of attack that a digit can be attacked with. */
export const attackKinds = [
  'random-signs',
  'fgsm',
  'pgd',
  'margin-pgd',
] as const satisfies Attack['kind'][];
export type AttackKind = (typeof attackKinds)[number];

/** Kinds of attack that whole networks are measured with, strongest last. */
export const measuredKinds = [
  'random-signs',
  'fgsm',
  'margin-pgd',
] as const satisfies readonly AttackKind[];
export type MeasuredKind = (typeof measuredKinds)[number];

/** Steps of the page's PGD. */
export const pgdSteps = 20;
/** Display names of the attacks: "PGD" is the stronger one, on the margin loss. */
export const attackNames: Readonly<Record<AttackKind, string>> = {
  'random-signs': 'Random signs',
  fgsm: 'FGSM',
  pgd: `PGD-${pgdSteps} on the training loss`,
  'margin-pgd': `PGD-${pgdSteps}`,
};
/** Seed of random starts and random signs in the page's attacks: the same for all runs, image by image. */
const attackSeed = 1;

/** The page's attacks; images shown to the user are always clipped to the valid pixel range. */
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
        stepSize: defaultStepSize(epsilon, pgdSteps),
        seed: attackSeed,
      };
    case 'margin-pgd':
      return { kind, epsilon, clip: true, steps: pgdSteps, seed: attackSeed };
    case 'random-signs':
      return { kind, epsilon, clip: true, seed: attackSeed };
  }
}

/** The strongest attack at an ε, and the certificate for it. */
export function makeBounds(epsilon: number): {
  readonly strongest: StrongestAttack;
  readonly certificate: Certificate;
} {
  return {
    strongest: { kind: 'strongest', epsilon, clip: true, seed: attackSeed },
    certificate: { kind: 'certificate', epsilon, clip: true },
  };
}

/** ε of the bounds, of those of a robustness curve: where a proof is possible for networks like the page's. */
export const boundedEpsilons = [0.02, 0.05, 0.08, 0.1, 0.15, 0.2] as const;
/** Test images that are bounded, and in one request. */
export const boundedCount = 1000;
export const boundedChunk = 50;

/** Attack ε of a robustness curve: denser where networks differ most. */
export const sweptEpsilons = [0, 0.02, 0.05, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5] as const;
/** Number of images in a sweep after an epoch, after the last one, and on the user's request. */
export const sweepSizes = { quick: 200, final: 1000, full: fullEvaluationSize } as const;

/** The measurements with a new one added, which replaces an older or smaller one, or one that says less, under the same attack. */
export function addMeasurement(
  measurements: readonly Measurement[],
  measurement: Measurement,
): readonly Measurement[] {
  const isSame = ({ attack }: Measurement): boolean =>
    attack.kind === measurement.attack.kind && attack.epsilon === measurement.attack.epsilon;
  const known = measurements.find(isSame);
  // The result of a canceled sweep may arrive after newer ones.
  const isNewer = known && known.step > measurement.step;
  const isBetter =
    known &&
    known.step === measurement.step &&
    (known.sampleCount > measurement.sampleCount ||
      (known.sampleCount === measurement.sampleCount &&
        known.mistakes !== undefined &&
        measurement.mistakes === undefined));
  if (isNewer || isBetter) return measurements;
  return [...measurements.filter((one) => !isSame(one)), measurement];
}

/** The measurement under one attack, or null if there is none. */
export function findMeasurement(
  measurements: readonly Measurement[],
  kind: MeasuredAttack['kind'],
  epsilon: number,
): Measurement | null {
  return (
    measurements.find(({ attack }) => attack.kind === kind && attack.epsilon === epsilon) ?? null
  );
}

/** A robustness curve: the newest step's measurements of one kind of attack, by rising ε. */
export function findCurve(
  measurements: readonly Measurement[],
  kind: MeasuredAttack['kind'],
): readonly Measurement[] {
  const ofKind = measurements.filter(({ attack }) => attack.kind === kind);
  const newest = Math.max(-1, ...ofKind.map(({ step }) => step));
  return ofKind
    .filter(({ step }) => step === newest)
    .sort((a, b) => a.attack.epsilon - b.attack.epsilon);
}
