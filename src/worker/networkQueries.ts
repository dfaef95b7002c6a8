import { attackImages, classifyImages, evaluate } from '../engine/evaluate.ts';
import { findProvenEpsilon } from '../engine/certify/provenEpsilon.ts';
import type { Network } from '../engine/network.ts';
import { isOnePiece } from '../engine/pieces.ts';
import { boundImages, type ImageBounds } from '../engine/strongest/boundImages.ts';
import { inspectStep } from '../engine/analysis/inspectStep.ts';
import { measureDirections } from '../engine/analysis/measureDirections.ts';
import type { Checkpoint } from '../domain/checkpoint.ts';
import type { DirectionMeasures } from '../domain/analysis/directionMeasures.ts';
import { LabError } from '../domain/errors.ts';
import type {
  Inspected,
  InspectionKind,
  InspectionQuestion,
} from '../domain/analysis/inspection.ts';
import type {
  Attack,
  AttackedImages,
  Evaluation,
  StrongestAttack,
  TrainingErrors,
} from '../domain/metrics.ts';
import { packMistakes } from '../domain/mistakes.ts';
import { permutePixels } from '../domain/pixelOrder.ts';
import type { StepInspection } from '../domain/analysis/stepInspection.ts';
import type { LabelledImages, NetworkQuestions } from './api.ts';
import { buffersOf, Inspector } from './inspector.ts';
import type { NetworkSnapshot } from './networkSnapshot.ts';
import { type QueryableNetwork, score, yieldUnlessCancelled } from './queryableNetwork.ts';
import { transfer } from './rpc/expose.ts';
import { Stopped } from './run/pauseGate.ts';

/** The questions of NetworkQuestions, for a network that has been found. */
type QuestionsToOne = {
  [K in keyof NetworkQuestions]: NetworkQuestions[K] extends (
    runId: string,
    ...args: infer Args
  ) => infer Answer
    ? (...args: Args) => Answer
    : never;
};

/** Answers the page's questions about one network (NetworkQuestions). */
export class NetworkQueries implements QuestionsToOne {
  readonly #network: QueryableNetwork;
  readonly #inspector: Inspector;
  /** The copy that `measure` evaluates. */
  #frozen: NetworkSnapshot | null = null;
  #isStopped = false;

  constructor(network: QueryableNetwork) {
    this.#network = network;
    this.#inspector = new Inspector(network);
  }

  async attack(
    { images, labels }: LabelledImages,
    attack: Attack,
    signal?: AbortSignal,
  ): Promise<AttackedImages> {
    const { backend, pixelOrder } = this.#network;
    const yieldToEventLoop = () => yieldUnlessCancelled(signal, this.#network);
    const result = await this.#useStill(attack, labels.length, (network) =>
      attackImages(backend, network, images, labels, attack, pixelOrder, yieldToEventLoop),
    );
    return transfer(result, [result.images.buffer, result.adversarialImages.buffer]);
  }

  classify(images: Float32Array, signal?: AbortSignal): Promise<Float32Array> {
    const { backend, features, pixelOrder } = this.#network;
    const yieldToEventLoop = () => yieldUnlessCancelled(signal, this.#network);
    return this.#useStill(null, images.length / features, (network) =>
      classifyImages(backend, network, images, features, pixelOrder, yieldToEventLoop),
    );
  }

