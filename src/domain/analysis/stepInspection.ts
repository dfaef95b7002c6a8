/** Training methods whose steps are computed from the same weights, for comparison. */
export const inspectedMethods = ['adversarial', 'plain', 'dropout'] as const;
export type InspectedMethod = (typeof inspectedMethods)[number];

/** A network's output for one image, and its loss. */
export interface Outcome {
  /** [classes] */
  readonly probabilities: Float32Array;
  /** J of this image. */
  readonly loss: number;
}

/** A forward pass of one image. */
export interface InspectedPass extends Outcome {
  /** The output of each hidden layer [units], after activation and dropout; input side first. */
  readonly hidden: readonly Float32Array[];
}

/** One method's step on the image: its training input, and the effect of its update. */
export interface InspectedMethodStep {
  /** [features] the training input: x̃, x, or x with pixels dropped. */
  readonly input: Float32Array;
  /** The pass that trains the weights. */
  readonly pass: InspectedPass;
  /** ‖∂J/∂[W; b]‖₂ of each layer, biases included; input side first. */
  readonly gradientNorms: readonly number[];
  /** The updated network's outputs for x and for x̃, without dropout. */
  readonly after: { readonly clean: Outcome; readonly adversarial: Outcome };
}

/** One training step on one image, by three methods from the same weights; the run itself does not change. */
export interface StepInspection {
  /** Number of weight updates before the step. */
  readonly step: number;
  /** Training ε of the step. */
  readonly epsilon: number;
  /** y */
  readonly label: number;
  /** x, [features] */
  readonly image: Float32Array;
  /** The pass that computes the input gradient: of x, without dropout. */
  readonly clean: InspectedPass;
  /** ∂J/∂x, [features] */
  readonly inputGradient: Float32Array;
  readonly methods: Readonly<Record<InspectedMethod, InspectedMethodStep>>;
  /**
   * Whether the optimizer has its state from earlier steps. Without it, as for a network from a file, the update is
   * that of a first step.
   */
  readonly hasOptimizerMemory: boolean;
}
