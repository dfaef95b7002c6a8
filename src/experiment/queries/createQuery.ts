import { shallow } from 'zustand/shallow';
import { type ErrorReport, reportError } from '../../domain/errors.ts';
import { isExpectedFailure } from './isExpectedFailure.ts';

/** The status of a stored result; a slice of the state stores it next to the result. */
export interface QueryStatus {
  /** A newer result is being computed. */
  readonly isPending: boolean;
  /** The stored result belongs to an older key than the present one. */
  readonly isStale: boolean;
  /** Completed parts of the pending result, or null if the query does not count them. */
  readonly progress: QueryProgress | null;
  /** Why the newest request failed. */
  readonly error: ErrorReport | null;
}

export interface QueryProgress {
  readonly done: number;
  readonly total: number;
}

export const idleQuery: QueryStatus = {
  isPending: false,
  isStale: false,
  progress: null,
  error: null,
};

/** How often a request may be repeated in the background. */
export interface Pace {
  /** Minimum milliseconds between the starts of two requests. */
  readonly intervalMs: number;
  /** The fraction of the time, 0 to 1, that requests may take; 1 by default. */
  readonly share?: number;
  /** Whether the pace also applies to requests with another key; by default they start at once. */
  readonly isForAll?: boolean;
}

/** For a query without a pace of its own. */
const defaultPace: Pace = { intervalMs: 500 };

export interface QueryOptions<K extends object, A, S> {
  /** What the result depends on, compared value by value; null while no request is possible. */
  readonly key: () => K | null;
  /**
   * A change that the result may lag behind, such as the weights of a network in training: the query repeats the
   * request at its pace. While it is null, changes are ignored.
   */
  readonly version?: () => unknown;
  /** Whether the result is visible; otherwise nothing is requested, and the running request is aborted. */
  readonly isEnabled?: () => boolean;
  /** Whether the stored result must stay: the running request may finish, but none starts. */
  readonly isPaused?: () => boolean;
  /** Whether a result for an older key is shown until the newest one arrives. By default it is not. */
  readonly isUsable?: (older: K, newest: K) => boolean;
  readonly pace?: Pace;
  readonly ask: (
    key: K,
    signal: AbortSignal,
    onProgress: (done: number, total: number) => void,
  ) => Promise<A>;
  /** The changes that a result makes where it is stored. */
  readonly toState: (answer: A, key: K) => Partial<S>;
  /** Changes the slice that stores the result and its status. */
  readonly update: (changes: Partial<S & QueryStatus>) => void;
  /** If queries share a slice, only one may store its status there; all store their errors. Default: true. */
  readonly storesStatus?: boolean;
  /** Failures that are not reported. The request is repeated at the pace when something changes. */
  readonly isExpected?: (thrown: unknown) => boolean;
}

export interface Query {
  /** Call it whenever something may have changed: it requests, waits or aborts accordingly. */
  refresh(): void;
  /** Repeats the request, unless the result is on its way. */
  retry(): void;
}

interface Ask<K> {
  readonly key: K;
  readonly version: unknown;
  readonly controller: AbortController;
}

type Urgency = 'never' | 'soon' | 'now';

/**
 * Keeps one result up to date. It never runs two requests at once and always serves the newest key; it aborts a
 * request whose result is no longer needed, and drops that result.
 */
