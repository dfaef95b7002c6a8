/** Repeats a task on demand: never two at once, and the newest demand is always served. */
export interface Refresher {
  /** Does the task at once, or right after the one under way: somebody waits for it. */
  now(): void;
  /** Does the task when its pace allows it: something has moved on, but nobody waits. */
  soon(): void;
  /** Forgets demands that are not yet under way. */
  cancel(): void;
}

interface Pace {
  /** Milliseconds between the starts of two tasks that nobody waits for, at least. */
  readonly intervalMs: number;
  /** The share of the time, 0 to 1, that such tasks may take altogether; 1 if none is given. */
  readonly share?: number;
}

/** @param task must not reject; it reads what it needs when it is called. */
export function createRefresher(
  task: () => Promise<void>,
  { intervalMs, share = 1 }: Pace,
): Refresher {
  let isBusy = false;
  let demand: 'now' | 'soon' | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  /** When a task that nobody waits for may start. */
  let nextMs = -Infinity;

  function cancelTimer(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  function start(): void {
    cancelTimer();
    isBusy = true;
    demand = null;
    const startMs = performance.now();
    void task().finally(() => {
      isBusy = false;
      const tookMs = performance.now() - startMs;
      nextMs = startMs + Math.max(intervalMs, tookMs / share);
      if (demand === 'now') start();
      else if (demand === 'soon') soon();
    });
  }

  function soon(): void {
    if (isBusy) demand ??= 'soon';
    else timer ??= setTimeout(start, Math.max(0, nextMs - performance.now()));
  }

  return {
    now: () => {
      if (isBusy) demand = 'now';
      else start();
    },
    soon,
    cancel: () => {
      cancelTimer();
      demand = null;
    },
  };
}
