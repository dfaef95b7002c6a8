import type { RunConfig } from '../../../domain/settings/config.ts';
import { findExperimentStatus } from '../../../experiment/runs/run.ts';
import { findConfigs } from '../../../experiment/setup/setup.ts';
import type { LabState } from '../../../experiment/state.ts';
import { isSetupOfRuns, longerEpochs } from '../../../experiment/training/commands.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { estimateSeconds, formatEstimate } from './estimate.ts';
import { useSpeed } from './speed.ts';

/** How long the training takes that the button starts; null before any was measured here, and while one is under way. */
export function useEstimate(): string | null {
  const speed = useSpeed();
  return useLab((state) => {
    const configs = speed === null ? null : findNext(state);
    return configs === null ? null : formatEstimate(estimateSeconds(configs, speed!));
  });
}

function findNext({ runs, setup }: LabState): readonly RunConfig[] | null {
  const status = findExperimentStatus(runs);
  if (status === 'none' || status === 'failed') return findConfigs(setup);
  if (status !== 'finished') return null;
  if (!isSetupOfRuns({ runs, setup })) return findConfigs(setup);
  return runs.map(({ config }) => ({
    ...config,
    epochs: longerEpochs(config.epochs) - config.epochs,
  }));
}
