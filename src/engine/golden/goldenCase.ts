import { z } from 'zod';
import { defaultConfig, type RunConfig } from '../../domain/settings/config.ts';
import type { Backend, Matrix } from '../backends/backend.ts';
import { forward, inputGradient, weightGradients } from '../backprop.ts';
import { readScores } from '../evaluate.ts';
import type { StepContext } from '../methods/method.ts';
import { methods } from '../methods/registry.ts';
import { layerShapes, makeNetwork } from '../network.ts';
import { stateCount } from '../../domain/checkpoint.ts';
import { updateRule } from '../optimizers.ts';
import { trainingStep } from '../trainingStep.ts';

const rows = z.array(z.array(z.number()));

/** A file of golden vectors: a small network and batch, and the results of PyTorch's autograd for them. */
export const goldenCaseSchema = z.object({
  name: z.string(),
  activation: z.enum(['logistic', 'tanh', 'relu', 'maxout']),
  loss: z.enum(['bce', 'ce']),
  eps: z.number(),
  clip: z.boolean(),
  optimizer: z.enum(['sgd', 'momentum', 'rmsprop', 'adam']),
  lr: z.number(),
  pieces: z.int(),
  W: z.array(rows),
  b: z.array(z.array(z.number())),
  x: rows,
  y: rows,
  masks: z.nullable(z.array(rows)),
  steps: z.array(
    z.object({
      cleanLoss: z.number(),
      trainLoss: z.number(),
      inputGradient: z.optional(rows),
      xTrain: z.optional(rows),
      logits: z.optional(rows),
      gW: z.optional(z.array(rows)),
      gb: z.optional(z.array(z.array(z.number()))),
    }),
  ),
  finalW: z.array(rows),
  finalb: z.array(z.array(z.number())),
});
export type GoldenCase = z.infer<typeof goldenCaseSchema>;

/** Tensors by name, flattened row by row; a layer's parameters are [W; b]. */
export type NamedTensors = Record<string, number[]>;

function withBiases(weights: readonly number[][][], biases: readonly number[][]): number[][] {
  return weights.map((w, layer) => [...w.flat(), ...biases[layer]!]);
}

function layers(name: string, values: readonly number[][]): NamedTensors {
  return Object.fromEntries(values.map((value, layer) => [`${name} ${layer}`, value]));
}

/** The expected tensors of a golden case. */
export function expectedTensors(golden: GoldenCase): NamedTensors {
  const first = golden.steps[0]!;
  return {
    'input gradient': first.inputGradient!.flat(),
    'training images': first.xTrain!.flat(),
    logits: first.logits!.flat(),
    ...layers('gradient', withBiases(first.gW!, first.gb!)),
    'clean losses': golden.steps.map((step) => step.cleanLoss),
    'training losses': golden.steps.map((step) => step.trainLoss),
    ...layers('final parameters', withBiases(golden.finalW, golden.finalb)),
  };
}

/** Computes the same tensors with the engine's training step on a backend. */
export async function computeTensors(backend: Backend, golden: GoldenCase): Promise<NamedTensors> {
  const method = golden.eps > 0 ? 'adversarial' : 'plain';
  const withDropout = golden.eps > 0 ? 'adversarial-dropout' : 'dropout';
  const config: RunConfig = {
    ...defaultConfig,
    networkType: golden.activation,
    hiddenLayers: [12, 8],
    maxoutPieces: golden.pieces,
    loss: golden.loss,
    method: golden.masks ? withDropout : method,
    trainingEpsilon: golden.eps,
    clipTrainingImages: golden.clip,
    optimizer: golden.optimizer,
    learningRate: golden.lr,
  };
  const upload = (values: readonly number[][]): Matrix =>
    backend.upload(values.flat(), values.length, values[0]!.length);

  const shapes = layerShapes(config, golden.x[0]!.length, golden.y[0]!.length);
  const initial = withBiases(golden.W, golden.b);
  const network = makeNetwork(backend, shapes, initial, config.loss);
  const images = upload(golden.x);
  const labels = upload(golden.y.map((row) => [row.indexOf(1)]));
  const masks = golden.masks?.map(upload);
  const states = network.layers.map(({ parameters }) =>
    Array.from({ length: stateCount[config.optimizer] }, () =>
      backend.zeros(parameters.rows, parameters.columns),
    ),
  );
  const contextAt = (step: number): StepContext => ({
    backend,
    network,
    config,
    step,
    images,
    labels,
    drawMasks: () => masks!,
  });
  const scored = async (addTo: (scores: Matrix) => void): Promise<number> => {
    const scores = backend.zeros(images.rows, 2);
    addTo(scores);
    const { loss } = await readScores(backend, scores, images.rows);
    backend.free(scores);
    return loss;
  };
  const readAll = async (matrices: Record<string, Matrix>): Promise<NamedTensors> => {
    const tensors: NamedTensors = {};
    for (const [name, matrix] of Object.entries(matrices)) {
      tensors[name] = Array.from(await backend.read(matrix));
    }
    return tensors;
  };

  const firstStep = backend.scope((keep) => {
    const gradient = inputGradient(backend, network, forward(backend, network, images), labels);
    const training = methods[config.method](contextAt(0))[0]!;
    const pass = forward(backend, network, training.images, training.masks);
    const gradients = weightGradients(backend, network, pass, labels);
    return {
      'input gradient': keep(gradient),
      // The plain method trains on the images themselves, which outlive the scope anyway.
      'training images': training.images === images ? images : keep(training.images),
      logits: keep(pass.logits),
      ...Object.fromEntries(gradients.map((g, layer) => [`gradient ${layer}`, keep(g)])),
    };
  });
  const tensors = await readAll(firstStep);
  backend.free(...Object.values(firstStep).filter((matrix) => matrix !== images));

  const cleanLosses: number[] = [];
  const trainingLosses: number[] = [];
  for (let step = 0; step < golden.steps.length; step++) {
    cleanLosses.push(
      await scored((scores) =>
        backend.scope(() => {
          const { logits } = forward(backend, network, images);
          backend.addScores(scores, logits, labels, config.loss);
        }),
      ),
    );
    const rule = updateRule(config.optimizer, config.learningRate, step + 1);
    trainingLosses.push(
      await scored((scores) =>
        backend.scope(() => trainingStep(contextAt(step), rule, states, scores)),
      ),
    );
  }
  const parameters = Object.fromEntries(
    network.layers.map((layer, l) => [`final parameters ${l}`, layer.parameters]),
  );
  Object.assign(tensors, await readAll(parameters), {
    'clean losses': cleanLosses,
    'training losses': trainingLosses,
  });
  backend.free(images, labels, ...(masks ?? []), ...states.flat(), ...Object.values(parameters));
  return tensors;
}

/** The largest difference of each tensor, relative to its largest expected element. */
export function relativeErrors(
  actual: NamedTensors,
  expected: NamedTensors,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(expected).map(([name, values]) => {
      const found = actual[name];
      if (found?.length !== values.length) return [name, Infinity];
      const scale = Math.max(...values.map(Math.abs));
      const worst = Math.max(...values.map((value, i) => Math.abs(found[i]! - value)));
      return [name, Number.isNaN(worst) ? Infinity : worst / scale];
    }),
  );
}
