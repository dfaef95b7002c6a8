import { Progress, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { findDisabledReason, type ExperimentCommand } from '../../experiment/training/commands.ts';
import { findExperimentStatus, type Run } from '../../experiment/runs/run.ts';
import { useLab, useLabActions, useThrottledLab } from '../../experiment/useLab.ts';
import { RunSwatch } from '../../ui/charts/RunSwatch.tsx';
import { CommandButton } from '../../ui/fields/CommandButton.tsx';
import { keepTogether } from '../../ui/format.ts';
import {
  DiceIcon,
  EpochIcon,
  HalfStepIcon,
  PauseIcon,
  PlayIcon,
  ResetIcon,
  StepIcon,
} from '../../ui/icons.tsx';
import { styleOf } from '../../ui/runStyles.ts';
import {
  announce,
  describeRun,
  introduction,
  makeStatusAttributes,
  type RunDescription,
} from './describeRun.ts';
import styles from './ControlBar.module.css';

const commands: {
  command: ExperimentCommand;
  label: string;
  icon: ReactNode;
  isSecondary?: boolean;
}[] = [
  { command: 'train', label: 'Train', icon: <PlayIcon /> },
  { command: 'pause', label: 'Pause', icon: <PauseIcon /> },
  { command: 'step', label: 'Step', icon: <StepIcon /> },
  // Left out on phones; "How it works" has it as well.
  { command: 'halfStep', label: 'Half step', icon: <HalfStepIcon />, isSecondary: true },
  { command: 'trainEpoch', label: 'One epoch', icon: <EpochIcon /> },
  { command: 'reset', label: 'Reset', icon: <ResetIcon /> },
  { command: 'newSeed', label: 'New seed', icon: <DiceIcon />, isSecondary: true },
];

/** Milliseconds between two updates of the progress line. */
const statusIntervalMs = 250;

/** Starts, pauses and clears the experiment, and shows the progress of each run. */
export function ControlBar() {
  return (
    <div className={styles.bar}>
      <div className={styles.buttons} role="group" aria-label="Experiment">
        {commands.map((entry) => (
          <Control key={entry.command} {...entry} />
        ))}
      </div>
      <RunLines />
      <Obstacle />
      <Announcer />
    </div>
  );
}

function Control({ command, label, icon, isSecondary = false }: (typeof commands)[number]) {
  const lab = useLabActions();
  const isAvailable = useLab((state) => findDisabledReason(state, command) === null);
  return (
    <CommandButton
      label={label}
      icon={icon}
      isPrimary={command === 'train'}
      isAvailable={isAvailable}
      isSecondary={isSecondary}
      onPress={() => lab[command]()}
    />
  );
}

function RunLines() {
  const runs = useThrottledLab((state) => state.runs, statusIntervalMs);
  const training = useThrottledLab((state) => state.data.training, statusIntervalMs);
  const engine = useLab((state) => state.engine);
  if (runs.length === 0) {
    return (
      <p className={styles.introduction} data-testid="no-runs">
        {introduction}
      </p>
    );
  }
  return (
    <ul className={styles.lines}>
      {runs.map((run) => (
        <RunLine key={run.id} run={run} {...describeRun(run, training, engine)} />
      ))}
    </ul>
  );
}

function RunLine({ run, text, brief, pace, fraction }: { readonly run: Run } & RunDescription) {
  const runStyle = styleOf(run);
  return (
    <li className={styles.line}>
      <p className={styles.text} data-brief={brief !== undefined || undefined}>
        <span className={styles.name}>
          <RunSwatch runStyle={runStyle} />
          <strong>{run.name}</strong>
        </span>
        <span className={styles.progress} data-testid="run-status" {...makeStatusAttributes(run)}>
          {keepTogether(text)}
        </span>
        {brief !== undefined && (
          <span className={styles.brief} data-testid="run-result-brief" aria-hidden>
            {keepTogether(brief)}
          </span>
        )}
        {pace !== '' && <span className={styles.pace}>{pace}</span>}
      </p>
      <Progress.Root size={3} radius="xl" transitionDuration={0}>
        <Progress.Section
          value={100 * (fraction ?? 1)}
          color={runStyle.color}
          striped={fraction === null}
          animated={fraction === null}
          aria-label={`Progress of ${run.name}`}
          aria-valuetext={text}
        />
      </Progress.Root>
    </li>
  );
}

/** Says why Train is disabled, when nothing else on the page does. */
function Obstacle() {
  const reason = useLab((state) => {
    const canStart = ['none', 'failed'].includes(findExperimentStatus(state.runs));
    return canStart && state.engine.status !== 'failed' ? findDisabledReason(state, 'train') : null;
  });
  return reason === null ? null : <p className={styles.disabledReason}>{reason}</p>;
}

function Announcer() {
  const text = useLab(announce);
  return (
    <VisuallyHidden>
      <p aria-live="polite">{text}</p>
    </VisuallyHidden>
  );
}
