import { Button, NativeSelect } from '@mantine/core';
import type { Entry } from '../../../experiment/setup/setup.ts';
import { useLabActions } from '../../../experiment/useLab.ts';
import {
  isSettingUsed,
  rowOf,
  type SettingKey,
  settingKeys,
} from '../../../domain/settings/settings.ts';
import { SettingInput } from './SettingInput.tsx';
import styles from './Setup.module.css';

/** Settings that each run may override, besides its method and ε. */
const ownFields = settingKeys.filter((key) => rowOf(key).perRun === undefined);

/** The settings of a run that override the shared ones. */
export function OwnSettings({ entry }: { readonly entry: Entry }) {
  const lab = useLabActions();
  const { key, name, changes, settings } = entry;
  const own = ownFields.filter((field) => field in changes);
  const others = ownFields.filter(
    (field) => !(field in changes) && isSettingUsed(field, settings.draft),
  );
  return (
    <>
      {own.map((field) => (
        <div key={field} className={styles.ownField}>
          <SettingInput
            isOwn
            field={field}
            value={settings.draft[field]}
            error={settings.errors[field]}
            onChange={(value) => lab.changeEntry(key, { [field]: value })}
          />
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() => lab.changeEntry(key, { [field]: undefined })}
          >
            Use the shared value
          </Button>
        </div>
      ))}
      <NativeSelect
        size="xs"
        variant="unstyled"
        className={styles.ownChoice}
        aria-label={`Own setting for ${name}`}
        value=""
        data={[
          { value: '', label: 'Override a setting…' },
          ...others.map((field) => ({ value: field, label: rowOf(field).label })),
        ]}
        onChange={(event) => {
          const field = event.currentTarget.value as SettingKey;
          lab.changeEntry(key, { [field]: settings.draft[field] });
        }}
      />
    </>
  );
}
