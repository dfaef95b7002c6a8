import { ActionIcon, Button } from '@mantine/core';
import { findDisabledReason } from '../../../experiment/training/commands.ts';
import { describeTrain } from '../../../experiment/training/describeTrain.ts';
import { findTrainingStatus } from '../../../experiment/runs/repeats.ts';
import type { LabState } from '../../../experiment/state.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { useOpener } from '../../../ui/floating/useOpener.ts';
import { MoreIcon, PauseIcon, PlayIcon } from '../../../ui/icons.tsx';
import { onDemand } from '../../../ui/onDemand/onDemand.tsx';
import { DockProgress } from './DockProgress.tsx';
import styles from './Training.module.css';
import { useEstimate } from './useEstimate.ts';

const TrainMenu = onDemand('The menu', async () => (await import('./TrainMenu.tsx')).TrainMenu, {
  kind: 'floating',
});

function isRunning(state: LabState): boolean {
  return ['busy', 'pausing'].includes(findTrainingStatus(state));
}

interface TrainBarProps {
  /** Whether it is a phone's dock, where the progress is always visible. */
  readonly isDock?: boolean;
}

/** One button that trains and pauses, and a menu with the finer steps. */
export function TrainBar({ isDock = false }: TrainBarProps) {
  const lab = useLabActions();
  const label = useLab(describeTrain);
  const estimate = useEstimate();
  const isBusy = useLab(isRunning);
  const command = isBusy ? 'pause' : 'train';
  const { button, anchored } = useOpener('menu');
  const isAvailable = useLab((state) => findDisabledReason(state, command) === null);
  return (
    <div className={styles.bar} role="group" aria-label="Experiment">
      <Button
        id="train"
        className={styles.train}
        size="md"
        data-testid="train"
        data-command={command}
        data-primary
        leftSection={isBusy ? <PauseIcon /> : <PlayIcon />}
        aria-disabled={!isAvailable}
        data-disabled={!isAvailable}
        onClick={() => {
          if (isAvailable) lab[command]();
        }}
      >
        {label}
        {estimate !== null && <span className={styles.estimate}>&nbsp;· {estimate}</span>}
      </Button>
      {isDock && <DockProgress />}
      <ActionIcon variant="default" size={44} aria-label="More commands" {...button}>
        <MoreIcon />
      </ActionIcon>
      {anchored && <TrainMenu {...anchored} />}
      <DisabledReason />
    </div>
  );
}

/** Says why training cannot start, when nothing else on the page does. */
function DisabledReason() {
  const reason = useLab((state) => {
    const canStart = ['none', 'failed', 'finished'].includes(findTrainingStatus(state));
    return canStart && state.engine.status !== 'failed' ? findDisabledReason(state, 'train') : null;
  });
  return reason === null ? null : <p className={styles.disabledReason}>{reason}</p>;
}
