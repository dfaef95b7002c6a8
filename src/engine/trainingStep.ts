import type { RunConfig } from '../shared/config.ts';
import type { Matrix } from './backends/backend.ts';
import { forward, weightGradients } from './backprop.ts';
import type { StepContext, TrainingInput } from './methods/method.ts';
import { methods } from './methods/registry.ts';
import { type UpdateRule, updateRule } from './optimizers.ts';

/**
 * One training step, as in the paper: choose what to train on (the method; for ABP the images moved
 * along the sign of their gradient), back-propagate on it, update with that gradient alone.
 *
 * @param states optimizer state of each layer
 * @param scores [≥ B, 2] to which the loss and errors on the training input are added
 */
export function trainingStep(
  context: StepContext,
  rule: UpdateRule,
  states: readonly (readonly Matrix[])[],
  scores: Matrix,
): void {
  updateOn(context, makeInputs(context), rule, states, scores);
}

/** The first half of a step: what the method trains on. */
export function makeInputs(context: StepContext): readonly TrainingInput[] {
  return methods[context.config.method](context);
}

/** The second half: ordinary back-propagation on these inputs, and the update. */
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
  network.layers.forEach(({ parameters }, l) =>
    backend.updateParameters(rule, parameters, gradients[l]!, states[l]!),
  );
}

/** The update of a step in this epoch, after so many updates. */
export function nextRule(config: RunConfig, epoch: number, step: number): UpdateRule {
  const learningRate = config.learningRate * config.learningRateDecay ** epoch;
  return updateRule(config.optimizer, learningRate, step + 1);
}
