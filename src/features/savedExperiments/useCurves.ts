import { useEffect, useState } from 'react';
import { loadCurves } from '../../experiment/storage/savedExperiments.ts';
import type { ExperimentSummary, ListedExperiment } from '../../experiment/storage/types.ts';
import { useLabActions } from '../../experiment/useLab.ts';

/** The runs of a saved experiment with their curves, read once from storage; null until then. */
export function useCurves(experiment: ListedExperiment): ExperimentSummary['runs'] | null {
  const lab = useLabActions();
  const [loaded, setLoaded] = useState<ExperimentSummary | null>(null);
  useEffect(() => {
    let isOver = false;
    void loadCurves(lab, experiment.id).then((curves) => {
      if (!isOver) setLoaded(curves);
    });
    return () => {
      isOver = true;
    };
  }, [lab, experiment]);
  return loaded?.runs ?? null;
}
