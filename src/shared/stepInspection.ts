/** Training methods whose step is computed beside one another, from the same weights. */
export const inspectedMethods = ['adversarial', 'plain', 'dropout'] as const;
export type InspectedMethod = (typeof inspectedMethods)[number];

/** What a network answers to one image, and how wrong that is. */
export interface Outcome {
  /** [classes] */
  readonly probabilities: Float32Array;
  /** J, of this one image. */
  readonly loss: number;
}

/** A forward pass of one image. */
export interface InspectedPass extends Outcome {
  /** Of each hidden layer [units], after activation and dropout; input side first. */
  readonly hidden: readonly Float32Array[];
}

/** One method's step on the image: what back-propagation sees, and what the update does. */
export interface InspectedMethodStep {
  /** [features] the training input: x̃, x, or x with pixels dropped. */
  readonly input: Float32Array;
  /** The pass that trains the weights. */
  readonly pass: InspectedPass;
  /** ‖∂J/∂[W; b]‖₂ of each layer, biases included; input side first. */
  readonly gradientNorms: readonly number[];
  /** The updated network's answers to x and to x̃, without dropout. */
  readonly after: { readonly clean: Outcome; readonly adversarial: Outcome };
}

/** One training step on one image, by three methods from the same weights; nothing was trained by it. */
export interface StepInspection {
  /** Weight updates before it. */
  readonly step: number;
  /** Training ε of the step. */
  readonly epsilon: number;
  /** y */
  readonly label: number;
  /** x, [features] */
  readonly image: Float32Array;
  /** The pass that finds the gradient: of x, without dropout. */
  readonly clean: InspectedPass;
  /** ∂J/∂x, [features] */
  readonly inputGradient: Float32Array;
  readonly methods: Readonly<Record<InspectedMethod, InspectedMethodStep>>;
  /**
   * Whether the optimizer has the memory of the steps before; without, as for a network from a file, its
   * update is a first one.
   */
  readonly hasOptimizerMemory: boolean;
}
