import { batchOf, epochOrder, stepsPerEpoch } from '../data/batches.ts';
import type { ImageSet } from '../data/imageSet.ts';
import { type Checkpoint, type LayerCheckpoint, stateCount } from '../domain/checkpoint.ts';
import type { RunConfig } from '../domain/settings/config.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import { restorePixels } from '../domain/pixelOrder.ts';
import type { PreparedImages } from '../domain/analysis/preparedImages.ts';
import { assertCheckpointFits } from './checkpoint.ts';
import { readScores } from './evaluate.ts';
import type { StepState } from './analysis/inspectStep.ts';
import { drawMasks } from './masks.ts';
import type { StepContext, TrainingInput } from './methods/method.ts';
import { initialParameters, layerShapes, makeNetwork, type Network } from './network.ts';
import { makeInputs, nextRule, updateOn } from './trainingStep.ts';

/** A mini-batch and the inputs that the method made from it. */
interface PreparedStep {
  readonly images: Matrix;
  readonly labels: Matrix;
  readonly inputs: readonly TrainingInput[];
}

/** Each matrix once: a method may train on the images themselves. */
function matricesOf({ images, labels, inputs }: PreparedStep): Set<Matrix> {
  return new Set([
    images,
    labels,
    ...inputs.flatMap(({ images: input, masks }) => [input, ...(masks ?? [])]),
  ]);
}

