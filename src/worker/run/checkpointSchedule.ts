import type { DueEvaluation } from './evaluationSchedule.ts';

/** Milliseconds between two checkpoints within an epoch, at least. */
const intervalMs = 10_000;

/** When a run's state is to be kept: after each epoch, on a pause, and after a while at an evaluation. */
export class CheckpointSchedule {
  #lastStep: number;
  #lastMs = performance.now();

  /** @param step of the checkpoint that the run went on from; 0 for a new run */
  constructor(step: number) {
    this.#lastStep = step;
  }

  /** @param due the evaluation made at this step, if one was */
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
