import { ActionIcon, Button, Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import {
  findDisabledReason,
  type ExperimentCommand,
} from '../../../experiment/training/commands.ts';
import { describeTrain } from '../../../experiment/training/describeTrain.ts';
import { findTrainingStatus } from '../../../experiment/runs/repeats.ts';
import type { LabState } from '../../../experiment/state.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import {
  DiceIcon,
  EpochIcon,
  HalfStepIcon,
  MoreIcon,
  PauseIcon,
  PlayIcon,
  ResetIcon,
  StepIcon,
} from '../../../ui/icons.tsx';
import { DockProgress } from './DockProgress.tsx';
import styles from './Training.module.css';
import { useEstimate } from './useEstimate.ts';

const menu: readonly { command: ExperimentCommand; label: string; icon: ReactNode }[] = [
  { command: 'step', label: 'One step', icon: <StepIcon /> },
  { command: 'halfStep', label: 'Half a step', icon: <HalfStepIcon /> },
  { command: 'trainEpoch', label: 'One epoch', icon: <EpochIcon /> },
  { command: 'reset', label: 'Start over', icon: <ResetIcon /> },
  { command: 'newSeed', label: 'New random seed', icon: <DiceIcon /> },
];

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
      <Menu
        position="bottom-start"
        shadow="md"
        withinPortal={false}
        // The focus goes to the first command; a placeholder has no place in a menu.
        withInitialFocusPlaceholder={false}
      >
        <Menu.Target>
          <ActionIcon variant="default" size={44} aria-label="More commands">
            <MoreIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {menu.map((entry) => (
            <Item key={entry.command} {...entry} />
          ))}
        </Menu.Dropdown>
      </Menu>
      <DisabledReason />
    </div>
  );
}

function Item({ command, label, icon }: (typeof menu)[number]) {
  const lab = useLabActions();
  const reason = useLab((state) => findDisabledReason(state, command));
  return (
    <Menu.Item
      leftSection={icon}
      aria-disabled={reason !== null}
      data-disabled={reason !== null}
      title={reason ?? ''}
      onClick={() => {
        if (reason === null) lab[command]();
      }}
    >
      {label}
    </Menu.Item>
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
