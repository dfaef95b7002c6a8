import type { RunConfig } from '../../domain/settings/config.ts';
import { describeInRecipe } from '../../domain/settings/describeSettings.ts';
import {
  describeEpochs,
  describeLayers,
  isSettingUsed,
  settingKeys,
} from '../../domain/settings/settings.ts';

/** "2 × 400, 50 epochs". */
export function describeSize({ hiddenLayers, epochs }: RunConfig): string {
  return `${describeLayers(hiddenLayers)}, ${describeEpochs(epochs)}`;
}

/** All settings that the run uses, except its seed. */
export function describeSettings(config: RunConfig): string {
  return settingKeys
    .filter((key) => isSettingUsed(key, config))
    .filter((key) => key !== 'holdOutValidation' || config.holdOutValidation)
    .flatMap((key) => describeInRecipe(key, config[key]) ?? [])
    .join(', ');
}

/** The run's settings that differ from a row's, with the run's values; the seed does not count. */
export function listDifferences(run: RunConfig, row: RunConfig): string[] {
  return settingKeys
    .filter((key) => isSettingUsed(key, run))
    .filter((key) => JSON.stringify(run[key]) !== JSON.stringify(row[key]))
    .flatMap((key) => describeInRecipe(key, run[key]) ?? []);
}
