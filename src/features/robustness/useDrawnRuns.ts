import { useMemo } from 'react';
import { useLab, useThrottledLab } from '../../experiment/useLab.ts';
import { listMeasuredRuns } from './listMeasuredRuns.ts';
import type { MeasuredRun } from './robustnessSeries.ts';

/** The runs that charts and table show, drawn again at most once per interval. */
export function useDrawnRuns(intervalMs: number): readonly MeasuredRun[] {
  const runs = useThrottledLab((state) => state.runs, intervalMs);
  const references = useLab((state) => state.references);
  return useMemo(() => listMeasuredRuns(runs, references), [runs, references]);
}
