/** How long to wait for an experiment that another tab holds: that tab may be closing. */
const waitMs = 3000;
/** After a reload the previous page will certainly close, but on a busy machine that takes time. */
const reloadWaitMs = 10_000;

/**
 * Holds one experiment for this tab by a Web Lock, which ends with the tab. If the browser has no locks (a page
 * over plain http) every claim is granted.
 *
 * @param prefix begins the names of the locks
 */
export function createClaim(
  prefix: string,
  locks = (navigator as Partial<Navigator>).locks,
  wait = isReloaded() ? reloadWaitMs : waitMs,
) {
  let held: { readonly id: string; readonly letGo: () => void } | null = null;
  /** The newest claim. A lock that is granted late must not undo it. */
  let newest: { readonly id: string } | null = null;

  /** Null while another tab holds the experiment. */
  function request(id: string): Promise<(() => void) | null> {
    if (locks === undefined) return Promise.resolve(() => undefined);
    return new Promise((resolve) => {
      const hold = (): Promise<void> => new Promise<void>((end) => resolve(end));
      locks
        .request(`${prefix}/${id}`, { signal: AbortSignal.timeout(wait) }, hold)
        .catch(() => resolve(null));
    });
  }

  return {
    /** Holds an experiment and releases the previous one. False while another tab holds it. */
    take: async (id: string): Promise<boolean> => {
      const own = { id };
      newest = own;
      if (held?.id === id) return true;
      const letGo = await request(id);
      if (letGo === null) return false;
      if (newest === own) {
        held?.letGo();
        held = { id, letGo };
      } else {
        letGo();
      }
      return true;
    },
    /** @param id releases nothing if another experiment is held */
    release: (id?: string): void => {
      if (id === undefined || newest?.id === id) newest = null;
      if (id !== undefined && held?.id !== id) return;
      held?.letGo();
      held = null;
    },
    /** Whether this tab or another one holds any experiment. True without locks, where it is unknown. */
    isAnyHeld: async (): Promise<boolean> => {
      const all = await locks?.query();
      return all?.held?.some(({ name }) => name?.startsWith(`${prefix}/`)) ?? true;
    },
    isElsewhere: async (id: string): Promise<boolean> => {
      if (locks === undefined || held?.id === id) return false;
      const all = await locks.query();
      return all.held?.some(({ name }) => name === `${prefix}/${id}`) ?? false;
    },
  };
}

function isReloaded(): boolean {
  const [navigation] = performance.getEntriesByType('navigation');
  return (navigation as PerformanceNavigationTiming | undefined)?.type === 'reload';
}
