import type { RunConfig } from '../../domain/settings/config.ts';
import type { Lab } from '../lab.ts';
import { chooseMnist, describePreviousFiles } from '../customData/experimentData.ts';
import { findExperimentStatus } from '../runs/run.ts';
import { setupOf } from './setup.ts';
import type { LabState } from '../state.ts';

/**
 * Makes an experiment on MNIST with these settings the next one. It does not start it, and an experiment on the
 * page stays as it is.
 *
 * @returns how the user can start it
 */
export function openExperimentOf(lab: Lab, configs: readonly RunConfig[]): string {
  lab.useSetup(setupOf(configs));
  const hasPreviousFiles = chooseMnist(lab);
  return describeStart(lab.store.getState(), hasPreviousFiles);
}

/** How the user can start the setup's experiment. */
export function describeStart(
  { runs, customData }: Pick<LabState, 'runs' | 'customData'>,
  hasPreviousFiles: boolean,
): string {
  if (findExperimentStatus(runs) === 'none') {
    return hasPreviousFiles
      ? `Train starts it on MNIST. ${describePreviousFiles(false)}`
      : 'Train starts it.';
  }
  const next =
    customData.loaded === null
      ? 'Start over (under ⋯) clears it; then you can train this one.'
      : 'Start over (under ⋯) clears it; choose MNIST under Data instead of your files, then train this one.';
  return `The experiment on the page stays as it is: ${next}`;
}
