import type { Run } from '../../../experiment/runs/run.ts';
import type { DataState, EngineState } from '../../../experiment/state.ts';
import { formatMegabytes } from '../../../ui/format.ts';

/** What runs wait for before their first step. */
export interface Waiting {
  readonly text: string;
  /** Fraction done, 0 to 1, or null for a wait of unknown length. */
  readonly fraction: number | null;
}

/** What the runs of an experiment that have not started yet are waiting for, said once for all of them; null if none is. */
export function describeWaiting(
  runs: readonly Run[],
  training: DataState,
  engine: EngineState,
): Waiting | null {
  const starting = runs.filter(({ status }) => status === 'starting');
  if (starting.length === 0) return null;
  if (engine.status === 'starting') return { text: 'Starting the engine…', fraction: null };
  if (training.status === 'loading') {
    const { loadedBytes, totalBytes } = training;
    return {
      text: `Loading the training images: ${formatMegabytes(loadedBytes)} of ${formatMegabytes(totalBytes)} MB`,
      fraction: loadedBytes / totalBytes,
    };
  }
  if (starting.some(({ activity }) => activity === 'compiling')) {
    const isWebgl = engine.status === 'ready' && engine.engine.name.startsWith('WebGL');
    const text = isWebgl ? 'Compiling shaders…' : 'Preparing the networks…';
    return { text, fraction: null };
  }
  const isLoading = starting.some(({ activity }) => activity === 'loading-data');
  const text = isLoading ? 'Loading the training images…' : 'Starting…';
  return { text, fraction: null };
}
