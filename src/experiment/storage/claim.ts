/** How long to wait for an experiment that another tab holds: that tab may be closing. */
const waitMs = 3000;
/** After a reload the previous page will certainly close, but on a busy machine that takes time. */
const reloadWaitMs = 10_000;

/**
 * Holds one experiment for this tab by a Web Lock, which ends with the tab. If the browser has no locks (a page
 * over plain http) every claim is granted.
 */
export class ExperimentClaim {
  readonly #prefix: string;
  readonly #locks: LockManager | undefined;
  readonly #waitMs: number;
  #held: { readonly id: string; readonly letGo: () => void } | null = null;
  /** The newest claim. A lock that is granted late must not undo it. */
  #newest: { readonly id: string } | null = null;

  /** @param prefix begins the names of the locks */
  constructor(
    prefix: string,
    locks = (navigator as Partial<Navigator>).locks,
    wait = isReloaded() ? reloadWaitMs : waitMs,
  ) {
    this.#prefix = prefix;
    this.#locks = locks;
    this.#waitMs = wait;
  }

  /** Holds an experiment and releases the previous one. False while another tab holds it. */
  async take(id: string): Promise<boolean> {
    const own = { id };
    this.#newest = own;
    if (this.#held?.id === id) return true;
    const letGo = await this.#request(id);
    if (letGo === null) return false;
    if (this.#newest === own) {
      this.#held?.letGo();
      this.#held = { id, letGo };
    } else {
      letGo();
    }
    return true;
  }

  /** @param id releases nothing if another experiment is held */
  release(id?: string): void {
    if (id === undefined || this.#newest?.id === id) this.#newest = null;
    if (id !== undefined && this.#held?.id !== id) return;
    this.#held?.letGo();
    this.#held = null;
  }

  async isElsewhere(id: string): Promise<boolean> {
    if (this.#locks === undefined || this.#held?.id === id) return false;
    const { held = [] } = await this.#locks.query();
    return held.some(({ name }) => name === `${this.#prefix}/${id}`);
  }

  /** Null while another tab holds the experiment. */
  #request(id: string): Promise<(() => void) | null> {
    const locks = this.#locks;
    if (locks === undefined) return Promise.resolve(() => undefined);
    return new Promise((resolve) => {
      const signal = AbortSignal.timeout(this.#waitMs);
      locks
        .request(
          `${this.#prefix}/${id}`,
          { signal },
          () => new Promise<void>((end) => resolve(end)),
        )
        .catch(() => resolve(null));
    });
  }
}

function isReloaded(): boolean {
  const [navigation] = performance.getEntriesByType('navigation');
  return (navigation as PerformanceNavigationTiming | undefined)?.type === 'reload';
}
