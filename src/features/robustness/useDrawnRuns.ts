import { useMemo } from 'react';
import type { Measurement } from '../../experiment/runs/measurements.ts';
import type { LabState } from '../../experiment/state.ts';
import { useLab, useThrottledLab } from '../../experiment/useLab.ts';
import { listMeasuredRuns } from './listMeasuredRuns.ts';
import type { MeasuredRun } from './robustnessSeries.ts';

/** How the size ε of a change is measured: by its largest pixel, or by the length of all of it. */
export type Norm = 'linf' | 'l2';

const noMeasurements: readonly Measurement[] = [];

/** The runs with their measurements in a norm. */
export function listRunsOf(
  norm: Norm,
  { runs, references }: Pick<LabState, 'runs' | 'references'>,
  l2: LabState['robustness']['l2'],
): readonly MeasuredRun[] {
  const drawn = listMeasuredRuns(runs, references);
  if (norm === 'linf') return drawn;
  return drawn.map((one) => ({
    ...one,
    run: { ...one.run, measurements: l2[one.run.id] ?? noMeasurements },
  }));
}

/** The runs that charts and table show, drawn again at most once per interval. */
export function useDrawnRuns(intervalMs: number, norm: Norm = 'linf'): readonly MeasuredRun[] {
  const runs = useThrottledLab((state) => state.runs, intervalMs);
  const l2 = useThrottledLab((state) => state.robustness.l2, intervalMs);
  const references = useLab((state) => state.references);
  return useMemo(() => listRunsOf(norm, { runs, references }, l2), [norm, runs, references, l2]);
}
