import type { RunConfig } from '../../../domain/settings/config.ts';
import { findTrainingStatus, type Repeats } from '../../../experiment/runs/repeats.ts';
import { findConfigs } from '../../../experiment/setup/setup.ts';
import type { LabState } from '../../../experiment/state.ts';
import { isSetupOfRuns, longerEpochs } from '../../../experiment/training/commands.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { describeSeed } from './describeRepeats.ts';
import { estimateSeconds, estimateSeeds, formatEstimate } from './estimate.ts';
import { useSpeed } from './speed.ts';

/** How long the training takes that the button starts; null before any was measured here, and while one is under way. */
export function useEstimate(): string | null {
  const speed = useSpeed();
  return useLab((state) => {
    const configs = speed === null ? null : findNext(state);
    return configs === null ? null : formatEstimate(estimateSeconds(configs, speed!));
  });
}

/** How long the seeds take that are still to be trained. */
export function useRepeatEstimate(seedCount: number): string | null {
  const speed = useSpeed();
  return useLab(({ runs, repeats, attackEpsilon }) => {
    if (speed === null) return null;
    const configs = runs.map(({ config }) => config);
    const done = repeats.attackEpsilon === attackEpsilon ? repeats.finished.length : 0;
    return formatEstimate(estimateSeeds(configs, seedCount - 1 - done, speed));
  });
}

/** How long the present seed and those after it still take. */
export function useTimeLeft(repeats: Repeats): string | null {
  const speed = useSpeed();
  if (speed === null) return null;
  const configs = repeats.runs.map(({ config }) => config);
  const { fraction } = describeSeed(repeats, 'busy');
  const seeds = repeats.seedCount - 1 - repeats.finished.length - fraction;
  return formatEstimate(estimateSeeds(configs, seeds, speed));
}

function findNext(state: LabState): readonly RunConfig[] | null {
  const { runs, setup } = state;
  const status = findTrainingStatus(state);
  if (status === 'none' || status === 'failed') return findConfigs(setup);
  if (status !== 'finished') return null;
  if (!isSetupOfRuns({ runs, setup })) return findConfigs(setup);
  if (runs.some(({ isOpened }) => isOpened)) return null;
  return runs.map(({ config }) => ({
    ...config,
    epochs: longerEpochs(config.epochs) - config.epochs,
  }));
}
