import type { RunConfig } from '../../shared/config.ts';
import type { Backend, Matrix } from '../backends/backend.ts';
import type { Masks } from '../backprop.ts';
import type { Network } from '../network.ts';

/** All that a method may use to find the gradient of one step. */
export interface StepContext {
  readonly backend: Backend;
  readonly network: Network;
  readonly config: RunConfig;
  /** Weight updates before this one; with the seed it fixes all random numbers of the step. */
  readonly step: number;
  /** [B, features], 0 to 1 */
  readonly images: Matrix;
  /** [B, 1] */
  readonly labels: Matrix;
  /** Draws the step's dropout masks at the config's rates. */
  readonly drawMasks: () => Masks;
}

/** One input of a step's objective. */
export interface TrainingInput {
  /** [B, features] */
  readonly images: Matrix;
  /** Dropout masks of the pass that trains the weights. */
  readonly masks: Masks | null;
  /** Weight of this input's loss in the objective; the weights of a step's inputs add up to 1. */
  readonly weight: number;
}

/**
 * A training method: how a mini-batch becomes what back-propagation sees. The update follows the
 * gradient of the weighted losses at these inputs, and of nothing else.
 */
export type Method = (context: StepContext) => readonly TrainingInput[];
