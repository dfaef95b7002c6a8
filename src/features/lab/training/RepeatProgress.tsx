import { Button, Progress } from '@mantine/core';
import { findSeedInTraining, findTrainingStatus } from '../../../experiment/runs/repeats.ts';
import { useLab, useLabActions, useThrottledLab } from '../../../experiment/useLab.ts';
import { describeSeed } from './describeRepeats.ts';
import { focusTrainButton } from './focusTrainButton.ts';
import styles from './Training.module.css';
import { useTimeLeft } from './useEstimate.ts';

/** Milliseconds between two updates. */
const intervalMs = 250;

/** Which seed is trained, how far all of them are, and a button that stops them. */
export function RepeatProgress() {
  const lab = useLabActions();
  const repeats = useThrottledLab((state) => state.repeats, intervalMs);
  const status = useLab(findTrainingStatus);
  const timeLeft = useTimeLeft(repeats);
  const position = findSeedInTraining(repeats);
  if (position === null) return null;
  const { seed, seedCount } = position;
  const { text, fraction } = describeSeed(repeats, status);
  const done = (repeats.finished.length + fraction) / (seedCount - 1);
  return (
    <div className={styles.repeats} data-testid="repeats" data-seed={seed} data-status={status}>
      <p>
        <strong role="status">
          Seed {seed} of {seedCount}
        </strong>
        <span>{text}</span>
        {timeLeft !== null && status === 'busy' && <span>{timeLeft} left</span>}
      </p>
      <Progress.Root size={6} radius="xl" transitionDuration={0} className={styles.repeatBar}>
        <Progress.Section
          value={100 * done}
          aria-label="Progress of all seeds"
          aria-valuetext={`Seed ${seed} of ${seedCount}: ${text}`}
        />
      </Progress.Root>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => {
          lab.stopRepeating();
          focusTrainButton();
        }}
      >
        Stop after {repeats.finished.length === 0 ? 'one seed' : `${seed - 1} seeds`}
      </Button>
    </div>
  );
}
