/** Loss and error rate of a network on some images. */
export interface Score {
  /** Mean loss a sample. */
  readonly loss: number;
  /** Fraction classified wrongly, 0 to 1. */
  readonly errorRate: number;
}

interface Perturbation {
  /** Largest change of a pixel on the [0, 1] scale. */
  readonly epsilon: number;
  /** Whether attacked images are clipped back to [0, 1]. */
  readonly clip: boolean;
}

/** x + ε·sign(g) (Goodfellow et al. 2015). */
export interface FgsmAttack extends Perturbation {
  readonly kind: 'fgsm';
}

/** Projected gradient descent from a random start in the ε-ball (Madry et al. 2018). */
export interface PgdAttack extends Perturbation {
  readonly kind: 'pgd';
  readonly steps: number;
  /** Largest change of a pixel in one step. */
  readonly stepSize: number;
  /** Fixes the random start. */
  readonly seed: number;
}

/** An attack on images, made with the gradient of the attacked network. */
export type Attack = FgsmAttack | PgdAttack;

/** Where a run stands: a position in its training and how fast it moves. */
export interface Progress {
  /** Weight updates so far. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** Mean training loss a sample over the steps since the last report; null before the first step. */
  readonly trainLoss: number | null;
  /** Training images a second over the recent steps, evaluation excluded; 0 before the first step. */
  readonly samplesPerSecond: number;
  /** Seconds of work left, evaluations included; null while unknown. */
  readonly secondsLeft: number | null;
}

/** Images of a quick evaluation within an epoch, the first ones of the split; and of a full one. */
export const quickEvaluationSize = 1000;
export const fullEvaluationSize = 10_000;

/** An evaluation of a run at one moment of its training. */
export interface Evaluation {
  /** Weight updates before it. */
  readonly step: number;
  /** Epochs before it; a fraction within an epoch. */
  readonly epoch: number;
  readonly split: 'test' | 'validation';
  /** Images evaluated: a fixed subset within an epoch, all of the split at its end. */
  readonly sampleCount: number;
  readonly clean: Score;
  readonly adversarial: Score;
  readonly attack: Attack;
}

/** Which hardware computes, as it can be told to a person. */
export interface EngineDescription {
  /** Backend and library, for instance "WebGL". */
  readonly name: string;
  /** Graphics processor or processor features, as the browser names them. */
  readonly device: string;
  /** True when WebGL is rendered by the CPU. */
  readonly isSoftware: boolean;
  readonly isFloat32: boolean;
  /** Why this engine was chosen, as a sentence for a person. */
  readonly reason: string;
}

/** Which engine a person wants; automatic leaves the choice to the machine's abilities. */
export const enginePreferences = ['auto', 'webgl', 'simd'] as const;
export type EnginePreference = (typeof enginePreferences)[number];

/** Images before and after an attack, and what a network answers to both. n images, 784 pixels, 10 classes. */
export interface AttackedImages {
  readonly attack: Attack;
  /** [n × 784] images as fed in. */
  readonly images: Float32Array;
  /** [n × 784] images + perturbation, after clipping. */
  readonly adversarialImages: Float32Array;
  /** [n × 10] probabilities of the clean images. */
  readonly cleanProbabilities: Float32Array;
  /** [n × 10] probabilities of the attacked images. */
  readonly adversarialProbabilities: Float32Array;
  readonly labels: Uint8Array;
}
