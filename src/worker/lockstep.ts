import type { RunEvent } from './api.ts';

/** Keeps runs that were started together in lockstep. */
export class LockstepGroups {
  readonly #allow: (runId: string, epoch: number) => void;
  readonly #groupOf = new Map<string, Lockstep>();

  constructor(allow: (runId: string, epoch: number) => void) {
    this.#allow = allow;
  }

  /** @returns whether the runs must wait for one another */
  start(runIds: readonly string[]): boolean {
    const group = new Lockstep(this.#allow);
    for (const runId of runIds) {
      this.#groupOf.set(runId, group);
      group.join(runId);
    }
    return runIds.length > 1;
  }

  onEvent(event: RunEvent): void {
    const group = this.#groupOf.get(event.runId);
    if (event.type === 'started' || event.type === 'progressed') {
      const { step, stepsPerEpoch } = event.progress;
      group?.reach(event.runId, step / stepsPerEpoch);
    }
    if (event.type === 'finished' || event.type === 'failed') group?.leave(event.runId);
  }

  /** A run that was reset. */
  forget(runId: string): void {
    this.#groupOf.get(runId)?.leave(runId);
    this.#groupOf.delete(runId);
  }
}

/**
 * One group: a run may continue after an evaluation once all others have reached it. The slowest run never waits,
 * so at least one run always moves.
 */
export class Lockstep {
  readonly #allow: (runId: string, epoch: number) => void;
  /** The progress of each run, in epochs; Infinity once the others need not wait for it. */
  readonly #reached = new Map<string, number>();
  readonly #allowed = new Map<string, number>();

  /** @param allow called with the new limit when a run may train further */
  constructor(allow: (runId: string, epoch: number) => void) {
    this.#allow = allow;
  }

  /** Adds a run; all join before any moves. */
  join(runId: string): void {
    this.#reached.set(runId, 0);
    this.#allowed.set(runId, 0);
  }

  reach(runId: string, epoch: number): void {
    if (!this.#reached.has(runId)) return;
    this.#reached.set(runId, epoch);
    this.#notify();
  }

  /** A run has ended, failed, or was reset. */
  leave(runId: string): void {
    if (this.#reached.has(runId)) this.reach(runId, Infinity);
  }

  #notify(): void {
    for (const runId of this.#reached.keys()) {
      const others = [...this.#reached].filter(([id]) => id !== runId);
      const epoch = Math.min(Infinity, ...others.map(([, reached]) => reached));
      if (epoch <= this.#allowed.get(runId)!) continue;
      this.#allowed.set(runId, epoch);
      this.#allow(runId, epoch);
    }
  }
}
