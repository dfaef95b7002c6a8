import type { Loss, RunConfig } from '../domain/settings/config.ts';
import { seededGenerator, uniformWithin } from '../domain/random.ts';
import type { Standardization } from '../domain/standardization.ts';
import { type Activation, hiddenActivation, piecesOf } from './activations.ts';
import type { Backend, Matrix } from './backends/backend.ts';

/** A fully connected layer: parameters [fanIn + 1, units × pieces], biases as the last row. */
export interface Layer {
  readonly parameters: Matrix;
  readonly units: number;
  readonly activation: Activation;
}

/** The hidden layers and, last, the linear output layer that computes the logits. */
export interface Network {
  readonly layers: readonly Layer[];
  readonly loss: Loss;
  /** The first layer receives (image − mean) / std where this is set, the image itself otherwise. */
  readonly standardization: Standardization | null;
}

/** A layer before it has parameters. */
export interface LayerShape {
  readonly fanIn: number;
  readonly units: number;
  readonly activation: Activation;
}

/** The layers of a config's network between `features` inputs and `classes` outputs. */
export function layerShapes(
  config: Pick<RunConfig, 'networkType' | 'maxoutPieces' | 'hiddenLayers'>,
  features: number,
  classes: number,
): LayerShape[] {
  const fanIns = [features, ...config.hiddenLayers];
  const hidden = hiddenActivation(config);
  return [...config.hiddenLayers, classes].map((units, layer) => ({
    fanIn: fanIns[layer]!,
    units,
    activation: layer < config.hiddenLayers.length ? hidden : { type: 'linear' },
  }));
}

/**
 * Initial parameters of one layer, [fanIn + 1, units × pieces] row by row: weights and biases are drawn from
 * U(−1/√fanIn, 1/√fanIn), as in the paper's author's code (github.com/anokland/dfa-torch). The same seed gives
 * the same values on every backend.
 */
export function initialParameters(shape: LayerShape, seed: number, layer: number): Float32Array {
  const generator = seededGenerator(seed, 'initialWeights', layer);
  const bound = 1 / Math.sqrt(shape.fanIn);
  const columns = shape.units * piecesOf(shape.activation);
  return Float32Array.from({ length: (shape.fanIn + 1) * columns }, () =>
    uniformWithin(generator, bound),
  );
}

/** Makes a network from the parameters of each layer, [fanIn + 1, units × pieces] row by row. */
export function makeNetwork(
  backend: Backend,
  shapes: readonly LayerShape[],
  parameters: readonly ArrayLike<number>[],
  loss: Loss,
  standardization: Standardization | null = null,
): Network {
  return {
    loss,
    standardization,
    layers: shapes.map(({ fanIn, units, activation }, layer) => ({
      units,
      activation,
      parameters: backend.upload(parameters[layer]!, fanIn + 1, units * piecesOf(activation)),
    })),
  };
}
