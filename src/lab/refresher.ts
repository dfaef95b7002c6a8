/** Repeats a task on demand: never two at once, and the newest demand is always served. */
export interface Refresher {
  /** Does the task at once, or right after the one under way. */
  now(): void;
  /** Does the task when the interval since its last start has passed. */
  soon(): void;
  /** Forgets demands that are not yet under way. */
  cancel(): void;
}

/** @param task must not reject; it reads what it needs when it is called. */
export function createRefresher(task: () => Promise<void>, intervalMs: number): Refresher {
  let isBusy = false;
  let demand: 'now' | 'soon' | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let lastStartMs = -Infinity;

  function cancelTimer(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  function start(): void {
    cancelTimer();
    isBusy = true;
    demand = null;
    lastStartMs = performance.now();
    void task().finally(() => {
      isBusy = false;
      if (demand === 'now') start();
      else if (demand === 'soon') refresher.soon();
    });
  }

  const refresher: Refresher = {
    now: () => {
      if (isBusy) demand = 'now';
      else start();
    },
    soon: () => {
      if (isBusy) demand ??= 'soon';
      else timer ??= setTimeout(start, Math.max(0, lastStartMs + intervalMs - performance.now()));
    },
    cancel: () => {
      cancelTimer();
      demand = null;
    },
  };
  return refresher;
}
