import { Progress, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { findObstacle, type RunCommand } from '../../lab/commands.ts';
import { useLab, useLabActions, useThrottledLab } from '../../lab/useLab.ts';
import { CommandButton } from '../../ui/CommandButton.tsx';
import { EpochIcon, PauseIcon, PlayIcon, ResetIcon, StepIcon } from '../../ui/icons.tsx';
import { announce, describeRun } from './describeRun.ts';
import styles from './ControlBar.module.css';

const commands: { command: RunCommand; label: string; icon: ReactNode }[] = [
  { command: 'train', label: 'Train', icon: <PlayIcon /> },
  { command: 'pause', label: 'Pause', icon: <PauseIcon /> },
  { command: 'step', label: 'Step', icon: <StepIcon /> },
  { command: 'trainEpoch', label: 'One epoch', icon: <EpochIcon /> },
  { command: 'reset', label: 'Reset', icon: <ResetIcon /> },
];

/** Milliseconds between two updates of the line that tells progress. */
const statusIntervalMs = 250;

/** Starts, holds and clears the run, and says where it is. */
export function ControlBar() {
  return (
    <div className={styles.bar}>
      <div className={styles.buttons} role="group" aria-label="Run">
        {commands.map((entry) => (
          <Control key={entry.command} {...entry} />
        ))}
      </div>
      <RunLine />
      <Obstacle />
      <Announcer />
    </div>
  );
}

function Control({ command, label, icon }: (typeof commands)[number]) {
  const lab = useLabActions();
  const isAvailable = useLab((state) => findObstacle(state, command) === null);
  return (
    <CommandButton
      label={label}
      icon={icon}
      isPrimary={command === 'train'}
      isAvailable={isAvailable}
      onPress={() => lab[command]()}
    />
  );
}

function RunLine() {
  const run = useThrottledLab((state) => state.run, statusIntervalMs);
  const training = useThrottledLab((state) => state.data.training, statusIntervalMs);
  const engine = useLab((state) => state.engine);
  const { text, pace, fraction } = describeRun(run, training, engine);
  return (
    <div className={styles.line}>
      <p className={styles.text}>
        <span>{text}</span>
        {pace !== '' && <span className={styles.pace}>{pace}</span>}
      </p>
      {run !== null && (
        <Progress.Root size={4} radius="xl" transitionDuration={0}>
          <Progress.Section
            value={100 * (fraction ?? 1)}
            striped={fraction === null}
            animated={fraction === null}
            aria-label="Progress of the run"
            aria-valuetext={text}
          />
        </Progress.Root>
      )}
    </div>
  );
}

/** Why Train refuses, where nothing else on the page says so. */
function Obstacle() {
  const reason = useLab((state) => {
    const canStart = state.run === null || state.run.status === 'failed';
    return canStart && state.engine.status !== 'failed' ? findObstacle(state, 'train') : null;
  });
  return reason === null ? null : <p className={styles.obstacle}>{reason}</p>;
}

function Announcer() {
  const text = useLab(announce);
  return (
    <VisuallyHidden>
      <p aria-live="polite">{text}</p>
    </VisuallyHidden>
  );
}
