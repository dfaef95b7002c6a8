import { UnstyledButton } from '@mantine/core';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { isSameData } from '../../../domain/dataSet.ts';
import type { LabState } from '../../../experiment/state.ts';
import { useIsHidden } from '../../../experiment/useIsHidden.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { ChevronIcon } from '../../../ui/icons.tsx';
import { onDemand } from '../../../ui/onDemand/onDemand.tsx';
import { introduction } from './describeRun.ts';
import { QuickSettings } from './QuickSettings.tsx';
import { Announcer, RunLines } from './RunLines.tsx';
import { watchSpeed } from './speed.ts';
import { TrainBar } from './TrainBar.tsx';
import styles from './Training.module.css';

const SetupPanel = onDemand(
  'The settings',
  async () => (await import('../setup/SetupPanel.tsx')).SetupPanel,
);

interface TrainingProps {
  /** Whether the button is in the dock at the bottom of the screen, and not here. */
  readonly hasDock: boolean;
  /** Takes the place of the runs' progress when an experiment has ended or other seeds train; null otherwise. */
  readonly end: ReactNode;
}

function needsOwnFiles({ setup, customData }: LabState): boolean {
  const { dataSet } = setup.shared;
  return dataSet !== null && !isSameData(dataSet, customData.loaded);
}

/** Choose, train, watch the progress; all other settings fold out. */
export function Training({ hasDock, end }: TrainingProps) {
  const id = useId();
  const lab = useLabActions();
  useEffect(() => watchSpeed(lab), [lab]);
  const isHidden = useIsHidden('setup');
  const hasRuns = useLab(({ runs }) => runs.length > 0);
  const [isOpen, setOpen] = useState(false);
  // A link or a saved experiment on the user's own files asks for them at once.
  const needsFiles = useLab(needsOwnFiles);
  const [neededFiles, setNeededFiles] = useState(false);
  if (needsFiles !== neededFiles) {
    setNeededFiles(needsFiles);
    if (needsFiles) setOpen(true);
  }
  return (
    <section className={styles.training} aria-label="Train">
      <div className={styles.row}>
        {!hasDock && (
          <div>
            <h2 className={styles.title}>{hasRuns ? 'Your experiment' : 'Now train your own'}</h2>
            <TrainBar />
          </div>
        )}
        <div className={styles.beside}>
          {hasRuns ? (
            <>
              <RunLines isShown={end === null} />
              {end !== null && <div>{end}</div>}
            </>
          ) : (
            <div data-testid="no-runs">
              {isHidden ? <p className={styles.introduction}>{introduction}</p> : <QuickSettings />}
            </div>
          )}
        </div>
        {!isHidden && (
          <UnstyledButton
            className={styles.moreButton}
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setOpen(!isOpen)}
          >
            More settings <ChevronIcon />
          </UnstyledButton>
        )}
      </div>
      {!isHidden && (
        <div id={id} className={styles.settings}>
          {isOpen && <SetupPanel />}
        </div>
      )}
      <Announcer />
    </section>
  );
}
