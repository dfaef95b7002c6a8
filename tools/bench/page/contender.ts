import type { ImageSet } from '../../../src/data/imageSet.ts';
import { initialParameters, layerShapes } from '../../../src/engine/network.ts';
import { stateCount } from '../../../src/domain/checkpoint.ts';
import type { LayerCheckpoint } from '../../../src/domain/checkpoint.ts';
import type { OptimizerName, RunConfig } from '../../../src/domain/settings/config.ts';

/** The run whose steps a contender takes. Equal work gives equal weights. */
export interface Work {
  readonly config: RunConfig;
  /** The training images, a whole number of batches. */
  readonly images: ImageSet;
  /** The start of the run: parameters and a nonzero optimizer state. */
  readonly layers: readonly LayerCheckpoint[];
}

/** A network that a contender trains. */
export interface Session {
  /**
   * Takes a training step on the next batch, including the gathering of its images. A returned promise is awaited
   * before the next step.
   */
  step(): Promise<unknown> | undefined;
  /** Resolves when all steps are computed. */
  finished(): Promise<unknown>;
  /** Parameters of each layer, [fanIn + 1, units], biases as the last row. */
  parameters(): Promise<Float32Array[]>;
  dispose(): void;
}

/** A library that can train. Each one runs in its own worker. */
export interface Contender {
  /** Starts it with a number of threads. @returns a description of what it runs on */
  start(threads: number): Promise<string>;
  prepare(work: Work): Session | Promise<Session>;
}

/**
 * Initial value of the states that are averages of squares. Starting from zero, RMSprop's and Adam's first update is
 * the learning rate times the sign of the gradient, so a comparison would only show rounding errors of tiny gradients.
 */
const initialSquares = 1e-6;

/** Initial values of an optimizer's states, in the order of engine/optimizers.ts. */
const initialStates: Readonly<Record<OptimizerName, readonly number[]>> = {
  sgd: [],
  momentum: [0],
  rmsprop: [initialSquares],
  adam: [0, initialSquares],
};

/** The layers that a run of this config starts from. */
export function initialLayers(config: RunConfig, images: ImageSet): LayerCheckpoint[] {
  const states = initialStates[config.optimizer];
  if (states.length !== stateCount[config.optimizer]) throw new Error('States are missing.');
  return layerShapes(config, images.features, images.classes).map((shape, l) => {
    const parameters = initialParameters(shape, config.seed, l);
    const rows = shape.fanIn + 1;
    return {
      rows,
      columns: parameters.length / rows,
      parameters,
      states: states.map((value) => new Float32Array(parameters.length).fill(value)),
    };
  });
}
