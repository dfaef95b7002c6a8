import { z } from 'zod';
import { stateCount } from '../../../domain/checkpoint.ts';
import type { Attack } from '../../../domain/metrics.ts';
import {
  defaultConfig,
  losses,
  optimizers,
  type RunConfig,
} from '../../../domain/settings/config.ts';
import { attackBatch } from '../../attacks.ts';
import type { Backend, Matrix } from '../../backends/backend.ts';
import { forward } from '../../backprop.ts';
import { readScores } from '../../evaluate.ts';
import type { StepContext } from '../../methods/method.ts';
import { layerShapes, makeNetwork, type Network } from '../../network.ts';
import { makeInputs, nextRule, objectiveGradients, trainingStep } from '../../trainingStep.ts';
import type { NamedTensors } from '../goldenCase.ts';
import file from './methods.json';

/** The golden cases of make_methods.py: TRADES, weight decay, and PGD in the Euclidean norm. */

const rows = z.array(z.array(z.number()));
const problem = {
  name: z.string(),
  activation: z.enum(['tanh', 'logistic', 'relu']),
  loss: z.enum(losses),
  seed: z.int(),
  epsilon: z.number(),
  attackSteps: z.int(),
  stepSize: z.number(),
  clip: z.boolean(),
  W: z.array(rows),
  b: rows,
  x: rows,
  y: z.array(z.int()),
};
const trainingCaseSchema = z.object({
  ...problem,
  method: z.enum(['plain', 'trades']),
  optimizer: z.enum(optimizers),
  rate: z.number(),
  weightDecay: z.number(),
  beta: z.number(),
  steps: z.int(),
  losses: z.array(z.number()),
  gW: z.array(rows),
  gb: rows,
  xTrain: rows,
  finalW: z.array(rows),
  finalb: rows,
});
const attackCaseSchema = z.object({
  ...problem,
  kind: z.enum(['pgd', 'margin-pgd']),
  target: z.optional(z.int()),
  attacked: rows,
});
export type TrainingCase = z.infer<typeof trainingCaseSchema>;
export type AttackCase = z.infer<typeof attackCaseSchema>;

const cases = z
  .object({ training: z.array(trainingCaseSchema), attacks: z.array(attackCaseSchema) })
  .parse(file);
export const trainingCases: readonly TrainingCase[] = cases.training;
export const attackCases: readonly AttackCase[] = cases.attacks;

function withBiases(name: string, weights: readonly number[][][], biases: readonly number[][]) {
  return Object.fromEntries(weights.map((w, l) => [`${name} ${l}`, [...w.flat(), ...biases[l]!]]));
}

function upload(backend: Backend, golden: TrainingCase | AttackCase, config: RunConfig) {
  const { W, b, x, y } = golden;
  const shapes = layerShapes(config, x[0]!.length, W.at(-1)![0]!.length);
  const parameters = Object.values(withBiases('', W, b));
  return {
    network: makeNetwork(backend, shapes, parameters, config.loss),
    images: backend.upload(x.flat(), x.length, x[0]!.length),
    labels: backend.upload(y, y.length, 1),
  };
}

function configOf({ activation, loss, W, seed }: TrainingCase | AttackCase): RunConfig {
  const hiddenLayers = W.slice(0, -1).map((weights) => weights[0]!.length);
  return { ...defaultConfig, networkType: activation, hiddenLayers, loss, seed };
}

async function readAll(backend: Backend, matrices: Readonly<Record<string, Matrix>>) {
  const tensors: NamedTensors = {};
  for (const [name, matrix] of Object.entries(matrices)) {
    tensors[name] = Array.from(await backend.read(matrix));
  }
  return tensors;
}

export function expectedTraining(golden: TrainingCase): NamedTensors {
  return {
    'training images': golden.xTrain.flat(),
    losses: golden.losses,
    ...withBiases('gradient', golden.gW, golden.gb),
    ...withBiases('final parameters', golden.finalW, golden.finalb),
  };
}

/** The same tensors by the engine's training step on a backend. Frees everything. */
export async function computeTraining(
  backend: Backend,
  golden: TrainingCase,
): Promise<NamedTensors> {
  const config: RunConfig = {
    ...configOf(golden),
    method: golden.method,
    optimizer: golden.optimizer,
    learningRate: golden.rate,
    weightDecay: golden.weightDecay,
    trainingEpsilon: golden.epsilon,
    pgdSteps: Math.max(1, golden.attackSteps),
    pgdStepSize: golden.stepSize,
    tradesBeta: golden.beta,
    clipTrainingImages: golden.clip,
  };
  const { network, images, labels } = upload(backend, golden, config);
  const states = statesOf(backend, network, config);
  const contextAt = (step: number): StepContext => {
    const drawMasks = () => [];
    return { backend, network, config, step, images, labels, drawMasks };
  };
  const first = backend.scope((keep) => {
    const inputs = makeInputs(contextAt(0));
    const scores = backend.zeros(images.rows, 2);
    const gradients = objectiveGradients(contextAt(0), inputs, scores);
    const made = inputs.at(-1)!.images;
    return {
      // A copy, because plain training makes none.
      'training images': keep(backend.blend(1, made, 0, made)),
      ...Object.fromEntries(gradients.map((g, l) => [`gradient ${l}`, keep(g)])),
    };
  });
  const tensors = await readAll(backend, first);
  backend.free(...Object.values(first));
  tensors['losses'] = [];
  for (let step = 0; step < golden.steps; step++) {
    const scores = backend.zeros(images.rows, 2);
    backend.scope(() => trainingStep(contextAt(step), nextRule(config, 0, step), states, scores));
    tensors['losses'].push((await readScores(backend, scores, images.rows)).loss);
    backend.free(scores);
  }
  const parameters = network.layers.map((layer) => layer.parameters);
  const final = parameters.map((matrix, l) => [`final parameters ${l}`, matrix]);
  Object.assign(
    tensors,
    await readAll(backend, Object.fromEntries(final) as Record<string, Matrix>),
  );
  backend.free(images, labels, ...states.flat(), ...parameters);
  return tensors;
}

function statesOf(backend: Backend, { layers }: Network, { optimizer }: RunConfig): Matrix[][] {
  return layers.map(({ parameters: { rows: count, columns } }) =>
    Array.from({ length: stateCount[optimizer] }, () => backend.zeros(count, columns)),
  );
}

/** The attacked images by the engine. Frees everything. */
export async function computeAttack(backend: Backend, golden: AttackCase): Promise<NamedTensors> {
  const { kind, epsilon, clip, attackSteps: steps, stepSize, seed, target } = golden;
  const { network, images, labels } = upload(backend, golden, configOf(golden));
  const common = {
    epsilon,
    clip,
    steps,
    seed,
    norm: 'l2' as const,
    ...(target !== undefined && { target }),
  };
  const attack: Attack = kind === 'pgd' ? { ...common, kind, stepSize } : { ...common, kind };
  const attacked = backend.scope((keep) => {
    const pass = forward(backend, network, images);
    return keep(attackBatch(backend, network, images, labels, attack, pass, 0));
  });
  const tensors = await readAll(backend, { attacked });
  backend.free(attacked, images, labels, ...network.layers.map((layer) => layer.parameters));
  return tensors;
}

export function expectedAttack(golden: AttackCase): NamedTensors {
  return { attacked: golden.attacked.flat() };
}
