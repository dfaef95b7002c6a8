import { Button, NativeSelect } from '@mantine/core';
import { useId, useState } from 'react';
import type { EnginePreference } from '../../../domain/metrics.ts';
import { rowOf, settingKeys } from '../../../domain/settings/settings.ts';
import { findDisabledReason } from '../../../experiment/training/commands.ts';
import { findSharedErrors } from '../../../experiment/setup/setup.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { ChevronIcon } from '../../../ui/icons.tsx';
import { PermutedPixels } from './PermutedPixels.tsx';
import { SettingField } from './SettingField.tsx';
import styles from './Setup.module.css';

const engineOptions: { value: EnginePreference; label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'webgl', label: 'WebGL' },
  { value: 'simd', label: 'WebAssembly SIMD' },
];

const advanced = settingKeys.filter((key) => rowOf(key).field === 'advanced');
const switches = advanced.filter((key) => rowOf(key).kind === 'toggle');
const fields = advanced.filter((key) => !switches.includes(key));

/** Folded settings that first-time users do not need. */
export function AdvancedSettings() {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const errorCount = useLab(({ setup }) => {
    const errors = findSharedErrors(setup);
    return advanced.filter((field) => errors[field]).length;
  });
  return (
    <div className={styles.advanced}>
      <div className={styles.foldRow}>
        <button
          type="button"
          className={styles.fold}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          <ChevronIcon />
          Advanced
        </button>
        {errorCount > 0 && (
          <span className={styles.foldError}>
            {errorCount === 1 ? '1 field to correct' : `${errorCount} fields to correct`}
          </span>
        )}
      </div>
      <div id={id} hidden={!isOpen} className={styles.advancedFields}>
        {fields.map((field) => (
          <SettingField key={field} field={field} />
        ))}
        <NewSeed />
        {switches.map((field) => (
          <SettingField key={field} field={field} />
        ))}
        <PermutedPixels />
        <EngineChoice />
      </div>
    </div>
  );
}

/** Also in the menu of commands. */
function NewSeed() {
  const lab = useLabActions();
  const disabledReason = useLab((state) => findDisabledReason(state, 'newSeed'));
  return (
    <Button
      variant="default"
      size="compact-sm"
      className={styles.newSeed}
      disabled={disabledReason !== null}
      title={disabledReason ?? undefined}
      onClick={() => lab.newSeed()}
    >
      Draw another seed
    </Button>
  );
}

/** Not a setting of the run: except for rounding, a run gives the same result on each engine. */
function EngineChoice() {
  const lab = useLabActions();
  const preference = useLab((state) => state.enginePreference);
  const disabledReason = useLab((state) => findDisabledReason(state, 'chooseEngine'));
  const reason = useLab(({ engine }) => (engine.status === 'ready' ? engine.engine.reason : ''));
  return (
    <NativeSelect
      label="Computing engine"
      description={disabledReason ?? reason}
      data={engineOptions}
      value={preference}
      disabled={disabledReason !== null}
      onChange={(event) => lab.chooseEngine(event.currentTarget.value as EnginePreference)}
    />
  );
}
