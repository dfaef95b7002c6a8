import { type ErrorReport, reportError } from '../../domain/errors.ts';
import { isExpectedFailure } from './isExpectedFailure.ts';

interface TaskOptions<P> {
  /** Receives the progress, or null when the work has ended. */
  readonly onProgress: (progress: P | null) => void;
  readonly onError: (error: ErrorReport) => void;
  /** Failures that are not reported. */
  readonly isExpected?: (thrown: unknown) => boolean;
}

/**
 * Work in several parts that is started once, such as a sweep over ε: it sends one request after another, and
 * its results stay when it is canceled. A query, in contrast, replaces its result as a whole.
 */
export function createTask<P>({
  onProgress,
  onError,
  isExpected = isExpectedFailure,
}: TaskOptions<P>) {
  let running: AbortController | null = null;

  function cancel(): void {
    if (running === null) return;
    running.abort();
    running = null;
    onProgress(null);
  }

  return {
    /**
     * Starts work and aborts the previous work, whose further progress is ignored.
     *
     * @returns whether the work ended without being aborted, in success or failure
     */
    start: async (
      work: (signal: AbortSignal, onProgress: (progress: P) => void) => Promise<void>,
    ): Promise<boolean> => {
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
