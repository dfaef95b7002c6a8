import type { Lab } from '../experiment/lab.ts';
import type { LabState } from '../experiment/state.ts';
import { preloadParts } from '../ui/onDemand/onDemand.tsx';

/** Browsers without requestIdleCallback wait this long instead. */
const pauseMs = 200;

/**
 * Loads the code of the parts that a press may show next. It waits until the networks have answered for the test digits,
 * so that their files come first, and leaves it to the press if the user saves data.
 */
export function preloadWhenQuiet({ store }: Pick<Lab, 'store'>, preload = preloadParts): void {
  const { connection } = navigator as { connection?: { readonly saveData?: boolean } };
  if (connection?.saveData === true) return;
  if (isQuiet(store.getState())) {
    void preload(idle);
    return;
  }
  const unsubscribe = store.subscribe((state) => {
    if (!isQuiet(state)) return;
    unsubscribe();
    void preload(idle);
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

function idle(): Promise<void> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve());
    else setTimeout(resolve, pauseMs);
  });
}
