import type { AttackLoss } from '../domain/metrics.ts';
import type { Backend, LayerOutput, Matrix } from './backends/backend.ts';
import type { Network } from './network.ts';

/**
 * Dropout masks of one step: [B, features] for the images, then [B, units] for each hidden layer;
 * 0 or 1 / (1 − rate).
 */
export type Masks = readonly Matrix[];

/** The result of a forward pass, with everything that a backward pass needs. */
export interface ForwardPass {
  /** What each layer received: [B, fanIn]. */
  readonly inputs: readonly Matrix[];
  readonly hidden: readonly LayerOutput[];
  readonly masks: Masks | null;
  /** [B, classes] */
  readonly logits: Matrix;
}

/** The input of the first layer: the images, standardized and masked where the network and the step ask for it. */
function firstInput(
  backend: Backend,
  { standardization }: Network,
  images: Matrix,
  masks: Masks | null,
): Matrix {
  let input = images;
  if (standardization) {
    const { mean, deviation: std } = standardization;
    input = backend.scaleAndShift(images, 1 / std, -mean / std);
  }
  // The mask comes after standardization, so a dropped pixel has the mean value.
  return masks ? backend.applyMask(input, masks[0]!) : input;
}

/** Forward pass of images [B, features] in [0, 1], with dropout if masks are given. */
export function forward(
  backend: Backend,
  network: Network,
  images: Matrix,
  masks: Masks | null = null,
): ForwardPass {
  const inputs: Matrix[] = [firstInput(backend, network, images, masks)];
  const hidden: LayerOutput[] = [];
  network.layers.forEach(({ parameters, activation }, l) => {
    const isOutput = l === network.layers.length - 1;
    const mask = isOutput ? null : (masks?.[l + 1] ?? null);
    const layer = backend.forwardLayer(inputs[l]!, parameters, activation, mask);
    inputs.push(layer.output);
    if (!isOutput) hidden.push(layer);
  });
  const logits = inputs.pop()!;
  return { inputs, hidden, masks, logits };
}

/** ∂J/∂z at hidden layer l − 1 from ∂J/∂z at layer l. */
function backward(
  backend: Backend,
  network: Network,
  { hidden, masks }: ForwardPass,
  delta: Matrix,
  l: number,
): Matrix {
  const { parameters } = network.layers[l]!;
  const { activation } = network.layers[l - 1]!;
  return backend.backwardLayer(delta, parameters, hidden[l - 1]!, activation, masks?.[l] ?? null);
}

/**
 * ∂J/∂x, [B, features], with respect to the images on the [0, 1] scale (Nøkland 2015). Only deltas are
 * back-propagated: no weight gradient is computed. J is the mean loss over the batch.
 *
 * @param pass a forward pass of the images without dropout
 * @param labels [B, 1]
 */
export function inputGradient(
  backend: Backend,
  network: Network,
  pass: ForwardPass,
  labels: Matrix,
): Matrix {
  const delta = backend.outputDelta(pass.logits, labels, network.loss);
  return backpropagateToInput(backend, network, pass, delta);
}

/**
 * A gradient at the images whose sign is that of ∂L/∂x however confident the outputs are, [B, features]. (Hidden logistic
 * and tanh units that are saturated in float32 still pass nothing on.) Each image's
 * row has a positive factor of its own, so only signs may be used (see `Backend.attackDelta`).
 *
 * @param pass a forward pass of the images without dropout
 * @param labels [B, 1]
 * @param loss L: the loss that the attack follows
 */
export function attackGradient(
  backend: Backend,
  network: Network,
  pass: ForwardPass,
  labels: Matrix,
  loss: AttackLoss,
): Matrix {
  const delta = backend.attackDelta(pass.logits, labels, loss);
  return backpropagateToInput(backend, network, pass, delta);
}

/**
 * Back-propagates a delta at the output to the images: only deltas, no weight gradients.
 *
 * @param outputDelta [B, classes]
 * @returns [B, features]
 */
export function backpropagateToInput(
  backend: Backend,
  network: Network,
  pass: ForwardPass,
  outputDelta: Matrix,
): Matrix {
  let delta = outputDelta;
  for (let l = network.layers.length - 1; l > 0; l--) {
    delta = backward(backend, network, pass, delta, l);
  }
  const gradient = backend.inputGradient(delta, network.layers[0]!.parameters);
  const { standardization } = network;
  return standardization
    ? backend.scaleAndShift(gradient, 1 / standardization.deviation, 0)
    : gradient;
}

/**
 * ∂J/∂[W; b] of every layer, [fanIn + 1, units × pieces], by ordinary back-propagation. J is the mean loss over
 * the batch.
 *
 * @param labels [B, 1]
 */
export function weightGradients(
  backend: Backend,
  network: Network,
  pass: ForwardPass,
  labels: Matrix,
): Matrix[] {
  const delta = backend.outputDelta(pass.logits, labels, network.loss);
  return backpropagateToWeights(backend, network, pass, delta);
}

/**
 * The gradients at [W; b] of every layer, [fanIn + 1, units × pieces], of whatever has this delta at the output.
 *
 * @param outputDelta [B, classes]
 */
export function backpropagateToWeights(
  backend: Backend,
  network: Network,
  pass: ForwardPass,
  outputDelta: Matrix,
): Matrix[] {
  const gradients: Matrix[] = [];
  let delta = outputDelta;
  for (let l = network.layers.length - 1; l >= 0; l--) {
    gradients[l] = backend.weightGradient(pass.inputs[l]!, delta);
    if (l > 0) delta = backward(backend, network, pass, delta, l);
  }
  return gradients;
}
