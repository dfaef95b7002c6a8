import type { DueEvaluation } from './evaluationSchedule.ts';

/** Minimum milliseconds between two checkpoints within an epoch. */
const intervalMs = 10_000;

/** When a run's state is saved: after each epoch, on a pause, and at an evaluation after a minimum interval. */
export class CheckpointSchedule {
  #lastStep: number;
  #lastMs = performance.now();

  /** @param step of the checkpoint that the run resumed from, or 0 for a new run */
  constructor(step: number) {
    this.#lastStep = step;
  }

  /** @param due the evaluation made at this step, if any */
  isDue(step: number, due: DueEvaluation | null, isPaused: boolean): boolean {
    if (step === this.#lastStep) return false;
    const isLong = performance.now() - this.#lastMs >= intervalMs;
    return isPaused || due?.kind === 'full' || (isLong && due !== null);
  }

  kept(step: number): void {
    this.#lastStep = step;
    this.#lastMs = performance.now();
  }
}
