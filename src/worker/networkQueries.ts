import type { ImageSet } from '../data/imageSet.ts';
import type { Backend } from '../engine/backends/backend.ts';
import { attackImages, classifyImages, evaluate } from '../engine/evaluate.ts';
import { inspectStep, type StepState } from '../engine/inspectStep.ts';
import { measureDirections } from '../engine/measureDirections.ts';
import type { Network } from '../engine/network.ts';
import type { DirectionMeasures } from '../shared/directionMeasures.ts';
import { LabError } from '../shared/errors.ts';
import type { Inspected, InspectionKind, InspectionQuestion } from '../shared/inspection.ts';
import type { Attack, AttackedImages, Evaluation } from '../shared/metrics.ts';
import { permutePixels, type PixelOrder } from '../shared/pixelOrder.ts';
import type { StepInspection } from '../shared/stepInspection.ts';
import type { NetworkSnapshot } from './networkSnapshot.ts';
import { Stopped } from './run/pauseGate.ts';
import { Inspector } from './inspector.ts';

/** Images that a network is evaluated on, in its order of pixels. */
export interface EvaluationSet {
  readonly set: ImageSet;
  readonly split: 'test' | 'validation';
}

/** A network of a worker that can be asked: one in training, or one that stays as it is. */
export interface QueryableNetwork {
  readonly backend: Backend;
  /** Numbers of an image. */
  readonly features: number;
  /** In which order it gets an image's pixels; questions and answers are in the order that people see. */
  readonly pixelOrder: PixelOrder | null;
  readonly stepsPerEpoch: number;
  /** Weight updates until now. */
  step(): number;
  /** Does a task with the network as it is now. */
  use<T>(task: (network: Network) => Promise<T>): Promise<T>;
  /** Does a task with what the next training step would start from. */
  useStepState<T>(task: (state: StepState) => Promise<T>): Promise<T>;
  /** Whether the optimizer remembers the steps before. */
  hasOptimizerMemory(): boolean;
  /** A copy between two steps, the caller's to release. */
  freeze(): Promise<NetworkSnapshot>;
  loadEvaluation(): Promise<EvaluationSet>;
  /** Lets messages in between two chunks. @throws Stopped once nobody asks any more */
  yieldToEventLoop(): Promise<void>;
}

/** What a network of a worker answers to the page. */
export class NetworkQueries {
  readonly #asked: QueryableNetwork;
  readonly #inspector: Inspector;
  /** What `measure` asks. */
  #frozen: NetworkSnapshot | null = null;
  #isStopped = false;

  constructor(asked: QueryableNetwork) {
    this.#asked = asked;
    this.#inspector = new Inspector(asked);
  }

  attackImages(images: Float32Array, labels: Uint8Array, attack: Attack): Promise<AttackedImages> {
    const { backend, pixelOrder } = this.#asked;
    return this.#asked.use((network) =>
      attackImages(backend, network, images, labels, attack, pixelOrder),
    );
  }

  /** @param images [n × features] @returns [n × classes] probabilities */
  classify(images: Float32Array): Promise<Float32Array> {
    const { backend, features, pixelOrder } = this.#asked;
    return this.#asked.use((network) =>
      classifyImages(backend, network, images, features, pixelOrder),
    );
  }

  /** The step that training would take now on one image [features] alone; nothing is trained by it. */
  inspectStep(image: Float32Array, label: number, epsilon: number): Promise<StepInspection> {
    const { backend, pixelOrder } = this.#asked;
    const hasOptimizerMemory = this.#asked.hasOptimizerMemory();
    return this.#asked.useStepState(async (state) => {
      const found = await inspectStep(backend, state, image, label, epsilon, pixelOrder);
      return { ...found, hasOptimizerMemory };
    });
  }

  /** How the loss behaves around images [n × features], in steps of size ε. */
  measureDirections(
    images: Float32Array,
    labels: Uint8Array,
    epsilon: number,
  ): Promise<DirectionMeasures> {
    const { backend, pixelOrder } = this.#asked;
    const step = this.#asked.step();
    const ordered = permutePixels(images, pixelOrder);
    return this.#asked.use(async (network) => ({
      step,
      ...(await measureDirections(backend, network, ordered, labels, epsilon)),
    }));
  }

  /** Keeps the network as it is now for `measure`. @returns the weight updates before it */
  async freeze(): Promise<number> {
    const copy = await this.#asked.freeze();
    if (this.#isStopped) {
      copy.release();
      throw new Stopped();
    }
    this.#frozen?.release();
    this.#frozen = copy;
    return copy.step;
  }

  /**
   * Scores of the frozen network on the first `count` images of its split; training goes on.
   *
   * @param signal its reason is thrown once it is aborted
   */
  measure(attack: Attack, count: number, signal: AbortSignal): Promise<Evaluation> {
    const frozen = this.#frozen;
    if (frozen === null) {
      throw new LabError(
        'invalid-request',
        'The network was not frozen before it was measured.',
        'Reload the page.',
      );
    }
    return frozen.use(async (network) => {
      const { backend, stepsPerEpoch } = this.#asked;
      const evaluation = await this.#asked.loadEvaluation();
      const yieldToEventLoop = () => yieldUnlessCancelled(signal, this.#asked);
      const at = { step: frozen.step, stepsPerEpoch };
      return score(backend, network, at, evaluation, attack, count, yieldToEventLoop);
    });
  }

  /** Looks into the network as it is now. @param signal its reason is thrown once it is aborted */
  inspect(question: InspectionQuestion, signal: AbortSignal): Promise<Inspected<InspectionKind>> {
    return this.#inspector.answer(question, signal);
  }

  /** Nobody asks it anew; frees its memory once the answers under way are given. */
  stop(): void {
    this.#isStopped = true;
    this.#inspector.stop();
    this.#frozen?.release();
    this.#frozen = null;
  }
}

/** Lets messages in between two chunks of an answer. @throws the signal's reason once it is aborted */
export async function yieldUnlessCancelled(
  signal: AbortSignal,
  asked: Pick<QueryableNetwork, 'yieldToEventLoop'>,
): Promise<void> {
  await asked.yieldToEventLoop();
  signal.throwIfAborted();
}

/** Scores of a network, clean and attacked, on the first `wanted` images of its split. */
export async function score(
  backend: Backend,
  network: Network,
  { step, stepsPerEpoch }: { readonly step: number; readonly stepsPerEpoch: number },
  { set, split }: EvaluationSet,
  attack: Attack,
  wanted: number,
  yieldToEventLoop: () => Promise<void>,
): Promise<Evaluation> {
  const sampleCount = Math.min(wanted, set.count);
  const scores = await evaluate(backend, network, set, sampleCount, attack, yieldToEventLoop);
  return { step, epoch: step / stepsPerEpoch, split, sampleCount, attack, ...scores };
}
