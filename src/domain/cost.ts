import { methodFacts } from './settings/methods.ts';
import { piecesPerUnit, type RunConfig } from './settings/config.ts';
import { classCountOf, inputCountOf } from './dataSet.ts';

/**
 * Multiply-adds of one training step for one image, counting matrix products only. A forward pass costs one
 * multiply-add per weight; so do the weight gradients, and back-propagation to the input. Back-propagation to the first
 * hidden layer does not need the first layer's.
 */
export function trainingCost(config: RunConfig): number {
  const { hiddenLayers, method, pgdSteps } = config;
  const pieces = piecesPerUnit(config);
  const widths = [inputCountOf(config.dataSet), ...hiddenLayers, classCountOf(config.dataSet)];
  const weights = widths.slice(1).map((units, layer) => {
    const isHidden = layer < hiddenLayers.length;
    return widths[layer]! * units * (isHidden ? pieces : 1);
  });
  const all = weights.reduce((sum, count) => sum + count, 0);
  const backpropagation = 3 * all - weights[0]!;
  const inputGradient = 2 * all;
  const { toWeights, toPixels, forward = 0 } = methodFacts[method].passes;
  const pixelPasses = toPixels === 'pgdSteps' ? pgdSteps : toPixels;
  return toWeights * backpropagation + pixelPasses * inputGradient + forward * all;
}
