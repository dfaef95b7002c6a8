import type { OptimizerName } from './config.ts';

/** State matrices, the size of the parameters and zero at first, that an optimizer keeps for each layer. */
export const stateCount: Record<OptimizerName, number> = {
  sgd: 0,
  momentum: 1,
  rmsprop: 1,
  adam: 2,
};

/** A layer as numbers, row by row. */
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
 * A run in the middle of its training: with its config, all that it takes to go on exactly. The
 * random numbers of a step follow from seed and step, and so does the place in the order of batches.
 */
export interface Checkpoint {
  /** Weight updates so far. */
  readonly step: number;
  readonly layers: readonly LayerCheckpoint[];
  /** [batchSize × 2] losses and errors added up since the last training loss was taken. */
  readonly scores: Float32Array;
  /** Samples that the scores hold. */
  readonly scored: number;
  /** Seconds of computing that the steps took. */
  readonly trainSeconds: number;
}

/** What of a checkpoint holds NaN or infinity, the gravest first: nothing goes on from there. Null: all is finite. */
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
