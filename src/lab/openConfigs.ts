import type { RunConfig } from '../shared/config.ts';
import type { Lab } from './lab.ts';
import { chooseMnist, filesStay } from './raceData.ts';
import { findRaceStatus } from './run.ts';
import { setupOf } from './setup.ts';
import type { LabState } from './state.ts';

/**
 * Makes a race on MNIST with these settings the one that would start now. It starts nothing, and a race on the
 * page stays as it is.
 */
export function openRaceOf(lab: Lab, configs: readonly RunConfig[]): void {
  lab.useSetup(setupOf(configs));
  chooseMnist(lab);
}

/** What a person does to start a race on MNIST that was opened so. */
export function describeStart({ runs, ownData }: Pick<LabState, 'runs' | 'ownData'>): string {
  if (findRaceStatus(runs) === 'none') {
    return ownData.setAside === null
      ? 'Train starts it.'
      : `Train starts it on MNIST. ${filesStay}`;
  }
  const next =
    ownData.loaded === null
      ? 'Reset clears it, then Train starts this one.'
      : 'Reset clears it; choose MNIST under Data in the place of your files, then Train starts this one.';
  return `The race on the page stays as it is: ${next}`;
}