/** A network in training: its parameters, its optimizer state and its position in the sequence of mini-batches. */
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
  /** The first half of the next step, if `prepareStep` has computed it. */
  #prepared: PreparedStep | null = null;
  /** Number of samples whose loss #scores holds. */
  #scored = 0;

  /**
   * @param training images in the order of the data set; the seed fixes the order of training
   * @param checkpoint where to resume; a run without one starts at step 0
   * @throws LabError 'data-corrupt' if the checkpoint does not fit the config
   */
  constructor(
    backend: Backend,
    config: RunConfig,
    training: ImageSet,
    checkpoint: Omit<Checkpoint, 'trainSeconds'> | null = null,
  ) {
    this.#backend = backend;
    this.#config = config;
    this.#training = training;
    this.stepsPerEpoch = stepsPerEpoch(training.count, config.batchSize);
    this.totalSteps = this.stepsPerEpoch * config.epochs;
    const shapes = layerShapes(config, training.features, training.classes);
    if (checkpoint) assertCheckpointFits(checkpoint, config, shapes, this.totalSteps);
    const parameters = shapes.map(
      (shape, l) => checkpoint?.layers[l]!.parameters ?? initialParameters(shape, config.seed, l),
    );
    // In a scope: if memory runs out halfway, everything made so far is freed.
    const made = backend.scope((keep) => {
      const standardization = training.standardization ?? null;
      const network = makeNetwork(backend, shapes, parameters, config.loss, standardization);
      const states = network.layers.map(({ parameters: { rows, columns } }, l) =>
        Array.from({ length: stateCount[config.optimizer] }, (_, i) => {
          const saved = checkpoint?.layers[l]!.states[i];
          return saved ? backend.upload(saved, rows, columns) : backend.zeros(rows, columns);
        }),
      );
      const scores = checkpoint
        ? backend.upload(checkpoint.scores, config.batchSize, 2)
        : backend.zeros(config.batchSize, 2);
      [...network.layers.map((layer) => layer.parameters), ...states.flat(), scores].forEach(keep);
      return { network, states, scores };
    });
    this.network = made.network;
    this.#states = made.states;
    this.#scores = made.scores;
    this.#scored = checkpoint?.scored ?? 0;
    this.#step = checkpoint?.step ?? 0;
  }

  /** Weight updates so far. */
  get step(): number {
    return this.#step;
  }

  /** The state that the next step starts from; valid until that step. */
  get stepState(): StepState {
    const epoch = Math.floor(this.#step / this.stepsPerEpoch);
    return {
      network: this.network,
      states: this.#states,
      config: this.#config,
      step: this.#step,
      rule: nextRule(this.#config, epoch, this.#step),
    };
  }

  /** Takes one step on the next mini-batch. The work is submitted, not awaited. @returns the number of its images */
  trainStep(): number {
    const backend = this.#backend;
    const scored = backend.scope(() => {
      const { labels, inputs } = this.#prepared ?? this.#prepare();
      const { network, states, rule } = this.stepState;
      updateOn({ backend, network, labels }, inputs, rule, states, this.#scores);
      return labels.rows;
    });
    this.#freePrepared();
    this.#step++;
    this.#scored += scored;
    return scored;
  }

  /**
   * Takes only the first half of the next step: makes the inputs that the method trains on. The next `trainStep`
   * then takes the second half; the result is the same to the bit. A snapshot does not contain the first half: a
   * trainer that resumes from it computes it again.
   */
  prepareStep(): void {
    if (this.#prepared) return;
    this.#prepared = this.#backend.scope((keep) => {
      const prepared = this.#prepare();
      for (const matrix of matricesOf(prepared)) keep(matrix);
      return prepared;
    });
  }

  get isPrepared(): boolean {
    return this.#prepared !== null;
  }

  /**
   * The first `count` images of the prepared step and the training inputs made from them, in the pixel order of the
   * data set. Waits for all submitted work.
   *
   * @returns null if no step is prepared
   */
  async readPrepared(count: number): Promise<PreparedImages | null> {
    const prepared = this.#prepared;
    if (prepared === null) return null;
    const { images, labels, inputs } = prepared;
    // The last input is the one the method makes: `mixed` has the clean images first.
    const { images: trainingImages, masks } = inputs.at(-1)!;
    const maskedImages = masks
      ? this.#backend.applyMask(trainingImages, masks[0]!)
      : trainingImages;
    const returned = Math.min(count, images.rows);
    const order = this.#training.pixelOrder ?? null;
    const read = async (matrix: Matrix) =>
      Float32Array.from(await this.#backend.read(matrix)).slice(0, returned * matrix.columns);
    try {
      return {
        images: restorePixels(await read(images), order),
        inputs: restorePixels(await read(maskedImages), order),
        labels: Uint8Array.from(await read(labels)),
        batchSize: images.rows,
      };
    } finally {
      if (maskedImages !== trainingImages) this.#backend.free(maskedImages);
    }
  }

  /** Must be called within a scope. */
  #prepare(): PreparedStep {
    const { network } = this;
    const backend = this.#backend;
    const config = this.#config;
    const step = this.#step;
    const epoch = Math.floor(step / this.stepsPerEpoch);
    if (this.#order?.epoch !== epoch) {
      this.#order = { epoch, indices: epochOrder(this.#training.count, config.seed, epoch) };
    }
    const batch = batchOf(this.#order.indices, config.batchSize, step % this.stepsPerEpoch);
    const images = backend.loadImages(this.#training, batch);
    const labels = backend.loadLabels(this.#training, batch);
    const context: StepContext = {
      backend,
      network,
      config,
      step,
      images,
      labels,
      drawMasks: () => drawMasks(backend, network, config, step, images),
    };
    return { images, labels, inputs: makeInputs(context) };
  }

  #freePrepared(): void {
    if (this.#prepared) this.#backend.free(...matricesOf(this.#prepared));
    this.#prepared = null;
  }

  /**
   * Mean loss per sample since the last call, on the inputs that the method trained on; null if no step was taken.
   * Waits for all submitted work.
   */
  async takeTrainLoss(): Promise<number | null> {
    if (this.#scored === 0) return null;
    // A synchronization, so this is called at most a few times a second.
    const { loss } = await readScores(this.#backend, this.#scores, this.#scored);
    this.#backend.free(this.#scores);
    this.#scores = this.#backend.zeros(this.#config.batchSize, 2);
    this.#scored = 0;
    return loss;
  }

  /**
   * Everything another trainer with the same config and data needs to resume from here, with identical results to
   * the bit. Waits for all submitted work. No step may be taken until it resolves.
   */
  async snapshot(): Promise<Omit<Checkpoint, 'trainSeconds'>> {
    const read = async (matrix: Matrix) => Float32Array.from(await this.#backend.read(matrix));
    const step = this.#step;
    const scored = this.#scored;
    const layers: LayerCheckpoint[] = [];
    for (const [l, { parameters }] of this.network.layers.entries()) {
      const states: Float32Array[] = [];
      for (const state of this.#states[l]!) states.push(await read(state));
      const { rows, columns } = parameters;
      layers.push({ rows, columns, parameters: await read(parameters), states });
    }
    return { step, layers, scores: await read(this.#scores), scored };
  }

  /** Frees the network, the optimizer's state and the scores. */
  dispose(): void {
    this.#freePrepared();
    const parameters = this.network.layers.map((layer) => layer.parameters);
    this.#backend.free(...parameters, ...this.#states.flat(), this.#scores);
  }
}