export function createQuery<K extends object, A, S>(options: QueryOptions<K, A, S>): Query {
  const { isEnabled = () => true, isPaused = () => false, isUsable = () => false } = options;
  const { version = () => null, isExpected = isExpectedFailure } = options;
  const { pace = defaultPace, storesStatus = true } = options;
  let running: Ask<K> | null = null;
  /** The newest request that was not aborted; null if the present key needs a request. */
  let newest: Ask<K> | null = null;
  let answeredKey: K | null = null;
  let presentKey: K | null = null;
  /** Repeats the request although key and version are unchanged. */
  let repeat: Urgency = 'never';
  let timer: ReturnType<typeof setTimeout> | null = null;
  /** When the next request at the pace may start. */
  let nextMs = -Infinity;
  let shown: Pick<QueryStatus, 'isPending' | 'isStale' | 'progress'> = idleQuery;

  function refresh(): void {
    const key = readKey();
    if (key === null) {
      clearTimer();
      abort();
      if (isEnabled()) newest = answeredKey = null;
    } else {
      if (running !== null && !isWanted(running, key)) abort();
      schedule(isPaused() ? 'never' : findUrgency(key), key);
    }
    report({});
  }

  /** Null while no request is possible or the result is hidden. */
  function readKey(): K | null {
    presentKey = isEnabled() ? options.key() : null;
    return presentKey;
  }

  function findUrgency(key: K): Urgency {
    if (newest === null || !shallow(newest.key, key)) return pace.isForAll ? 'soon' : 'now';
    if (repeat !== 'never') return repeat;
    const present = version();
    return present === null || Object.is(newest.version, present) ? 'never' : 'soon';
  }

  function schedule(urgency: Urgency, key: K): void {
    if (urgency !== 'soon') clearTimer();
    if (urgency === 'never' || running !== null) return; // refresh runs again when the running request ends
    if (urgency === 'now') start(key);
    else timer ??= setTimeout(startAtPace, Math.max(0, nextMs - performance.now()));
  }

  function startAtPace(): void {
    timer = null;
    const key = isPaused() ? null : readKey();
    if (key !== null && running === null && findUrgency(key) !== 'never') start(key);
  }

  function start(key: K): void {
    repeat = 'never';
    running = newest = { key, version: version(), controller: new AbortController() };
    void run(running);
  }

  async function run(ask: Ask<K>): Promise<void> {
    const { key, controller } = ask;
    const startMs = performance.now();
    let end: () => void;
    report({});
    try {
      const answer = await options.ask(key, controller.signal, (done, total) => {
        if (running === ask) report({}, { done, total });
      });
      end = () => accept(ask, answer);
    } catch (thrown) {
      end = () => refuse(ask, thrown);
    }
    nextMs = startMs + Math.max(pace.intervalMs, (performance.now() - startMs) / (pace.share ?? 1));
    running = null;
    end();
  }

  function accept(ask: Ask<K>, answer: A): void {
    if (isDropped(ask)) return;
    answeredKey = ask.key;
    report({ ...options.toState(answer, ask.key), error: null });
    refresh();
  }

  function refuse(ask: Ask<K>, thrown: unknown): void {
    const isOver = isDropped(ask);
    ask.controller.abort(); // parts of the result may still be in computation
    if (isOver) return;
    const isReported = !isExpected(thrown);
    report(isReported ? { error: reportError(thrown) } : {});
    refresh();
    if (!isReported && newest === ask) repeat = 'soon';
  }

  function isDropped(ask: Ask<K>): boolean {
    const key = readKey();
    if (key !== null && isWanted(ask, key)) return false;
    if (newest === ask) newest = null;
    refresh();
    return true;
  }

  function isWanted({ key: asked, controller }: Ask<K>, key: K): boolean {
    return !controller.signal.aborted && (shallow(asked, key) || isUsable(asked, key));
  }

  function abort(): void {
    if (running === null) return;
    if (newest === running) newest = null;
    running.controller.abort();
  }

  function clearTimer(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  /** Stores changes together with the resulting status; stores nothing if nothing changes. */
  function report(
    changes: Partial<S> | Partial<QueryStatus>,
    progress: QueryProgress | null = shown.progress,
  ): void {
    const isPending = running !== null && !running.controller.signal.aborted;
    const isStale =
      answeredKey !== null && presentKey !== null && !shallow(answeredKey, presentKey);
    const status = { isPending, isStale, progress: isPending ? progress : null };
    const isOther = storesStatus && !shallow(status, shown);
    shown = status;
    if (!isOther && Object.keys(changes).length === 0) return;
    options.update({ ...changes, ...(storesStatus && status) } as Partial<S & QueryStatus>);
  }

  return {
    refresh,
    retry: () => {
      if (running === null || running !== newest) repeat = 'now';
      refresh();
    },
  };
}
