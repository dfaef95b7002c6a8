import { findSharedErrors } from '../../../experiment/setup/setup.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { isSettingUsed, type SettingKey } from '../../../domain/settings/settings.ts';
import { SettingInput } from './SettingInput.tsx';

/** One shared setting, hidden if no run uses it. */
export function SettingField({ field }: { readonly field: SettingKey }) {
  const lab = useLabActions();
  const value = useLab((state) => state.setup.shared[field]);
  const error = useLab((state) => findSharedErrors(state.setup)[field]);
  const isUsed = useLab((state) =>
    state.setup.entries.some(({ settings }) => isSettingUsed(field, settings.draft)),
  );
  if (!isUsed) return null;
  return (
    <SettingInput
      field={field}
      value={value}
      error={error}
      onChange={(changed) => lab.changeSettings({ [field]: changed })}
    />
  );
}
