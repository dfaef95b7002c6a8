import type { ImageWord } from '../../domain/dataSet.ts';
import type { TrainingErrors } from '../../domain/metrics.ts';
import { methodUses } from '../../domain/settings/methods.ts';
import type { RunConfig } from '../../domain/settings/config.ts';
import { findCurve, findMeasurement, type Measurement } from './measurements.ts';

/**
 * What shows that a network reads the label off the attack's pattern instead of the digit: label leaking (Kurakin et
 * al. 2017, arXiv 1611.01236, section 4), also called catastrophic overfitting (Wong et al. 2020, arXiv 2001.03994).
 * Its low error under FGSM is then no robustness.
 */
export interface LabelLeaking {
  /** Where the signs are clearest. */
  readonly epsilon: number;
  /** Error rates there, 0 to 1; null where they are not measured. */
  readonly fgsm: number;
  readonly randomSigns: number | null;
  readonly pgd: number | null;
  /** On training images, as they are and under FGSM at the training ε; null where not measured. */
  readonly training: Pick<TrainingErrors, 'clean' | 'attacked'> | null;
}

/** Differences of error rates, 0 to 1, that neither a seed nor the choice of images explains. */
const clearly = 0.05;
/** PGD above FGSM by this much, within the training ε, counts as a further sign. */
const widely = 0.2;
/** Beyond this ε, digits are hard to read, and all errors are near chance. */
const largestJudged = 0.3;

/**
 * Looks for label leaking in a run's newest measurements of one step: random signs fool the network more often than
 * FGSM; FGSM fools it less often than no attack at all; a larger FGSM fools it less often than a smaller one; it makes more
 * errors on training images as they are than under FGSM at its training ε. Two of these, or one and PGD far above
 * FGSM within the training ε, are called leaking.
 */
export function findLabelLeaking(
  measurements: readonly Measurement[],
  config: Pick<RunConfig, 'method' | 'trainingEpsilon'>,
): LabelLeaking | null {
  const curve = findCurve(measurements, 'fgsm').filter(
    ({ attack }) => attack.epsilon <= largestJudged,
  );
  let worst: (LabelLeaking & { readonly signs: number }) | null = null;
  let highest = 0;
  for (const measurement of curve) {
    const { epsilon } = measurement.attack;
    const fgsm = measurement.adversarial.errorRate;
    const errorUnder = (kind: 'random-signs' | 'margin-pgd'): number | null => {
      const other = findMeasurement(measurements, kind, epsilon);
      const isAlike =
        other?.step === measurement.step && other.sampleCount === measurement.sampleCount;
      return isAlike ? other.adversarial.errorRate : null;
    };
    const [randomSigns, pgd] = [errorUnder('random-signs'), errorUnder('margin-pgd')];
    const training = measurement.training ?? null;
    const isWithinTraining =
      methodUses(config.method, 'epsilon') && epsilon <= config.trainingEpsilon;
    const signs = [
      randomSigns !== null && randomSigns - fgsm > clearly,
      epsilon > 0 && measurement.clean.errorRate - fgsm > clearly,
      highest - fgsm > clearly,
      isWithinTraining && pgd !== null && pgd - fgsm > widely,
      training !== null && training.clean - training.attacked > clearly,
    ].filter(Boolean).length;
    highest = Math.max(highest, fgsm);
    if (signs >= 2 && signs >= (worst?.signs ?? 0)) {
      worst = { epsilon, fgsm, randomSigns, pgd, training, signs };
    }
  }
  if (worst === null) return null;
  const { epsilon, fgsm, randomSigns, pgd, training } = worst;
  return { epsilon, fgsm, randomSigns, pgd, training };
}

/** Says what the numbers show, with its name in the literature. */
export function describeLabelLeaking(name: string, leaking: LabelLeaking, word: ImageWord): string {
  const { epsilon, fgsm, randomSigns, pgd, training } = leaking;
  const of100 = (rate: number) => String(Math.round(100 * rate));
  const others = [
    ...(randomSigns !== null && randomSigns > fgsm
      ? [`random signs on ${of100(randomSigns)}`]
      : []),
    ...(pgd !== null && pgd > fgsm ? [`PGD on ${of100(pgd)}`] : []),
  ];
  const rest = others.length > 0 ? `, ${others.join(' and ')}` : '';
  const ofTraining =
    training === null || training.clean - training.attacked <= clearly
      ? ''
      : ` On training images it makes ${of100(training.clean)} errors in 100, and ${of100(training.attacked)} on the same images under FGSM at its training ε.`;
  return `${name} reads the label off the attack (label leaking, Kurakin et al. 2017): at ε ${epsilon} FGSM misleads it on ${of100(fgsm)} of 100 ${word}s${rest}.${ofTraining} Its low error under FGSM does not show robustness.`;
}
