import { Button } from '@mantine/core';
import { useRef } from 'react';
import { findExperimentStatus } from '../../../experiment/runs/run.ts';
import { isSetupOfRuns } from '../../../experiment/training/commands.ts';
import { findConfigs } from '../../../experiment/setup/setup.ts';
import type { LabState } from '../../../experiment/state.ts';
import { useIsHidden } from '../../../experiment/useIsHidden.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { rowOf, settingKeys } from '../../../domain/settings/settings.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { AdvancedSettings } from './AdvancedSettings.tsx';
import { DataChoice } from './DataChoice.tsx';
import { PresetChoice } from './PresetChoice.tsx';
import { RunEntries } from './RunEntries.tsx';
import { SettingField } from './SettingField.tsx';
import styles from './Setup.module.css';

const basicFields = settingKeys.filter((key) => rowOf(key).field === 'basic');

/** The settings of the next experiment. */
export function SetupPanel() {
  const isAdvancedHidden = useIsHidden('advanced');
  return (
    <Panel title="Setup">
      <div className={styles.fields}>
        <OtherSettingsNotice />
        <PresetChoice />
        <DataChoice />
        {basicFields.map((field) => (
          <SettingField key={field} field={field} />
        ))}
        <RunEntries />
        {!isAdvancedHidden && <AdvancedSettings />}
      </div>
    </Panel>
  );
}

function findNotice({ runs, setup }: LabState): string | null {
  const status = findExperimentStatus(runs);
  if (status === 'none' || status === 'failed' || findConfigs(setup) === null) return null;
  if (isSetupOfRuns({ runs, setup })) return null;
  return status === 'finished'
    ? 'The finished experiment used other settings. Training starts a new one with these.'
    : 'The experiment in progress uses its own settings. Clear it to train with these.';
}

/** Says that the form no longer describes the experiment on the page, which continues unchanged. */
function OtherSettingsNotice() {
  const lab = useLabActions();
  const notice = useLab(findNotice);
  const place = useRef<HTMLDivElement>(null);
  return (
    <div ref={place} tabIndex={-1} className={styles.noticePlace}>
      {notice && (
        <div className={styles.notice}>
          <p>{notice}</p>
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => {
              lab.reset();
              place.current?.focus(); // the button is about to disappear
            }}
          >
            Clear the experiment
          </Button>
        </div>
      )}
    </div>
  );
}
