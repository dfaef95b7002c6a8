/** Training images between two quick evaluations, once a run is in progress. */
const quickInterval = 5000;
/** Training images before the first quick evaluation: a new run shows something at once. */
const firstInterval = 640;
/** A full evaluation costs as much as several thousand training images: short epochs share one. */
const fullInterval = 10_000;
/** Number of training images that one point of the training loss averages over. */
const lossInterval = 2000;

/** An evaluation of a run: on some images within an epoch, on all at its end. */
export interface DueEvaluation {
  /** Weight updates before it. */
  readonly step: number;
  readonly kind: 'quick' | 'full';
}

/**
 * Decides from the step alone when a run is evaluated, so that equal runs are evaluated at equal steps
 * on any machine and after any interruptions: quickly at growing distances
 * within an epoch, fully at the ends of epochs and of the run.
 */
export class EvaluationSchedule {
  readonly #batchSize: number;
  readonly #stepsPerEpoch: number;
  readonly #totalSteps: number;
  /** The evaluations queried so far, in order; the one before any step is not among them. */
  readonly #known: DueEvaluation[] = [];
  #lastFull = 0;

  constructor(batchSize: number, stepsPerEpoch: number, totalSteps: number) {
    this.#batchSize = batchSize;
    this.#stepsPerEpoch = stepsPerEpoch;
    this.#totalSteps = totalSteps;
  }

  /** The evaluation that is due after exactly `step` updates, or null if there is none. */
  due(step: number): DueEvaluation | null {
    while ((this.#known.at(-1)?.step ?? 0) < Math.min(step, this.#totalSteps)) {
      this.#known.push(this.#following(this.#known.at(-1)?.step ?? 0));
    }
    const last = this.#known.findLast((evaluation) => evaluation.step <= step);
    return last?.step === step ? last : null;
  }

  /** Whether a point of the training loss is due after `step` updates. */
  isLossDue(step: number): boolean {
    const points = (steps: number) => Math.floor((steps * this.#batchSize) / lossInterval);
    const isEpochEnd = step % this.#stepsPerEpoch === 0;
    return isEpochEnd || points(step) > points(step - 1) || this.due(step) !== null;
  }

  /** The evaluation after the one at `last`. */
  #following(last: number): DueEvaluation {
    const seen = last * this.#batchSize;
    const target = Math.min(seen + quickInterval, Math.max(seen + firstInterval, seen * 1.5));
    const quick = Math.ceil(target / this.#batchSize);
    const sinceFull = Math.ceil(fullInterval / this.#batchSize);
    const epochsToFull = Math.ceil((this.#lastFull + sinceFull) / this.#stepsPerEpoch);
    const full = Math.min(epochsToFull * this.#stepsPerEpoch, this.#totalSteps);
    if (quick < full) return { step: quick, kind: 'quick' };
    this.#lastFull = full;
    return { step: full, kind: 'full' };
  }
}
