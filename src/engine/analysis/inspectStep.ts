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

/** The output of a pass whose values have not been read yet. */
interface PendingOutput {
  readonly logits: Matrix;
  /** [1, 2] loss and error */
  readonly score: Matrix;
}
interface PendingPass extends PendingOutput {
  readonly hidden: readonly Matrix[];
}
interface PendingMethod {
  readonly input: Matrix;
  readonly pass: PendingPass;
  readonly gradients: readonly Matrix[];
  readonly clean: PendingOutput;
  readonly adversarial: PendingOutput;
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
  const matrices: Matrix[] = [];
  const pending = backend.scope((keep) => {
    const retain = <M extends Matrix>(matrix: M): M => {
      if (!matrices.includes(matrix)) matrices.push(keep(matrix));
      return matrix;
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
    const retainOutput = ({ logits }: ForwardPass): PendingOutput => {
      const score = backend.zeros(1, 2);
      backend.addScores(score, logits, labels, network.loss);
      return { logits: retain(logits), score: retain(score) };
    };
    const retainPass = (pass: ForwardPass): PendingPass => ({
      ...retainOutput(pass),
      hidden: pass.hidden.map(({ output }) => retain(output)),
    });
    const [adversarialInput] = methods.adversarial(context);
    const adversarialImages = adversarialInput!.images;
    const runMethod = (method: InspectedMethod): PendingMethod => {
      const [input] = method === 'adversarial' ? [adversarialInput!] : methods[method](context);
      const pass = forward(backend, network, input!.images, input!.masks);
      const gradients = weightGradients(backend, network, pass, labels);
      const updated = updateCopy(backend, state, gradients);
      return {
        input: retain(pass.inputs[0]!),
        pass: retainPass(pass),
        gradients: gradients.map(retain),
        clean: retainOutput(forward(backend, updated, images)),
        adversarial: retainOutput(forward(backend, updated, adversarialImages)),
      };
    };
    return {
      clean: retainPass(cleanPass),
      inputGradient: retain(inputGradient(backend, network, cleanPass, labels)),
      adversarial: runMethod('adversarial'),
      plain: runMethod('plain'),
      dropout: runMethod('dropout'),
    };
  });
  const read = async (matrix: Matrix) => Float32Array.from(await backend.read(matrix));
  const readOutput = async ({ logits, score }: PendingOutput): Promise<Outcome> => ({
    probabilities: outputProbabilities(await backend.read(logits), logits.columns, network.loss),
    loss: (await backend.read(score))[0]!,
  });
  const readPass = async (pass: PendingPass): Promise<InspectedPass> => ({
    ...(await readOutput(pass)),
    hidden: await mapSequentially(pass.hidden, read),
  });
  const readMethod = async (method: PendingMethod): Promise<InspectedMethodStep> => ({
    input: restorePixels(await read(method.input), order),
    pass: await readPass(method.pass),
    gradientNorms: await mapSequentially(method.gradients, async (gradient) =>
      normOf(await backend.read(gradient)),
    ),
    after: {
      clean: await readOutput(method.clean),
      adversarial: await readOutput(method.adversarial),
    },
  });
  try {
    return {
      step,
      epsilon,
      label,
      image,
      clean: await readPass(pending.clean),
      inputGradient: restorePixels(await read(pending.inputGradient), order),
      methods: {
        adversarial: await readMethod(pending.adversarial),
        plain: await readMethod(pending.plain),
        dropout: await readMethod(pending.dropout),
      },
    };
  } finally {
    backend.free(...matrices);
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

/** ‖v‖₂ */
function normOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}

/** Maps items one after the other. */
async function mapSequentially<T, R>(
  items: readonly T[],
  task: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await task(item));
  return results;
}
