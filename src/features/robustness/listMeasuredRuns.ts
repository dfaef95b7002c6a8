import type { LabState } from '../../experiment/state.ts';
import { listDrawnRuns } from '../../ui/charts/series/drawnRuns.ts';
import { pretrainedRuns } from './pretrainedRobustness.ts';
import type { MeasuredRun } from './robustnessSeries.ts';

/** The runs of the page and those beside it; before anything was trained, the networks that came with the page. */
export function listMeasuredRuns(
  runs: LabState['runs'],
  references: LabState['references'],
): readonly MeasuredRun[] {
  return runs.length + references.length === 0
    ? listDrawnRuns(pretrainedRuns, [])
    : listDrawnRuns(runs, references);
}
