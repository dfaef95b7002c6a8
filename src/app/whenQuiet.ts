import type { Lab } from '../experiment/lab.ts';
import type { LabState } from '../experiment/state.ts';

/** Browsers without requestIdleCallback wait this long instead. */
const pauseMs = 200;
/** The longest wait for a page that is never idle. */
const busyMs = 3000;

/**
 * Resolves once the networks have answered for the test digits, so that their files come before what is only good to
 * have. Never resolves if the user saves data.
 */
export function whenQuiet({ store }: Pick<Lab, 'store'>): Promise<void> {
  const { connection } = navigator as { connection?: { readonly saveData?: boolean } };
  return new Promise((resolve) => {
    if (connection?.saveData === true) return;
    if (isQuiet(store.getState())) {
      resolve();
      return;
    }
    const unsubscribe = store.subscribe((state) => {
      if (!isQuiet(state)) return;
      unsubscribe();
      resolve();
    });
  });
}

/** Whether the networks have answered, or will not. */
function isQuiet({ examples, engine, data, pretrainedError }: LabState): boolean {
  return (
    Object.keys(examples.results).length > 0 ||
    engine.status === 'failed' ||
    data.test.status === 'failed' ||
    pretrainedError !== null
  );
}

/** Resolves when the browser has nothing else to do, or after `busyMs` on a page that trains all the time. */
export function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) {
      requestIdleCallback(() => resolve(), { timeout: busyMs });
    } else setTimeout(resolve, pauseMs);
  });
}
