import {
  computeInputGradients,
  computeLossLandscape,
  computePredictions,
  readSamples,
  readFirstLayer,
} from '../engine/analysis/inspect.ts';
import type { Network } from '../engine/network.ts';
import { LabError } from '../domain/errors.ts';
import type {
  Inspected,
  InspectionAnswers,
  InspectionKind,
  InspectionQuestion,
} from '../domain/analysis/inspection.ts';
import { permutePixels, restorePixels } from '../domain/pixelOrder.ts';
import { type QueryableNetwork, yieldUnlessCancelled } from './queryableNetwork.ts';
import type { NetworkSnapshot } from './networkSnapshot.ts';
import { Stopped } from './run/pauseGate.ts';

/** Inspects a network. Each result belongs to one step: it is computed on a copy, and training continues meanwhile. */
export class Inspector {
  readonly #source: QueryableNetwork;
  /** The network that made the last predictions, for their samples. */
  #held: NetworkSnapshot | null = null;
  #isStopped = false;

  constructor(source: QueryableNetwork) {
    this.#source = source;
  }

  /** @param signal its reason is thrown once it is aborted */
  async answer(
    question: InspectionQuestion,
    signal: AbortSignal | undefined,
  ): Promise<Inspected<InspectionKind>> {
    if (question.kind === 'samples') {
      return await this.#answerFrom(this.#requireHeld(), question, signal);
    }
    const copy = await this.#source.freeze();
    let isSaved = false;
    try {
      this.#throwIfStopped();
      const answer = await this.#answerFrom(copy, question, signal);
      this.#throwIfStopped();
      if (question.kind === 'attackPredictions') {
        // Only now: until new predictions exist, samples belong to the previous ones.
        this.#held?.release();
        this.#held = copy;
        isSaved = true;
      }
      return answer;
    } finally {
      if (!isSaved) copy.release();
    }
  }

  /** Frees its memory as soon as the queries in progress are done. */
  stop(): void {
    this.#isStopped = true;
    this.#held?.release();
    this.#held = null;
  }

  #throwIfStopped(): void {
    if (this.#isStopped) throw new Stopped();
  }

  #answerFrom(
    copy: NetworkSnapshot,
    question: InspectionQuestion,
    signal: AbortSignal | undefined,
  ): Promise<Inspected<InspectionKind>> {
    return copy.use(async (network) => ({
      step: copy.step,
      answer: await this.#find(network, question, signal),
    }));
  }

  async #find(
    network: Network,
    question: InspectionQuestion,
    signal: AbortSignal | undefined,
  ): Promise<InspectionAnswers[InspectionKind]> {
    const { backend, pixelOrder: order } = this.#source;
    const yieldToEventLoop = () => yieldUnlessCancelled(signal, this.#source);
    switch (question.kind) {
      case 'weights': {
        const found = await readFirstLayer(backend, network, question.first, question.count);
        return { ...found, images: restorePixels(found.images, order) };
      }
      case 'gradients': {
        const images = permutePixels(question.images, order);
        const found = await computeInputGradients(backend, network, images, question.labels);
        return { ...found, gradients: restorePixels(found.gradients, order) };
      }
      case 'attackPredictions': {
        const { set, split } = await this.#source.loadEvaluation();
        const count = Math.min(question.count, set.count);
        const found = await computePredictions(
          backend,
          network,
          set,
          count,
          question.attack,
          yieldToEventLoop,
        );
        return { split, ...found };
      }
      case 'samples': {
        const { set } = await this.#source.loadEvaluation();
        const missing = question.indices.find((index) => index >= set.count);
        if (missing !== undefined) {
          throw new LabError(
            'invalid-request',
            `There is no image ${missing}: there are ${set.count}.`,
            'Reload the page.',
          );
        }
        const { indices, attack } = question;
        const found = await readSamples(backend, network, set, indices, attack, yieldToEventLoop);
        return {
          indices,
          images: restorePixels(found.images, order),
          attacked: restorePixels(found.attacked, order),
        };
      }
      case 'losses': {
        const image = permutePixels(question.image, order);
        return computeLossLandscape(backend, network, { ...question, image }, yieldToEventLoop);
      }
    }
  }

  #requireHeld(): NetworkSnapshot {
    if (this.#held) return this.#held;
    throw new LabError(
      'invalid-request',
      'The pictures were asked for before the predictions that they belong to.',
      'Open the matrix again.',
    );
  }
}

/** The buffers of a result, to transfer instead of copying them. */
export function buffersOf(answer: InspectionAnswers[InspectionKind]): ArrayBuffer[] {
  return Object.values(answer).flatMap((value: unknown) =>
    value instanceof Float32Array ? [value.buffer as ArrayBuffer] : [],
  );
}
