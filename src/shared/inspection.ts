import type { Attack } from './metrics.ts';

/** What can be asked of the inside of a network, as it is at the moment of the question. */
export type InspectionQuestion =
  /** The weights of some units of the first layer. */
  | {
      readonly kind: 'weights';
      readonly first: number;
      /** Fewer come back where the layer ends. */
      readonly count: number;
    }
  /** ∂J/∂x of images, each of its own loss. */
  | {
      readonly kind: 'gradients';
      /** [n × 784] */
      readonly images: Float32Array;
      /** [n] the digits whose loss it is */
      readonly labels: Uint8Array;
    }
  /**
   * What becomes of the first `count` images that the network is evaluated on, clean and attacked. The worker
   * keeps a copy of the network for `pictures` until it is asked again.
   */
  | { readonly kind: 'outcomes'; readonly attack: Attack; readonly count: number }
  /** Some of those images, from the very network that the last `outcomes` are of. */
  | {
      readonly kind: 'pictures';
      readonly attack: Attack;
      /** Places in the set. */
      readonly indices: readonly number[];
    }
  /** The loss around an image, along the sign of its gradient and along random signs. */
  | {
      readonly kind: 'losses';
      /** [784] */
      readonly image: Float32Array;
      readonly label: number;
      /** How far to go each way, on the [0, 1] scale; pixels are clipped to it. */
      readonly epsilon: number;
      /** Fixes the random signs: the same for every network. */
      readonly seed: number;
      /** Points of each line, from −ε to ε. */
      readonly linePoints: number;
      /** Points of the surface's side, from −ε to ε. */
      readonly surfacePoints: number;
    };

export type InspectionKind = InspectionQuestion['kind'];
export type QuestionOf<K extends InspectionKind> = Extract<InspectionQuestion, { kind: K }>;

/** Weights of some units of the first layer. F features, k pieces a unit (1 but for maxout). */
export interface FirstLayerWeights {
  readonly first: number;
  /** [count × k × F] the weights to each unit, piece by piece. */
  readonly images: Float32Array;
  /** [count × k] */
  readonly biases: Float32Array;
  readonly features: number;
  readonly pieces: number;
  /** Units of the whole layer. */
  readonly units: number;
  /** The largest |w| of the whole layer, and the |w| that 99 % of its weights do not exceed. */
  readonly largest: number;
  readonly percentile99: number;
}

/** Gradients of some images' own losses. */
export interface InputGradients {
  /** [n × 784] ∂J/∂x */
  readonly gradients: Float32Array;
  /** [n] J */
  readonly losses: Float32Array;
  /** [n × 10] */
  readonly probabilities: Float32Array;
}

/** What a network makes of images. */
export interface Outcomes {
  /** [n] the class of the largest logit, the first of equal ones. */
  readonly answers: Uint8Array;
  /** [n] logit of the label minus the largest other one: below 0 where the answer is wrong. */
  readonly margins: Float32Array;
  /** [n] the output for the answer, 0 to 1. */
  readonly confidences: Float32Array;
}

/** Outcomes of the first images of a set, clean and attacked. */
export interface AttackOutcomes {
  readonly split: 'test' | 'validation';
  readonly attack: Attack;
  /** [n] */
  readonly labels: Uint8Array;
  readonly clean: Outcomes;
  readonly attacked: Outcomes;
}

/** Images of a set, as they are and attacked. */
export interface Pictures {
  readonly indices: readonly number[];
  /** [n × 784] */
  readonly images: Float32Array;
  /** [n × 784] */
  readonly attacked: Float32Array;
}

/**
 * Losses around an image x, at clip(x + a · sign(∂J/∂x) + b · r), with random signs r. Places run from
 * −ε to ε in equal distances.
 */
export interface LossesAround {
  /** [linePoints] along a, with b = 0 */
  readonly adversarial: Float32Array;
  /** [linePoints] along b, with a = 0 */
  readonly random: Float32Array;
  /** [surfacePoints × surfacePoints], a row for each b, from −ε; along a row a rises from −ε */
  readonly surface: Float32Array;
  /** [surfacePoints × surfacePoints] the class answered there */
  readonly answers: Uint8Array;
}

/** Answers by the kind of question. */
export interface InspectionAnswers {
  readonly weights: FirstLayerWeights;
  readonly gradients: InputGradients;
  readonly outcomes: AttackOutcomes;
  readonly pictures: Pictures;
  readonly losses: LossesAround;
}

/** An answer, and the weight updates before the moment that it is of. */
export interface Inspected<K extends InspectionKind> {
  readonly step: number;
  readonly answer: InspectionAnswers[K];
}

/** The place of a point among `points` from −ε to ε. */
export function placeAt(point: number, points: number, epsilon: number): number {
  return epsilon * ((2 * point) / (points - 1) - 1);
}
