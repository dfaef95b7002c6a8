import type { OptimizerName } from './settings/config.ts';

/** Number of state matrices per layer of an optimizer. They have the size of the parameters and start at zero. */
export const stateCount: Record<OptimizerName, number> = {
  sgd: 0,
  momentum: 1,
  rmsprop: 1,
  adam: 2,
};

/** The numbers of a layer, row by row. */
export interface LayerCheckpoint {
  /** fanIn + 1: the biases are the last row. */
  readonly rows: number;
  /** units × pieces */
  readonly columns: number;
  /** [rows × columns] */
  readonly parameters: Float32Array;
  /** The optimizer's matrices for this layer, each [rows × columns]. */
  readonly states: readonly Float32Array[];
}

/**
 * The state of a run during training. With its config, it is enough to resume exactly: the random numbers of a step and
 * its mini-batch follow from the seed and the step.
 */
export interface Checkpoint {
  /** Number of weight updates so far. */
  readonly step: number;
  readonly layers: readonly LayerCheckpoint[];
  /** [batchSize × 2] sums of losses and errors since the last training loss was read. */
  readonly scores: Float32Array;
  /** Number of samples in the scores. */
  readonly scored: number;
  /** Seconds of computation for the steps. */
  readonly trainSeconds: number;
}

/**
 * The part of a checkpoint that contains NaN or infinity, the most severe first, so that it cannot be resumed; null
 * if all is finite.
 */
export function findNotFinite({
  layers,
  scores,
}: Pick<Checkpoint, 'layers' | 'scores'>): 'weights' | 'losses' | 'optimizer state' | null {
  if (layers.some(({ parameters }) => !areFinite(parameters))) return 'weights';
  if (!areFinite(scores)) return 'losses';
  return layers.some(({ states }) => !states.every(areFinite)) ? 'optimizer state' : null;
}

function areFinite(values: Float32Array): boolean {
  return values.every(Number.isFinite);
}
