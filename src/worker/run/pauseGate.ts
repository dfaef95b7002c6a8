import { LabError } from '../../domain/errors.ts';

/** Thrown through a run's own code when it was stopped. */
export class Stopped extends LabError {
  constructor() {
    super('network-gone', 'The run was reset.', 'Train again.');
  }
}

/**
 * Where a run's loop waits: while it is paused, and in lockstep until the others have caught up. Tasks that must
 * run between two steps are run here too.
 */
export class PauseGate {
  readonly #isInLockstep: boolean;
  #isPaused = false;
  #isStopped = false;
  /** In lockstep: the epoch that all other runs have reached. */
  #allowedEpoch = 0;
  #awaken: () => void = () => undefined;
  /** Counts changes that the loop must handle. */
  #changes = 0;
  readonly #tasks: (() => Promise<void>)[] = [];

  constructor(isInLockstep: boolean) {
    this.#isInLockstep = isInLockstep;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  pause(): void {
    this.#isPaused = true;
    this.#wake();
  }

  resume(): void {
    this.#isPaused = false;
    this.#wake();
  }

  /** Lets the loop end; it throws Stopped at its next call here. */
  stop(): void {
    this.#isStopped = true;
    this.#wake();
  }

  allow(epoch: number): void {
    this.#allowedEpoch = epoch;
    this.#wake();
  }

  /** Runs a task between two steps. */
  betweenSteps<T>(task: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      // A task that throws synchronously must not end the loop.
      this.#tasks.push(async () => {
        try {
          resolve(await task());
        } catch (thrown) {
          reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
        }
      });
      this.#wake();
    });
  }

  /** Passes as soon as the run is not paused. @throws Stopped once the run was stopped */
  pass(): Promise<void> {
    return this.#holdWhile(() => this.#isPaused);
  }

  /** Runs the waiting tasks, and passes at once, paused or not. @throws Stopped once the run was stopped */
  serve(): Promise<void> {
    return this.#holdWhile(() => false);
  }

  /**
   * Passes as soon as all other runs in lockstep have reached this epoch.
   *
   * @param isBound false lets the run pass, because others with a smaller extent may never reach this epoch
   * @param onPause awaited once for each pause meanwhile
   * @throws Stopped
   */
  async passEvaluation(
    epoch: number,
    isBound: () => boolean,
    onPause: () => Promise<void>,
  ): Promise<void> {
    let isTold = this.#isPaused;
    await this.#holdWhile(
      () => this.#isInLockstep && isBound() && this.#allowedEpoch < epoch,
      async () => {
        if (this.#isPaused && !isTold) await onPause();
        isTold = this.#isPaused;
      },
    );
  }

  /** @throws Stopped once the run was stopped */
  throwIfStopped(): void {
    if (this.#isStopped) throw new Stopped();
  }

  /** Waits and runs tasks until the run is stopped. */
  async end(): Promise<void> {
    try {
      await this.#holdWhile(() => true);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
    }
  }

  async #holdWhile(
    isHeld: () => boolean,
    onWake: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    for (;;) {
      const seen = this.#changes;
      await onWake();
      for (let task = this.#tasks.shift(); task; task = this.#tasks.shift()) await task();
      this.throwIfStopped();
      if (!isHeld()) return;
      // Handle what happened during the tasks before sleeping.
      if (seen === this.#changes) await new Promise<void>((resolve) => (this.#awaken = resolve));
    }
  }

  #wake(): void {
    this.#changes++;
    this.#awaken();
  }
}
