import type { RunConfig } from '../../domain/settings/config.ts';
import { permutePixels, type PixelOrder, restorePixels } from '../../domain/pixelOrder.ts';
import type {
  InspectedMethod,
  InspectedMethodStep,
  InspectedPass,
  Outcome,
  StepInspection,
} from '../../domain/analysis/stepInspection.ts';
import type { Backend, Matrix } from '../backends/backend.ts';
import { type ForwardPass, forward, inputGradient, weightGradients } from '../backprop.ts';
import { drawMasks } from '../masks.ts';
import type { StepContext } from '../methods/method.ts';
import { methods } from '../methods/registry.ts';
import type { Network } from '../network.ts';
import type { UpdateRule } from '../optimizers.ts';
import { outputProbabilities } from '../probabilities.ts';
import { updateLayers } from '../trainingStep.ts';

/** Everything a training step depends on, except its mini-batch. */
export interface StepState {
  readonly network: Network;
  /** Optimizer state of each layer. */
  readonly states: readonly (readonly Matrix[])[];
  readonly config: RunConfig;
  /** Number of weight updates before the step. */
  readonly step: number;
  readonly rule: UpdateRule;
}

/**
 * The step that training would take now on a single image, by adversarial back-propagation, plain back-propagation
 * and dropout, from the same weights. It uses the same operations as training, and submits them all at once, so that
 * all results belong to the same weights. The updates are made on copies.
 *
 * @param image x, [features], 0 to 1, in the pixel order of the data set
 * @param label y
 * @param epsilon training ε that replaces the config's, on the [0, 1] scale
 * @param order the pixel order of the network, if its pixels are permuted. All images are returned in the order of
 *   the data set.
 */
export async function inspectStep(
  backend: Backend,
  state: StepState,
  image: Float32Array,
  label: number,
  epsilon: number,
  order: PixelOrder | null = null,
): Promise<Omit<StepInspection, 'hasOptimizerMemory'>> {
  const { network, step } = state;
  const config = { ...state.config, trainingEpsilon: epsilon };
  const kept = new Set<Matrix>();
  // Everything is submitted in the scope, and read later by the functions that it returns.
  const pending = backend.scope((keep) => {
    const retain = (matrix: Matrix) => {
      kept.add(keep(matrix));
      return async () => Float32Array.from(await backend.read(matrix));
    };
    const images = backend.upload(permutePixels(image, order), 1, image.length);
    const labels = backend.upload([label], 1, 1);
    const cleanPass = forward(backend, network, images);
    const context: StepContext = {
      backend,
      network,
      config,
      step,
      images,
      labels,
      drawMasks: () => drawMasks(backend, network, config, step, images),
    };
    const retainOutput = ({ logits }: ForwardPass) => {
      const score = backend.zeros(1, 2);
      backend.addScores(score, logits, labels, network.loss);
      const [readLogits, readScore] = [retain(logits), retain(score)];
      return async (): Promise<Outcome> => ({
        probabilities: outputProbabilities(await readLogits(), logits.columns, network.loss),
        loss: (await readScore())[0]!,
      });
    };
    const retainPass = (pass: ForwardPass) => {
      const readOutput = retainOutput(pass);
      const hidden = pass.hidden.map(({ output }) => retain(output));
      return async (): Promise<InspectedPass> => ({
        ...(await readOutput()),
        hidden: await callSequentially(hidden),
      });
    };
    const [adversarialInput] = methods.adversarial(context);
    const adversarialImages = adversarialInput!.images;
    const runMethod = (method: InspectedMethod) => {
      const [input] = method === 'adversarial' ? [adversarialInput!] : methods[method](context);
      const pass = forward(backend, network, input!.images, input!.masks);
      const gradients = weightGradients(backend, network, pass, labels);
      const updated = updateCopy(backend, state, gradients);
      const readInput = retain(pass.inputs[0]!);
      const readTrainingPass = retainPass(pass);
      const readGradients = gradients.map(retain);
      const readClean = retainOutput(forward(backend, updated, images));
      const readAdversarial = retainOutput(forward(backend, updated, adversarialImages));
      return async (): Promise<InspectedMethodStep> => ({
        input: restorePixels(await readInput(), order),
        pass: await readTrainingPass(),
        gradientNorms: (await callSequentially(readGradients)).map(normOf),
        after: { clean: await readClean(), adversarial: await readAdversarial() },
      });
    };
    return {
      clean: retainPass(cleanPass),
      inputGradient: retain(inputGradient(backend, network, cleanPass, labels)),
      adversarial: runMethod('adversarial'),
      plain: runMethod('plain'),
      dropout: runMethod('dropout'),
    };
  });
  try {
    return {
      step,
      epsilon,
      label,
      image,
      clean: await pending.clean(),
      inputGradient: restorePixels(await pending.inputGradient(), order),
      methods: {
        adversarial: await pending.adversarial(),
        plain: await pending.plain(),
        dropout: await pending.dropout(),
      },
    };
  } finally {
    backend.free(...kept);
  }
}

/** A copy of the network after an update with these gradients; the network and its optimizer do not change. */
function updateCopy(
  backend: Backend,
  { network, states, rule }: StepState,
  gradients: readonly Matrix[],
): Network {
  const copy = (matrix: Matrix): Matrix => backend.blend(1, matrix, 0, matrix);
  const layers = network.layers.map((layer) => ({ ...layer, parameters: copy(layer.parameters) }));
  const updated = { ...network, layers };
  const updatedStates = states.map((state) => state.map(copy));
  updateLayers(backend, updated, gradients, rule, updatedStates);
  return updated;
}

function normOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
}

async function callSequentially<T>(tasks: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const results: T[] = [];
  for (const task of tasks) results.push(await task());
  return results;
}
