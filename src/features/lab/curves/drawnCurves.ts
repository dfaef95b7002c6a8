import { useMemo } from 'react';
import { minSeeds } from '../../../domain/statistics.ts';
import { withRepeats } from '../../../experiment/runs/repeats.ts';
import type { LabState } from '../../../experiment/state.ts';
import { useLab, useThrottledLab } from '../../../experiment/useLab.ts';
import { listDrawnRuns } from '../../../ui/charts/series/drawnRuns.ts';
import { joinNames } from '../pad/describePredictions.ts';
import { describeFailedSeeds } from '../results/difference.ts';
import { averageRun, type CurveRun } from './curveSeries.ts';

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
  // Each chart in a task of its own, when a seed has ended.
  const finished = useThrottledLab((state) => state.repeats.finished, 250);
  return useMemo(
    () => listCurves({ runs, repeats: { finished }, references }),
    [runs, finished, references],
  );
}

export function hasRepeats(drawn: readonly CurveRun[]): boolean {
  return drawn.some(({ run }) => run.repeats !== undefined && run.repeats.length > 0);
}

/**
 * What the lines of the two charts of errors are: the seeds may agree in one and not in the other, as when the attack ε was
 * moved. Null while each line is one seed's.
 *
 * @param isRepeating whether other seeds train
 */
export function describeBands(
  drawn: readonly CurveRun[],
  smoothing: number,
  isRepeating: boolean,
): string | null {
  const most = Math.max(...drawn.map(({ run }) => (run.repeats?.length ?? 0) + 1));
  if (most < minSeeds) {
    // Where means will be named, so that nothing moves then.
    return isRepeating ? `Means and bands follow with seed ${minSeeds}.` : null;
  }
  const [clean, attacked] = [describeLines('clean', drawn), describeLines('attacked', drawn)];
  const lines =
    clean === attacked ? `${clean}.` : `On clean images: ${clean}. Under attack: ${attacked}.`;
  const hasMeans = `${clean}${attacked}`.includes('means');
  const bands = smoothing > 0 ? 'No intervals while lines are smoothed.' : 'Bands: 95 % intervals.';
  const failed = describeFailedSeeds(
    drawn.map(({ name, run }) => ({ name, repeats: run.repeats ?? [] })),
  );
  return [
    `${lines[0]!.toUpperCase()}${lines.slice(1)}`,
    ...(hasMeans ? [bands] : []),
    ...(failed === '' ? [] : [`${failed}.`]),
  ].join(' ');
}

/** "means of 5 seeds", "first seed only", "means of 5 seeds of Plain, one seed of the others" */
function describeLines(view: 'clean' | 'attacked', drawn: readonly CurveRun[]): string {
  const averaged = drawn.flatMap(({ name, run }) => {
    const [first] = averageRun(view, run);
    return first === undefined ? [] : [{ name, count: first.count }];
  });
  if (averaged.length === 0) return 'first seed only';
  const counts = averaged.map(({ count }) => count);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const means = `means of ${least === most ? most : `${least} to ${most}`} seeds`;
  if (averaged.length === drawn.length) return means;
  return `${means} of ${joinNames(averaged.map(({ name }) => name))}, one seed of the others`;
}

const noRuns: LabState['runs'] = [];

/** `describeBands` of what the charts show. */
export function useBands(smoothing: number): string | null {
  // Without other seeds, nothing is drawn again because of it.
  const runs = useThrottledLab((state) => (hasOtherSeeds(state) ? state.runs : noRuns), 250);
  const drawn = useDrawnCurves(runs);
  const isRepeating = useLab(({ repeats }) => repeats.runs.length > 0);
  return useMemo(
    () => describeBands(drawn, smoothing, isRepeating),
    [drawn, smoothing, isRepeating],
  );
}

function hasOtherSeeds({ repeats, references }: LabState): boolean {
  return [repeats, ...references.map((one) => one.repeats)].some(
    (one) => (one?.finished.length ?? 0) > 0,
  );
}
