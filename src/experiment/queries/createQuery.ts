import { shallow } from 'zustand/shallow';
import { type ErrorReport, reportError } from '../../domain/errors.ts';
import { isExpectedFailure } from './isExpectedFailure.ts';

/** How a stored answer stands; a slice of the state that holds an answer holds this beside it. */
export interface QueryStatus {
  /** A newer answer is being computed. */
  readonly isPending: boolean;
  /** The stored answer belongs to an older key than the present one. */
  readonly isStale: boolean;
  /** Parts of the pending answer that are done; null where the query does not count them. */
  readonly progress: QueryProgress | null;
  /** Why the newest question failed. */
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

/** How often a question may be repeated while nobody waits for the answer. */
export interface Pace {
  /** Milliseconds between the starts of two asks, at least. */
  readonly intervalMs: number;
  /** The share of the time, 0 to 1, that asks may take; 1 by default. */
  readonly share?: number;
  /** Whether questions with another key keep to the pace, too; by default they are asked at once. */
  readonly isForAll?: boolean;
}

/** For a query that has no pace of its own. */
const defaultPace: Pace = { intervalMs: 500 };

export interface QueryOptions<K extends object, A, S> {
  /** What the answer depends on, compared value by value; null while nothing can be asked. */
  readonly key: () => K | null;
  /**
   * What the answer may lag behind, such as the weights of a network in training: a change makes the query ask
   * again at its pace. Null: changes are ignored for now.
   */
  readonly version?: () => unknown;
  /** Whether someone looks; otherwise nothing is asked, and the present ask is aborted. */
  readonly isEnabled?: () => boolean;
  /** Whether the stored answer must stay: the present ask may finish, but none starts. */
  readonly isPaused?: () => boolean;
  /** Whether an answer to an older key is worth showing until the newest one is there. By default it is not. */
  readonly isUsable?: (older: K, newest: K) => boolean;
  readonly pace?: Pace;
  readonly ask: (
    key: K,
    signal: AbortSignal,
    onProgress: (done: number, total: number) => void,
  ) => Promise<A>;
  /** What an answer changes where it is stored. */
  readonly toState: (answer: A, key: K) => Partial<S>;
  /** Changes the place where the answer and its status are stored. */
  readonly update: (changes: Partial<S & QueryStatus>) => void;
  /** Where queries share a place, only one may store its status there; all store their errors. Default: true. */
  readonly storesStatus?: boolean;
  /** Failures that are not reported. The question is repeated at the pace when something changes. */
  readonly isExpected?: (thrown: unknown) => boolean;
}

export interface Query {
  /** Call it whenever something may have changed: it asks, waits or aborts accordingly. */
  refresh(): void;
  /** Asks once more, unless the answer is on its way. */
  retry(): void;
}

interface Ask<K> {
  readonly key: K;
  readonly version: unknown;
  readonly controller: AbortController;
}

type Urgency = 'never' | 'soon' | 'now';

/**
 * Keeps one answer fresh. It never runs two asks at once and always serves the newest key; it aborts an ask whose
 * answer is no longer wanted, and drops that answer.
 */
export function createQuery<K extends object, A, S>(options: QueryOptions<K, A, S>): Query {
  const { isEnabled = () => true, isPaused = () => false, isUsable = () => false } = options;
  const { version = () => null, isExpected = isExpectedFailure } = options;
  const { pace = defaultPace, storesStatus = true } = options;
  let running: Ask<K> | null = null;
  /** The newest ask that was not aborted; null when the present key has to be asked. */
  let newest: Ask<K> | null = null;
  let answeredKey: K | null = null;
  let presentKey: K | null = null;
  /** Asks again although key and version are those of the newest ask. */
  let repeat: Urgency = 'never';
  let timer: ReturnType<typeof setTimeout> | null = null;
  /** When the next ask at the pace may start. */
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

  /** Null while nothing can be asked, or nobody looks. */
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
    if (urgency === 'never' || running !== null) return; // the end of the present ask refreshes
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
    ask.controller.abort(); // parts of the answer may still be in computation
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

  /** Stores changes together with what they mean for the status; nothing where nothing changes. */
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