  inspectStep(image: Float32Array, label: number, epsilon: number): Promise<StepInspection> {
    const { backend, pixelOrder } = this.#network;
    const hasOptimizerMemory = this.#network.hasOptimizerMemory();
    return this.#network.useStepState(async (state) => {
      const found = await inspectStep(backend, state, image, label, epsilon, pixelOrder);
      return { ...found, hasOptimizerMemory };
    });
  }

  measureDirections(
    { images, labels }: LabelledImages,
    epsilon: number,
  ): Promise<DirectionMeasures> {
    const { backend, pixelOrder } = this.#network;
    const step = this.#network.step();
    const ordered = permutePixels(images, pixelOrder);
    return this.#network.use(async (network) => ({
      step,
      ...(await measureDirections(backend, network, ordered, labels, epsilon)),
    }));
  }

  async freeze(signal?: AbortSignal): Promise<number> {
    const copy = await this.#network.freeze();
    if (this.#isStopped || signal?.aborted) {
      copy.release();
      signal?.throwIfAborted();
      throw new Stopped();
    }
    this.#frozen?.release();
    this.#frozen = copy;
    return copy.step;
  }

  async measure(attack: Attack, wanted: number, signal?: AbortSignal): Promise<Evaluation> {
    return await this.#useFrozen(signal, async (network, step, evaluation, yieldToEventLoop) => {
      const { backend, stepsPerEpoch } = this.#network;
      const at = { step, stepsPerEpoch };
      const count = Math.min(wanted, evaluation.set.count);
      const marks = { clean: new Uint8Array(count), adversarial: new Uint8Array(count) };
      const scores = await score(
        backend,
        network,
        at,
        evaluation,
        attack,
        count,
        yieldToEventLoop,
        marks,
      );
      const mistakes = {
        clean: packMistakes(marks.clean),
        adversarial: packMistakes(marks.adversarial),
      };
      return { ...scores, mistakes };
    });
  }

  async measureTraining(wanted: number, signal?: AbortSignal): Promise<TrainingErrors | null> {
    const { backend, trainedOn } = this.#network;
    if (trainedOn === null) return null;
    const { set, config } = trainedOn;
    const { trainingEpsilon: epsilon, clipTrainingImages: clip } = config;
    const attack = { kind: 'fgsm', epsilon, clip } as const;
    const sampleCount = Math.min(wanted, set.count);
    return await this.#useFrozen(signal, async (network, _step, _evaluation, yieldToEventLoop) => {
      const found = await evaluate(backend, network, set, sampleCount, attack, yieldToEventLoop);
      const { clean, adversarial } = found;
      return { sampleCount, clean: clean.errorRate, attacked: adversarial.errorRate };
    });
  }

  async bound(
    attack: StrongestAttack,
    first: number,
    candidates: Uint8Array,
    signal?: AbortSignal,
  ): Promise<ImageBounds> {
    const { backend } = this.#network;
    return await this.#useFrozen(signal, (network, _, { set }, yieldToEventLoop) =>
      boundImages(backend, network, set, first, candidates, attack, yieldToEventLoop),
    );
  }

  async provenEpsilon(image: Float32Array, label: number, signal?: AbortSignal): Promise<number> {
    const { backend, pixelOrder } = this.#network;
    const ordered = permutePixels(image, pixelOrder);
    const yieldToEventLoop = () => yieldUnlessCancelled(signal, this.#network);
    return await this.#useCopy((network) =>
      findProvenEpsilon(backend, network, ordered, label, yieldToEventLoop),
    );
  }

  /** Attacks images, or classifies them, on weights that no training step changes meanwhile. */
  async #useStill<T>(
    attack: Attack | null,
    images: number,
    task: (network: Network) => Promise<T>,
  ): Promise<T> {
    // What is one piece is done before anything else happens, and needs no copy.
    const done = await this.#network.use(async (network) =>
      isOnePiece(network, attack, images) ? { result: await task(network) } : null,
    );
    return done === null ? await this.#useCopy(task) : done.result;
  }

  /** Runs a task on a copy, so that all of it is about the same weights. */
  async #useCopy<T>(task: (network: Network) => Promise<T>): Promise<T> {
    const copy = await this.#network.freeze();
    try {
      return await copy.use(task);
    } finally {
      copy.release();
    }
  }

  /** Runs a task on the copy that `freeze` made. */
  async #useFrozen<T>(
    signal: AbortSignal | undefined,
    task: (
      network: Network,
      step: number,
      evaluation: Awaited<ReturnType<QueryableNetwork['loadEvaluation']>>,
      yieldToEventLoop: () => Promise<void>,
    ) => Promise<T>,
  ): Promise<T> {
    const frozen = this.#frozen;
    if (frozen === null) {
      throw new LabError(
        'invalid-request',
        'The network was not frozen before it was measured.',
        'Reload the page.',
      );
    }
    return await frozen.use(async (network) => {
      const evaluation = await this.#network.loadEvaluation();
      const yieldToEventLoop = () => yieldUnlessCancelled(signal, this.#network);
      return task(network, frozen.step, evaluation, yieldToEventLoop);
    });
  }

  async inspect(
    question: InspectionQuestion,
    signal?: AbortSignal,
  ): Promise<Inspected<InspectionKind>> {
    const result = await this.#inspector.answer(question, signal);
    return transfer(result, buffersOf(result.answer));
  }

  checkpoint(): Promise<Checkpoint> {
    return this.#network.checkpoint();
  }

  /** Ends queries and frees its memory once those in progress are done. */
  stop(): void {
    this.#isStopped = true;
    this.#inspector.stop();
    this.#frozen?.release();
    this.#frozen = null;
  }
}
