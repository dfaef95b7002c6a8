import type { Attack } from '../metrics.ts';

/** A query about the current state of a network. */
export type InspectionQuestion =
  /** The weights of some units of the first layer. */
  | {
      readonly kind: 'weights';
      readonly first: number;
      /** Fewer are returned where the layer ends. */
      readonly count: number;
    }
  /** ∂J/∂x of images, J being the loss of each image alone. */
  | {
      readonly kind: 'gradients';
      /** [n × 784] */
      readonly images: Float32Array;
      /** [n] the labels of the losses */
      readonly labels: Uint8Array;
    }
  /**
   * Predictions for the first `count` evaluation images, clean and attacked. The worker keeps a snapshot of the network
   * for `pictures` until the next query of this kind.
   */
  | { readonly kind: 'attackPredictions'; readonly attack: Attack; readonly count: number }
  /** Some of those images, attacked with the snapshot of the last `outcomes`. */
  | {
      readonly kind: 'samples';
      readonly attack: Attack;
      /** Indices in the set. */
      readonly indices: readonly number[];
    }
  /** The loss around an image, along the sign of its gradient and along random signs. */
  | {
      readonly kind: 'losses';
      /** [784] */
      readonly image: Float32Array;
      readonly label: number;
      /** Largest change of a pixel in each direction, on the [0, 1] scale, to which pixels are clipped. */
      readonly epsilon: number;
      /** Fixes the random signs, which are the same for every network. */
      readonly seed: number;
      /** Number of points on each line, from −ε to ε. */
      readonly linePoints: number;
      /** Number of points on each side of the surface, from −ε to ε. */
      readonly surfacePoints: number;
    };

export type InspectionKind = InspectionQuestion['kind'];
export type QuestionOf<K extends InspectionKind> = Extract<InspectionQuestion, { kind: K }>;

/** Weights of some units of the first layer. F features, k pieces per unit (1 except for maxout). */
export interface FirstLayerWeights {
  readonly first: number;
  /** [count × k × F] the weights of each unit, piece by piece. */
  readonly images: Float32Array;
  /** [count × k] */
  readonly biases: Float32Array;
  readonly features: number;
  readonly pieces: number;
  /** Number of units of the whole layer. */
  readonly units: number;
  /** The largest |w| of the whole layer, and the |w| that 99 % of its weights do not exceed. */
  readonly largest: number;
  readonly percentile99: number;
}

/** Input gradients of some images, each of its own loss. */
export interface InputGradients {
  /** [n × 784] ∂J/∂x */
  readonly gradients: Float32Array;
  /** [n] J */
  readonly losses: Float32Array;
  /** [n × 10] */
  readonly probabilities: Float32Array;
}

/** A network's predictions for images. */
export interface Predictions {
  /** [n] the class of the largest logit, the first one of equal ones. */
  readonly predictions: Uint8Array;
  /** [n] logit of the label minus the largest other logit; negative if the prediction is wrong. */
  readonly margins: Float32Array;
  /** [n] the probability of the prediction, 0 to 1. */
  readonly confidences: Float32Array;
}

/** Predictions for the first images of a set, clean and attacked. */
export interface AttackPredictions {
  readonly split: 'test' | 'validation';
  readonly attack: Attack;
  /** [n] */
  readonly labels: Uint8Array;
  readonly clean: Predictions;
  readonly attacked: Predictions;
}

/** Images of a set, clean and attacked. */
export interface Pictures {
  readonly indices: readonly number[];
  /** [n × 784] */
  readonly images: Float32Array;
  /** [n × 784] */
  readonly attacked: Float32Array;
}

/**
 * Losses around an image x, at clip(x + a · sign(∂J/∂x) + b · r), with random signs r. The points are evenly spaced
 * from −ε to ε.
 */
export interface LossLandscape {
  /** [linePoints] along a, with b = 0 */
  readonly adversarial: Float32Array;
  /** [linePoints] along b, with a = 0 */
  readonly random: Float32Array;
  /** [surfacePoints × surfacePoints], a row for each b; b and, along a row, a increase from −ε */
  readonly surface: Float32Array;
  /** [surfacePoints × surfacePoints] the prediction at each point */
  readonly predictions: Uint8Array;
}

/** Results by the kind of query. */
export interface InspectionAnswers {
  readonly weights: FirstLayerWeights;
  readonly gradients: InputGradients;
  readonly attackPredictions: AttackPredictions;
  readonly samples: Pictures;
  readonly losses: LossLandscape;
}

/** The result of a query, with the number of weight updates of the network at that time. */
export interface Inspected<K extends InspectionKind> {
  readonly step: number;
  readonly answer: InspectionAnswers[K];
}

/** The position of a point, of `points` evenly spaced from −ε to ε. */
export function pointAt(point: number, points: number, epsilon: number): number {
  return epsilon * ((2 * point) / (points - 1) - 1);
}
