import type { RunConfig } from '../domain/settings/config.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import { forward, weightGradients } from './backprop.ts';
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
  { backend, network, labels }: Pick<StepContext, 'backend' | 'network' | 'labels'>,
  inputs: readonly TrainingInput[],
  rule: UpdateRule,
  states: readonly (readonly Matrix[])[],
  scores: Matrix,
): void {
  const gradients = inputs
    .map(({ images, masks, weight }) => {
      const pass = forward(backend, network, images, masks);
      backend.addScores(scores, pass.logits, labels, network.loss, weight);
      return { weight, gradients: weightGradients(backend, network, pass, labels) };
    })
    .reduce((a, b) => ({
      weight: 1,
      gradients: a.gradients.map((gradient, l) =>
        backend.blend(a.weight, gradient, b.weight, b.gradients[l]!),
      ),
    })).gradients;
  updateLayers(backend, network, gradients, rule, states);
}

/** The weight update alone: changes each layer's parameters and optimizer state in place. */
export function updateLayers(
  backend: Backend,
  { layers }: Network,
  gradients: readonly Matrix[],
  rule: UpdateRule,
  states: readonly (readonly Matrix[])[],
): void {
  layers.forEach(({ parameters }, l) =>
    backend.updateParameters(rule, parameters, gradients[l]!, states[l]!),
  );
}

/** The update rule of the step after `step` updates, in this epoch (the first is 0). */
export function nextRule(config: RunConfig, epoch: number, step: number): UpdateRule {
  const learningRate = config.learningRate * config.learningRateDecay ** epoch;
  return updateRule(config.optimizer, learningRate, step + 1);
}
