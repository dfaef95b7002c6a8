import type { Mistakes } from './mistakes.ts';
import type { Loss } from './settings/config.ts';

/** Loss and error rate of a network on some images. */
export interface Score {
  /** Mean loss per sample. */
  readonly loss: number;
  /** Fraction classified wrongly, 0 to 1. */
  readonly errorRate: number;
}

interface Perturbation {
  /** Largest change of a pixel on the [0, 1] scale; length of the whole change in the Euclidean norm. */
  readonly epsilon: number;
  /** Whether attacked images are clipped back to [0, 1]. */
  readonly clip: boolean;
}

/** The loss whose gradient an attack follows: the training loss, or the margin log Σ_{j≠y} exp(z_j) − z_y. */
export type AttackLoss = Loss | 'margin';

/** An attack along a gradient, untargeted (away from the label) or targeted. */
interface Directed {
  /** The target, a class; absent in an untargeted attack. */
  readonly target?: number;
}

/** An attack that can be bounded by the length of a change, ‖x̃ − x‖₂, instead of its largest pixel. */
interface Normed {
  /** Absent: the maximum norm. */
  readonly norm?: 'l2' | undefined;
}

/** x + ε·sign(g) (Goodfellow et al. 2015); targeted at t: x − ε·sign(∂J(θ, x, t)/∂x). */
export interface FgsmAttack extends Perturbation, Directed, Normed {
  readonly kind: 'fgsm';
}

/** Projected gradient descent from a random start in the ε-ball (Madry et al. 2018). */
export interface PgdAttack extends Perturbation, Directed, Normed {
  readonly kind: 'pgd';
  readonly steps: number;
  /** Size of one step, measured as ε is. */
  readonly stepSize: number;
  /** Fixes the random start. */
  readonly seed: number;
}

/** The step of PGD where nothing else is said: all k steps together are 2.5 times ε (Madry et al. 2018). */
export function defaultStepSize(epsilon: number, steps: number): number {
  return (2.5 * epsilon) / steps;
}

/**
 * Projected gradient descent on the margin loss, from a random start, with steps that fall linearly from 2 ε to 0. It costs
 * the same as PGD on the training loss with as many steps, and finds more: its gradient does not vanish where the network
 * is confident, and short last steps end closer to the worst point.
 */
export interface MarginPgdAttack extends Perturbation, Directed, Normed {
  readonly kind: 'margin-pgd';
  /** Number of steps, each of which takes one gradient. */
  readonly steps: number;
  /** Fixes the random start. */
  readonly seed: number;
}

/** x + ε · r with random signs r: the control, an equally large change in a random direction. */
export interface RandomSignsAttack extends Perturbation {
  readonly kind: 'random-signs';
  /** Fixes the signs. */
  readonly seed: number;
}

/** A perturbation of images. The gradient, if it uses one, is that of the attacked network. */
export type Attack = FgsmAttack | PgdAttack | MarginPgdAttack | RandomSignsAttack;

/**
 * Many attacks, each of which must fail before an image counts as safe (engine/strongest/): an upper bound of
 * robustness that is as low as this project can make it.
 */
export interface StrongestAttack extends Perturbation {
  readonly kind: 'strongest';
  /** Fixes all random numbers. */
  readonly seed: number;
}

/** A proof that no attack succeeds, on images clipped to [0, 1] (engine/certify/): a lower bound of robustness. */
export interface Certificate extends Perturbation {
  readonly kind: 'certificate';
  readonly clip: true;
}

/** What the robustness of a network was measured under. */
export type MeasuredAttack = Attack | StrongestAttack | Certificate;

/** The progress of a run: its position in training and its speed. */
export interface Progress {
  /** Weight updates so far. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** Seconds of computation for training steps so far, without evaluations and pauses. */
  readonly trainSeconds: number;
  /** Training images per second over the recent steps, without evaluations; 0 before the first step. */
  readonly samplesPerSecond: number;
  /** Estimated seconds left, including evaluations; null while unknown. */
  readonly secondsLeft: number | null;
}

/** Mean training loss of the steps between the point before it and `step`. */
export interface LossPoint {
  /** Weight updates before it. */
  readonly step: number;
  /** Epochs before it; a fraction within an epoch. */
  readonly epoch: number;
  /** Mean loss per sample, on the inputs that the method trains on. */
  readonly loss: number;
}

/** Number of images of a quick evaluation within an epoch (the first ones of the split), and of a full one. */
export const quickEvaluationSize = 1000;
export const fullEvaluationSize = 10_000;

/**
 * Error rates, 0 to 1, on the first images of the training set: as they are, and under FGSM at the training ε. A network that
 * makes fewer errors under this attack has learned to read the label off it.
 */
export interface TrainingErrors {
  readonly sampleCount: number;
  readonly clean: number;
  readonly attacked: number;
}

/** Scores of a run at one step of its training, clean and under an attack. */
export interface Evaluation {
  /** Weight updates before it. */
  readonly step: number;
  /** Epochs before it; a fraction within an epoch. */
  readonly epoch: number;
  readonly split: 'test' | 'validation';
  /** Images evaluated: the first ones of the split. */
  readonly sampleCount: number;
  readonly clean: Score;
  readonly adversarial: Score;
  readonly attack: Attack;
  /** Which images were misclassified; only of networks that are compared with others image by image. */
  readonly mistakes?: { readonly clean: Mistakes; readonly adversarial: Mistakes };
  /** Measured with FGSM at the run's training ε. */
  readonly training?: TrainingErrors;
}

/** A readable description of the hardware that computes. */
export interface EngineDescription {
  /** Backend and library, for instance "WebGL". */
  readonly name: string;
  /** Graphics processor or processor features, as the browser names them. */
  readonly device: string;
  /** Whether WebGL is rendered in software. */
  readonly isSoftware: boolean;
  readonly isFloat32: boolean;
  /** Number of threads of a run that has the machine to itself; absent for graphics processors. */
  readonly threads?: number;
  /** A sentence that says why this engine was chosen. */
  readonly reason: string;
}

/** The user's choice of the engine; with 'automatic' the faster one is used. */
export const enginePreferences = ['auto', 'webgl', 'simd'] as const;
export type EnginePreference = (typeof enginePreferences)[number];

/** Images before and after an attack, with a network's probabilities. n images, 784 pixels, m classes. */
export interface AttackedImages {
  readonly attack: Attack;
  /** [n × 784] the clean images. */
  readonly images: Float32Array;
  /** [n × 784] images + perturbation, after clipping. */
  readonly adversarialImages: Float32Array;
  /** [n × m] probabilities of the clean images. */
  readonly cleanProbabilities: Float32Array;
  /** [n × m] probabilities of the attacked images. */
  readonly adversarialProbabilities: Float32Array;
  readonly labels: Uint8Array;
}
