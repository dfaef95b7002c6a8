import type { Entry } from '../../../experiment/setup/setup.ts';
import { nameInSentence } from '../../../domain/settings/describeSettings.ts';
import { isSettingUsed, rowOf, settingKeys } from '../../../domain/settings/settings.ts';

/** All settings except method and ε, which an experiment compares. */
const compared = settingKeys.filter((key) => rowOf(key).perRun !== 'always');

/** What the runs of an experiment have in common, and in which settings besides method and ε they differ. */
export function describeShared(entries: readonly Pick<Entry, 'settings'>[]): string {
  if (entries.length === 1) return 'Add a run to compare it with another method or another ε.';
  const drafts = entries.map(({ settings }) => settings.draft);
  const differences = compared.filter((key) => {
    const users = drafts.filter((draft) => isSettingUsed(key, draft));
    return new Set(users.map((draft) => JSON.stringify(draft[key]))).size > 1;
  });
  const isSame = (what: 'weights' | 'batches'): boolean =>
    !differences.some((key) => rowOf(key).decides?.includes(what));
  if (differences.length === 0) {
    return 'Same settings: all start from the same weights and see the same batches in the same order.';
  }
  const said = new Intl.ListFormat('en-GB').format(differences.map(nameInSentence));
  return `Not all settings are the same: the runs differ in ${said}. ${describeStart(isSame('weights'), isSame('batches'))}`;
}

function describeStart(isSameNetwork: boolean, isSameOrder: boolean): string {
  if (isSameNetwork && isSameOrder) {
    return 'All start from the same weights and see the same batches in the same order.';
  }
  if (isSameNetwork) return 'All start from the same weights, but see different batches.';
  if (isSameOrder) return 'All see the same batches, but start from different weights.';
  return 'They start from different weights and see different batches.';
}
