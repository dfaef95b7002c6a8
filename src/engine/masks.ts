import type { RunConfig } from '../domain/settings/config.ts';
import { hashKey } from '../domain/random.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import type { Masks } from './backprop.ts';
import type { Network } from './network.ts';

/**
 * Draws the dropout masks of a step: [B, features] for the images, then [B, units] for each hidden layer. The
 * seed, the step and the layer fix every element, on every backend.
 */
export function drawMasks(
  backend: Backend,
  network: Network,
  config: RunConfig,
  step: number,
  images: Matrix,
): Masks {
  const units = network.layers.slice(0, -1).map((layer) => layer.units);
  return [images.columns, ...units].map((columns, layer) => {
    const rate = layer === 0 ? config.inputDropoutRate : config.hiddenDropoutRate;
    return backend.dropoutMask(
      images.rows,
      columns,
      rate,
      hashKey(config.seed, 'dropout', step, layer),
    );
  });
}
