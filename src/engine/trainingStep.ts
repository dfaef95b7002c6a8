import type { RunConfig } from '../domain/settings/config.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import { backpropagateToWeights, type ForwardPass, forward } from './backprop.ts';
import type { StepContext, TrainingInput } from './methods/method.ts';
import { methods } from './methods/registry.ts';
import type { Network } from './network.ts';
import { type UpdateRule, updateRule } from './optimizers.ts';

/**
 * One training step, as in the paper (Nøkland 2015): the method makes the training inputs (for adversarial
 * back-propagation the adversarial images), back-propagation computes the gradient on them, and the optimizer
 * updates the weights with this gradient alone.
 *
 * @param states optimizer state of each layer, updated in place
 * @param scores [≥ B, 2]; the loss and the errors on the training inputs are added to it in place
 */
export function trainingStep(
  context: StepContext,
  rule: UpdateRule,
  states: readonly (readonly Matrix[])[],
  scores: Matrix,
): void {
  updateOn(context, makeInputs(context), rule, states, scores);
}

/** The first half of a step: makes the inputs that the method trains on. */
export function makeInputs(context: StepContext): readonly TrainingInput[] {
  return methods[context.config.method](context);
}

/** The second half of a step: ordinary back-propagation on these inputs, and the weight update. */
export function updateOn(
  context: UpdateContext,
  inputs: readonly TrainingInput[],
  rule: UpdateRule,
  states: readonly (readonly Matrix[])[],
  scores: Matrix,
): void {
  const { backend, network } = context;
  const gradients = objectiveGradients(context, inputs, scores);
  updateLayers(backend, network, gradients, rule, states);
}

type UpdateContext = Pick<StepContext, 'backend' | 'network' | 'labels'>;

/**
 * ∂/∂[W; b] of a step's objective, the weighted sum of the terms of its inputs, for every layer.
 *
 * @param scores as in `trainingStep`
 */
export function objectiveGradients(
  context: UpdateContext,
  inputs: readonly TrainingInput[],
  scores: Matrix,
): Matrix[] {
  const { backend, network } = context;
  const passes = inputs.map(({ images, masks }) => forward(backend, network, images, masks));
  return inputs
    .map(({ weight }, n) => ({
      weight,
      gradients: backpropagateToWeights(
        backend,
        network,
        passes[n]!,
        objectiveDelta(context, inputs, passes, n, scores),
      ),
    }))
    .reduce((a, b) => ({
      weight: 1,
      gradients: a.gradients.map((gradient, l) =>
        backend.blend(a.weight, gradient, b.weight, b.gradients[l]!),
      ),
    })).gradients;
}

/**
 * ∂/∂z of the objective at input n, divided by the input's weight. A divergence has a part at the first input, too. Adds
 * the input's term to the scores.
 */
function objectiveDelta(
  { backend, network: { loss }, labels }: UpdateContext,
  inputs: readonly TrainingInput[],
  passes: readonly ForwardPass[],
  n: number,
  scores: Matrix,
): Matrix {
  const { logits } = passes[n]!;
  const { weight, term } = inputs[n]!;
  const reference = passes[0]!.logits;
  if (term === 'divergence') {
    backend.addDivergence(scores, reference, logits, loss, weight);
    return backend.divergenceDelta(reference, logits, loss, 'moved');
  }
  backend.addScores(scores, logits, labels, loss, weight);
  const delta = backend.outputDelta(logits, labels, loss);
  if (n > 0) return delta;
  return inputs.reduce((sum, other, m) => {
    if (other.term !== 'divergence') return sum;
    const part = backend.divergenceDelta(reference, passes[m]!.logits, loss, 'reference');
    return backend.blend(1, sum, other.weight / weight, part);
  }, delta);
}

/**
 * The weight update alone: changes each layer's parameters and optimizer state in place. Weight decay is decoupled from
 * the gradient (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithms 1 and 2): W ← (1 − η λ) W, then the
 * optimizer's step. As a term λ W of the gradient instead, RMSprop and Adam would divide it by the size of each weight's
 * gradients, and λ would mean something else for every weight. With SGD both are the same. Biases do not decay.
 */
export function updateLayers(
  backend: Backend,
  { layers }: Network,
  gradients: readonly Matrix[],
  rule: UpdateRule,
  states: readonly (readonly Matrix[])[],
): void {
  layers.forEach(({ parameters }, l) => {
    if (rule.weightDecay > 0) {
      backend.scaleWeights(parameters, 1 - rule.learningRate * rule.weightDecay);
    }
    backend.updateParameters(rule, parameters, gradients[l]!, states[l]!);
  });
}

/** The update rule of the step after `step` updates, in this epoch (the first is 0). */
export function nextRule(config: RunConfig, epoch: number, step: number): UpdateRule {
  const learningRate = config.learningRate * config.learningRateDecay ** epoch;
  return updateRule(config.optimizer, learningRate, step + 1, config.weightDecay);
}
