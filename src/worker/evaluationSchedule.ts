/** Training images between two quick evaluations, once a run is under way. */
const quickInterval = 5000;
/** Training images before the first quick evaluation: a new run shows something at once. */
const firstInterval = 640;
/** A full evaluation costs as much as some thousand training images: short epochs share one. */
const fullInterval = 10_000;

/** How thorough an evaluation is due, if any. */
export type DueEvaluation = 'none' | 'quick' | 'full';

/**
 * Decides from the step alone when a run evaluates, so that equal runs evaluate at equal steps:
 * quickly at growing distances within an epoch, fully at the ends of epochs and of the run.
 */
export class EvaluationSchedule {
  readonly #batchSize: number;
  readonly #stepsPerEpoch: number;
  readonly #totalSteps: number;
  #lastAny = 0;
  #lastFull = 0;

  constructor(batchSize: number, stepsPerEpoch: number, totalSteps: number) {
    this.#batchSize = batchSize;
    this.#stepsPerEpoch = stepsPerEpoch;
    this.#totalSteps = totalSteps;
  }

  /** What is due after `step` updates; each step is asked once, in order. */
  due(step: number): DueEvaluation {
    const isEpochEnd = step % this.#stepsPerEpoch === 0;
    const sinceFull = (step - this.#lastFull) * this.#batchSize;
    if (step === this.#totalSteps || (isEpochEnd && sinceFull >= fullInterval)) {
      this.#lastAny = this.#lastFull = step;
      return 'full';
    }
    const seen = step * this.#batchSize;
    const interval = Math.min(quickInterval, Math.max(firstInterval, seen / 3));
    if ((step - this.#lastAny) * this.#batchSize >= interval) {
      this.#lastAny = step;
      return 'quick';
    }
    return 'none';
  }
}
