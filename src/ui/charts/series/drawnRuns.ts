import { formatDate } from '../../../domain/formatDate.ts';
import { styleOf } from '../../runStyles.ts';
import type { RunLabel } from './series.ts';

interface Named {
  readonly id: string;
  readonly name: string;
  readonly paletteIndex: number;
}

/** A run of the current experiment, or of a saved one; the name of such a reference ends with when that began. */
export interface DrawnRun<T> extends RunLabel {
  readonly run: T;
}

const dateParts = {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
} as const;

/** All runs that charts show, with the current experiment first; a run that is in both is listed once. */
export function listDrawnRuns<T extends Named, R extends Named>(
  runs: readonly T[],
  references: readonly { readonly startedAt: number; readonly runs: readonly R[] }[],
): DrawnRun<T | R>[] {
  const label = <X extends Named>(run: X, suffix: string | null): DrawnRun<X> => ({
    id: run.id,
    name: suffix === null ? run.name : `${run.name} · ${suffix}`,
    runStyle: styleOf(run),
    isReference: suffix !== null,
    run,
  });
  const present = new Set(runs.map(({ id }) => id));
  const kept = references.flatMap((experiment) => {
    const date = formatDate(experiment.startedAt, dateParts);
    return experiment.runs.filter(({ id }) => !present.has(id)).map((run) => label(run, date));
  });
  return [...runs.map((run) => label(run, null)), ...kept];
}
