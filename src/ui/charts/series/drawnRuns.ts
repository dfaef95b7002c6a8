import { styleOf, type RunStyle } from '../../runStyles.ts';

interface Named {
  readonly id: string;
  readonly name: string;
  readonly paletteIndex: number;
}

/** A run of the current experiment, or of a saved one that is shown beside it. */
export interface DrawnRun<T> {
  readonly id: string;
  readonly name: string;
  readonly runStyle: RunStyle;
  /** Whether it is from a saved experiment; its name then ends with the day and time at which that began. */
  readonly isReference: boolean;
  readonly run: T;
}

const dateFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** All runs that charts show, with the current experiment first; a run that is in both is listed once. */
export function listDrawnRuns<T extends Named, R extends Named>(
  runs: readonly T[],
  references: readonly { readonly startedAt: number; readonly runs: readonly R[] }[],
): DrawnRun<T | R>[] {
  const present = new Set(runs.map(({ id }) => id));
  const kept = references.flatMap((experiment) => {
    const date = dateFormat.format(experiment.startedAt);
    return experiment.runs
      .filter(({ id }) => !present.has(id))
      .map((run) => ({
        id: run.id,
        name: `${run.name} · ${date}`,
        runStyle: styleOf(run),
        isReference: true,
        run,
      }));
  });
  return [
    ...runs.map((run) => ({
      id: run.id,
      name: run.name,
      runStyle: styleOf(run),
      isReference: false,
      run,
    })),
    ...kept,
  ];
}
