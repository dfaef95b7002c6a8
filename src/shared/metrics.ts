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

/** An attack along a gradient: away from the label, or towards a digit of somebody's choice. */
interface Directed {
  /** The digit, 0 to 9, that the network shall answer; absent: any but the label. */
  readonly towards?: number;
}

/** x + ε·sign(g) (Goodfellow et al. 2015); towards a digit t: x − ε·sign(∂J(θ, x, t)/∂x). */
export interface FgsmAttack extends Perturbation, Directed {
  readonly kind: 'fgsm';
}

/** Projected gradient descent from a random start in the ε-ball (Madry et al. 2018). */
export interface PgdAttack extends Perturbation, Directed {
  readonly kind: 'pgd';
  readonly steps: number;
  /** Largest change of a pixel in one step. */
  readonly stepSize: number;
  /** Fixes the random start. */
  readonly seed: number;
}

/** x + ε · r with random signs r: the control, as large a change in no particular direction. */
export interface RandomSignsAttack extends Perturbation {
  readonly kind: 'random-signs';
  /** Fixes the signs. */
  readonly seed: number;
}

/** A perturbation of images; the gradient, where there is one, is the attacked network's own. */
export type Attack = FgsmAttack | PgdAttack | RandomSignsAttack;

/** Where a run stands: a position in its training and how fast it moves. */
export interface Progress {
  /** Weight updates so far. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** Seconds of computing that the training steps took so far; evaluations and pauses excluded. */
  readonly trainSeconds: number;
  /** Training images a second over the recent steps, evaluation excluded; 0 before the first step. */
  readonly samplesPerSecond: number;
  /** Seconds of work left, evaluations included; null while unknown. */
  readonly secondsLeft: number | null;
}

/** Mean training loss of the steps between the point before it and `step`. */
export interface LossPoint {
  /** Weight updates before it. */
  readonly step: number;
  /** Epochs before it; a fraction within an epoch. */
  readonly epoch: number;
  /** A sample, on what the method trains on. */
  readonly loss: number;
}

/** Images of a quick evaluation within an epoch, the first ones of the split; and of a full one. */
export const quickEvaluationSize = 1000;
export const fullEvaluationSize = 10_000;

/** Scores of a run at one moment of its training, clean and under an attack. */
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
  /** Threads that compute a run which has the machine to itself; only where the processor computes. */
  readonly threads?: number;
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
