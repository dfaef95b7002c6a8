import type { RunConfig } from '../shared/config.ts';
import { permutePixels, type PixelOrder, restorePixels } from '../shared/pixelOrder.ts';
import type {
  InspectedMethod,
  InspectedMethodStep,
  InspectedPass,
  Outcome,
  StepInspection,
} from '../shared/stepInspection.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import { type ForwardPass, forward, inputGradient, weightGradients } from './backprop.ts';
import { drawMasks } from './masks.ts';
import type { StepContext } from './methods/method.ts';
import { methods } from './methods/registry.ts';
import type { Network } from './network.ts';
import type { UpdateRule } from './optimizers.ts';
import { outputProbabilities } from './probabilities.ts';

/** All that a training step depends on but its mini-batch. */
export interface StepState {
  readonly network: Network;
  /** Optimizer state of each layer. */
  readonly states: readonly (readonly Matrix[])[];
  readonly config: RunConfig;
  /** Weight updates before the step. */
  readonly step: number;
  readonly rule: UpdateRule;
}

/** A pass whose values are still to be read. */
interface KeptOutcome {
  readonly logits: Matrix;
  /** [1, 2] loss and error */
  readonly score: Matrix;
}
interface KeptPass extends KeptOutcome {
  readonly hidden: readonly Matrix[];
}
interface KeptMethod {
  readonly input: Matrix;
  readonly pass: KeptPass;
  readonly gradients: readonly Matrix[];
  readonly clean: KeptOutcome;
  readonly adversarial: KeptOutcome;
}

/**
 * The step that training would take now, on one image alone: by adversarial back-propagation, and beside it
 * by plain back-propagation and dropout from the same weights. Everything is computed by the operations that
 * train, and submitted at once, so that all of it belongs to the same weights; updates happen on copies.
 *
 * @param image x, [features], as people see it
 * @param label y
 * @param epsilon training ε in place of the config's
 * @param order in which the network gets the image's pixels; what comes back is as people see it
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
  const kept = backend.scope((keep) => {
    const hold = <M extends Matrix>(matrix: M): M => {
      if (!matrices.includes(matrix)) matrices.push(keep(matrix));
      return matrix;
    };
    const images = backend.upload(permutePixels(image, order), 1, image.length);
    const labels = backend.upload([label], 1, 1);
    const cleanPass = forward(backend, network, images);
    const context: StepContext = {
      ...{ backend, network, config, step, images, labels },
      drawMasks: () => drawMasks(backend, network, config, step, images),
    };
    const keepOutcome = ({ logits }: ForwardPass): KeptOutcome => {
      const score = backend.zeros(1, 2);
      backend.addScores(score, logits, labels, network.loss);
      return { logits: hold(logits), score: hold(score) };
    };
    const keepPass = (pass: ForwardPass): KeptPass => ({
      ...keepOutcome(pass),
      hidden: pass.hidden.map(({ output }) => hold(output)),
    });
    const [adversarialInput] = methods.adversarial(context);
    const adversarialImages = adversarialInput!.images;
    const keepMethod = (method: InspectedMethod): KeptMethod => {
      const [input] = method === 'adversarial' ? [adversarialInput!] : methods[method](context);
      const pass = forward(backend, network, input!.images, input!.masks);
      const gradients = weightGradients(backend, network, pass, labels);
      const updated = updateCopy(backend, state, gradients);
      return {
        input: hold(pass.inputs[0]!),
        pass: keepPass(pass),
        gradients: gradients.map(hold),
        clean: keepOutcome(forward(backend, updated, images)),
        adversarial: keepOutcome(forward(backend, updated, adversarialImages)),
      };
    };
    return {
      clean: keepPass(cleanPass),
      inputGradient: hold(inputGradient(backend, network, cleanPass, labels)),
      adversarial: keepMethod('adversarial'),
      plain: keepMethod('plain'),
      dropout: keepMethod('dropout'),
    };
  });
  const read = async (matrix: Matrix) => Float32Array.from(await backend.read(matrix));
  const readOutcome = async ({ logits, score }: KeptOutcome): Promise<Outcome> => ({
    probabilities: outputProbabilities(await backend.read(logits), logits.columns, network.loss),
    loss: (await backend.read(score))[0]!,
  });
  const readPass = async (pass: KeptPass): Promise<InspectedPass> => ({
    ...(await readOutcome(pass)),
    hidden: await inTurn(pass.hidden, read),
  });
  const readMethod = async (method: KeptMethod): Promise<InspectedMethodStep> => ({
    input: restorePixels(await read(method.input), order),
    pass: await readPass(method.pass),
    gradientNorms: await inTurn(method.gradients, async (gradient) =>
      normOf(await backend.read(gradient)),
    ),
    after: {
      clean: await readOutcome(method.clean),
      adversarial: await readOutcome(method.adversarial),
    },
  });
  try {
    return {
      ...{ step, epsilon, label, image },
      clean: await readPass(kept.clean),
      inputGradient: restorePixels(await read(kept.inputGradient), order),
      methods: {
        adversarial: await readMethod(kept.adversarial),
        plain: await readMethod(kept.plain),
        dropout: await readMethod(kept.dropout),
      },
    };
  } finally {
    backend.free(...matrices);
  }
}

/** The network after an update by these gradients; the network itself and its optimizer stay as they are. */
function updateCopy(
  backend: Backend,
  { network, states, rule }: StepState,
  gradients: readonly Matrix[],
): Network {
  const copy = (matrix: Matrix): Matrix => backend.blend(1, matrix, 0, matrix);
  return {
    ...network,
    layers: network.layers.map((layer, l) => {
      const parameters = copy(layer.parameters);
      backend.updateParameters(rule, parameters, gradients[l]!, states[l]!.map(copy));
      return { ...layer, parameters };
    }),
  };
}

/** ‖v‖₂ */
function normOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}

async function inTurn<T, R>(
  items: readonly T[],
  task: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await task(item));
  return results;
}
