/** How long a page waits for a race that another tab, perhaps one that closes, holds. */
const patienceMs = 3000;
/** The page before a reload is certain to go, but a busy machine takes its time over it. */
const reloadPatienceMs = 10_000;

/**
 * Says to the other tabs which race this one holds, by a Web Lock that ends with the tab. Where the
 * browser has no locks (a page over plain http), nobody is told and every claim is granted.
 */
export class RaceClaim {
  readonly #prefix: string;
  readonly #locks: LockManager | undefined;
  readonly #patienceMs: number;
  #raceId: string | null = null;
  #letGo: () => void = () => undefined;
  /** Claims come one after another: a lock that is granted late must not undo a later claim. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param prefix begins the names of the locks */
  constructor(
    prefix: string,
    locks: LockManager | undefined = findLocks(),
    patience = isReloaded() ? reloadPatienceMs : patienceMs,
  ) {
    this.#prefix = prefix;
    this.#locks = locks;
    this.#patienceMs = patience;
  }

  /** Holds a race, in the place of the one before. @returns false while another tab holds it */
  take(raceId: string): Promise<boolean> {
    const taken = this.#last.then(() => this.#take(raceId));
    this.#last = taken;
    return taken;
  }

  async #take(raceId: string): Promise<boolean> {
    if (this.#raceId === raceId) return true;
    if (this.#locks === undefined) {
      this.#raceId = raceId;
      return true;
    }
    const letGo = await this.#request(this.#locks, raceId);
    if (letGo === null) return false;
    this.release();
    this.#raceId = raceId;
    this.#letGo = letGo;
    return true;
  }

  /** @param raceId only if it is this one that is held */
  release(raceId = this.#raceId): void {
    if (raceId !== this.#raceId) return;
    this.#letGo();
    this.#letGo = () => undefined;
    this.#raceId = null;
  }

  async isElsewhere(raceId: string): Promise<boolean> {
    if (this.#locks === undefined || this.#raceId === raceId) return false;
    const { held = [] } = await this.#locks.query();
    return held.some(({ name }) => name === this.#nameOf(raceId));
  }

  #nameOf(raceId: string): string {
    return `${this.#prefix}/${raceId}`;
  }

  #request(locks: LockManager, raceId: string): Promise<(() => void) | null> {
    return new Promise((resolve) => {
      const signal = AbortSignal.timeout(this.#patienceMs);
      locks
        .request(this.#nameOf(raceId), { signal }, () => new Promise<void>((end) => resolve(end)))
        .catch(() => resolve(null)); // it took too long: another tab holds it
    });
  }
}

function findLocks(): LockManager | undefined {
  return (navigator as Partial<Navigator>).locks;
}

function isReloaded(): boolean {
  const [navigation] = performance.getEntriesByType('navigation');
  return (navigation as PerformanceNavigationTiming | undefined)?.type === 'reload';
}
