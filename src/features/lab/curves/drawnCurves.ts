import { useMemo } from 'react';
import { minSeeds } from '../../../domain/statistics.ts';
import { withRepeats } from '../../../experiment/runs/repeats.ts';
import type { LabState } from '../../../experiment/state.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { listDrawnRuns } from '../../../ui/charts/series/drawnRuns.ts';
import type { CurveRun } from './curveSeries.ts';

/** All runs that the charts show, each with its other seeds. */
export function listCurves({
  runs,
  repeats,
  references,
}: Pick<LabState, 'runs' | 'references'> & {
  readonly repeats: Pick<LabState['repeats'], 'finished'>;
}): readonly CurveRun[] {
  return listDrawnRuns(
    withRepeats(runs, repeats.finished),
    references.map((one) => ({ ...one, runs: withRepeats(one.runs, one.repeats?.finished ?? []) })),
  );
}

/** @param runs the experiment's, at the pace of the component */
export function useDrawnCurves(runs: LabState['runs']): readonly CurveRun[] {
  const references = useLab((state) => state.references);
  const finished = useLab((state) => state.repeats.finished);
  return useMemo(
    () => listCurves({ runs, repeats: { finished }, references }),
    [runs, finished, references],
  );
}

export function hasRepeats(drawn: readonly CurveRun[]): boolean {
  return drawn.some(({ run }) => run.repeats !== undefined && run.repeats.length > 0);
}

/** What lines and bands are; null while each line is one seed's. */
export function describeBands({ repeats, references }: LabState): string | null {
  const finished = [repeats, ...references.map((one) => one.repeats)];
  const most = Math.max(...finished.map((one) => (one?.finished.length ?? 0) + 1));
  if (most >= minSeeds) return `Means of ${most} seeds. Bands: 95 % intervals.`;
  // In the place of what follows, so that nothing moves then.
  return repeats.runs.length > 0 ? `Means and bands follow with seed ${minSeeds}.` : null;
}
