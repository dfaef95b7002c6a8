import { batchOf, epochOrder, stepsPerEpoch } from '../data/batches.ts';
import type { ImageSet } from '../data/imageSet.ts';
import type { RunConfig } from '../shared/config.ts';
import { hashKey } from '../shared/random.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import { forward, type Masks, weightGradients } from './backprop.ts';
import { readScores } from './evaluate.ts';
import type { StepContext } from './methods/method.ts';
import { methods } from './methods/registry.ts';
import { initialParameters, layerShapes, makeNetwork, type Network } from './network.ts';
import { stateCount, type UpdateRule, updateRule } from './optimizers.ts';

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
  const { backend, network, labels } = context;
  const gradients = methods[context.config.method](context)
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

/** The dropout masks of a step: one for the images, one for each hidden layer. */
export function drawMasks(
  backend: Backend,
  network: Network,
  config: RunConfig,
  step: number,
  images: Matrix,
): Masks {
  const units = network.layers.slice(0, -1).map((layer) => layer.units);
  return [images.columns, ...units].map((columns, layer) => {
    const rate = layer === 0 ? config.inputDropoutRate : config.hiddenDropoutRate;
    return backend.dropoutMask(
      images.rows,
      columns,
      rate,
      hashKey(config.seed, 'dropout', step, layer),
    );
  });
}

/** A network in training: its parameters, optimizer state and place in the order of mini-batches. */
export class Trainer {
  readonly network: Network;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly #backend: Backend;
  readonly #config: RunConfig;
  readonly #training: ImageSet;
  readonly #states: readonly (readonly Matrix[])[];
  #step = 0;
  #order: { readonly epoch: number; readonly indices: Uint32Array } | null = null;
  #scores: Matrix;
  /** Samples that #scores holds. */
  #scored = 0;

  /** @param training images in the order of the data set; the seed fixes the order of training */
  constructor(backend: Backend, config: RunConfig, training: ImageSet) {
    this.#backend = backend;
    this.#config = config;
    this.#training = training;
    const shapes = layerShapes(config, training.features, training.classes);
    const parameters = shapes.map((shape, l) => initialParameters(shape, config.seed, l));
    // In a scope: if memory runs out half-way, what was made is freed.
    const made = backend.scope((keep) => {
      const network = makeNetwork(backend, shapes, parameters, config.loss);
      const states = network.layers.map((layer) =>
        Array.from({ length: stateCount[config.optimizer] }, () =>
          backend.zeros(layer.parameters.rows, layer.parameters.columns),
        ),
      );
      const scores = backend.zeros(config.batchSize, 2);
      [...network.layers.map((layer) => layer.parameters), ...states.flat(), scores].forEach(keep);
      return { network, states, scores };
    });
    this.network = made.network;
    this.#states = made.states;
    this.#scores = made.scores;
    this.stepsPerEpoch = stepsPerEpoch(training.count, config.batchSize);
    this.totalSteps = this.stepsPerEpoch * config.epochs;
  }

  /** Weight updates so far. */
  get step(): number {
    return this.#step;
  }

  /** Takes one step on the next mini-batch; the work is submitted, not awaited. @returns its images */
  trainStep(): number {
    const backend = this.#backend;
    const config = this.#config;
    const step = this.#step;
    const epoch = Math.floor(step / this.stepsPerEpoch);
    if (this.#order?.epoch !== epoch) {
      this.#order = { epoch, indices: epochOrder(this.#training.count, config.seed, epoch) };
    }
    const batch = batchOf(this.#order.indices, config.batchSize, step % this.stepsPerEpoch);
    const learningRate = config.learningRate * config.learningRateDecay ** epoch;
    backend.scope(() => {
      const images = backend.loadImages(this.#training, batch);
      const labels = backend.loadLabels(this.#training, batch);
      const context: StepContext = {
        backend,
        network: this.network,
        config,
        step,
        images,
        labels,
        drawMasks: () => drawMasks(backend, this.network, config, step, images),
      };
      const rule = updateRule(config.optimizer, learningRate, step + 1);
      trainingStep(context, rule, this.#states, this.#scores);
    });
    this.#step = step + 1;
    this.#scored += batch.length;
    return batch.length;
  }

  /**
   * Mean training loss a sample since the last call, on what the method trained on; null if there
   * was no step. Waits for all submitted work.
   */
  async takeTrainLoss(): Promise<number | null> {
    if (this.#scored === 0) return null;
    // Synchronisation: called a few times a second at most.
    const { loss } = await readScores(this.#backend, this.#scores, this.#scored);
    this.#backend.free(this.#scores);
    this.#scores = this.#backend.zeros(this.#config.batchSize, 2);
    this.#scored = 0;
    return loss;
  }

  /** Frees the network, the optimizer's state and the scores. */
  dispose(): void {
    const parameters = this.network.layers.map((layer) => layer.parameters);
    this.#backend.free(...parameters, ...this.#states.flat(), this.#scores);
  }
}
