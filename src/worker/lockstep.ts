/**
 * Keeps runs together: a run may leave an evaluation when all others have reached it. The slowest run
 * never waits, so somebody always moves.
 */
export class Lockstep {
  readonly #allow: (runId: string, epoch: number) => void;
  /** How far each run has come, in epochs; Infinity once nobody needs to wait for it. */
  readonly #reached = new Map<string, number>();
  readonly #allowed = new Map<string, number>();

  /** @param allow hears how far a run may go, each time that is further */
  constructor(allow: (runId: string, epoch: number) => void) {
    this.#allow = allow;
  }

  /** A run takes part; all join before any moves. */
  join(runId: string): void {
    this.#reached.set(runId, 0);
    this.#allowed.set(runId, 0);
  }

  reach(runId: string, epoch: number): void {
    if (!this.#reached.has(runId)) return;
    this.#reached.set(runId, epoch);
    this.#tell();
  }

  /** A run does not go on: it has ended, failed, or was reset. */
  leave(runId: string): void {
    if (this.#reached.has(runId)) this.reach(runId, Infinity);
  }

  #tell(): void {
    for (const runId of this.#reached.keys()) {
      const others = [...this.#reached].filter(([id]) => id !== runId);
      const epoch = Math.min(Infinity, ...others.map(([, reached]) => reached));
      if (epoch <= this.#allowed.get(runId)!) continue;
      this.#allowed.set(runId, epoch);
      this.#allow(runId, epoch);
    }
  }
}
