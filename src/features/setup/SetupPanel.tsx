import { Button } from '@mantine/core';
import { useRef } from 'react';
import { trainAlike } from '../../lab/settings.ts';
import type { LabState } from '../../lab/state.ts';
import { useLab, useLabActions } from '../../lab/useLab.ts';
import { Panel } from '../../ui/Panel.tsx';
import { AdvancedSettings } from './AdvancedSettings.tsx';
import { MethodChoice, NetworkTypeChoice } from './NetworkChoice.tsx';
import { HiddenLayersField, NumberSetting } from './SettingField.tsx';
import styles from './Setup.module.css';

/** What the next run will be. */
export function SetupPanel() {
  return (
    <Panel title="Setup">
      <div className={styles.fields}>
        <OtherSettingsNotice />
        <NetworkTypeChoice />
        <HiddenLayersField />
        <NumberSetting field="maxoutPieces" />
        <MethodChoice />
        <NumberSetting field="trainingEpsilon" />
        <AdvancedSettings />
      </div>
    </Panel>
  );
}

function findNotice({ run, settings }: LabState): string | null {
  if (run === null || run.status === 'failed' || settings.config === null) return null;
  if (trainAlike(run.config, settings.config)) return null;
  return run.status === 'finished'
    ? 'The finished run used other settings. Clear it to train with these.'
    : 'The run in progress uses its own settings. Clear it to train with these.';
}

/** Says that the form no longer describes the run on the page; the run itself goes on untouched. */
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
            Clear the run
          </Button>
        </div>
      )}
    </div>
  );
}
