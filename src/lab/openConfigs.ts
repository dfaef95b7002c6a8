import type { RunConfig } from '../shared/config.ts';
import type { Lab } from './lab.ts';
import { chooseMnist } from './raceData.ts';
import { setupOf } from './setup.ts';

/**
 * Makes a race on MNIST with these settings the one that would start now. It starts nothing, and a race on the
 * page stays as it is.
 */
export function openRaceOf(lab: Lab, configs: readonly RunConfig[]): void {
  lab.useSetup(setupOf(configs));
  chooseMnist(lab);
}
