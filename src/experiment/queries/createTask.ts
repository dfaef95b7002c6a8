import { type ErrorReport, reportError } from '../../domain/errors.ts';
import { isExpectedFailure } from './isExpectedFailure.ts';

interface TaskOptions<P> {
  /** Hears how far the work is; null when it has ended. */
  readonly onProgress: (progress: P | null) => void;
  readonly onError: (error: ErrorReport) => void;
  /** Failures that are not reported. */
  readonly isExpected?: (thrown: unknown) => boolean;
}

/**
 * Work in several parts that someone starts once, such as a sweep over ε: it takes one question after another, and
 * its results stay when it is canceled. That is why it is no query, whose answer is replaced as a whole.
 */
export interface Task<P> {
  /**
   * Starts work; what is under way is aborted, and nothing is heard of it any more.
   *
   * @returns whether the work has ended by itself, in success or failure
   */
  start(
    work: (signal: AbortSignal, onProgress: (progress: P) => void) => Promise<void>,
  ): Promise<boolean>;
  cancel(): void;
}

export function createTask<P>(options: TaskOptions<P>): Task<P> {
  const { onProgress, onError, isExpected = isExpectedFailure } = options;
  let running: AbortController | null = null;

  function cancel(): void {
    if (running === null) return;
    running.abort();
    running = null;
    onProgress(null);
  }

  return {
    start: async (work) => {
      running?.abort();
      const controller = new AbortController();
      running = controller;
      const { signal } = controller;
      try {
        await work(signal, (progress) => {
          if (!signal.aborted) onProgress(progress);
        });
      } catch (thrown) {
        if (!signal.aborted && !isExpected(thrown)) onError(reportError(thrown));
      }
      if (signal.aborted) return false;
      running = null;
      onProgress(null);
      return true;
    },
    cancel,
  };
}
