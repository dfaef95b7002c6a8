import type { RunConfig } from '../../domain/settings/config.ts';
import type { Backend, Matrix } from '../backends/backend.ts';
import type { Masks } from '../backprop.ts';
import type { Network } from '../network.ts';

/** Everything a method may use to make the inputs of one step. */
export interface StepContext {
  readonly backend: Backend;
  readonly network: Network;
  readonly config: RunConfig;
  /** Number of weight updates before this one; with the seed it fixes all random numbers of the step. */
  readonly step: number;
  /** [B, features], 0 to 1 */
  readonly images: Matrix;
  /** [B, 1] */
  readonly labels: Matrix;
  /** Draws the dropout masks of this step, with the config's rates. */
  readonly drawMasks: () => Masks;
}

/** One input of a step's objective, the weighted sum of one term for each input. */
export interface TrainingInput {
  /** [B, features] */
  readonly images: Matrix;
  /** Dropout masks of the training pass, if it has dropout. */
  readonly masks: Masks | null;
  /** Weight of this input's term. Those of losses sum to 1. */
  readonly weight: number;
  /**
   * Its term: the loss J; or the divergence KL(p ‖ q) of its outputs q from the outputs p of the step's first input, whose
   * term is its loss (`Backend.divergenceDelta`). Absent: the loss.
   */
  readonly term?: 'loss' | 'divergence';
}

/**
 * A training method: makes the training inputs from a mini-batch. The weight update follows the gradient of the
 * weighted sum of the terms of these inputs, and nothing else.
 */
export type Method = (context: StepContext) => readonly TrainingInput[];
