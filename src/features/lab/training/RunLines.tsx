import { Progress, VisuallyHidden } from '@mantine/core';
import type { Run } from '../../../experiment/runs/run.ts';
import { useLab, useThrottledLab } from '../../../experiment/useLab.ts';
import { RunSwatch } from '../../../ui/charts/RunSwatch.tsx';
import { keepTogether } from '../../../ui/format.ts';
import { styleOf } from '../../../ui/runStyles.ts';
import { announce, describeRun, makeStatusAttributes, type RunDescription } from './describeRun.ts';
import styles from './Training.module.css';
import { describeWaiting, type Waiting } from './waiting.ts';

/** Milliseconds between two updates of the progress lines. */
const statusIntervalMs = 250;

interface RunLinesProps {
  /** Otherwise only screen readers find them. */
  readonly isShown: boolean;
}

/** The progress of each run, and what they wait for. */
export function RunLines({ isShown }: RunLinesProps) {
  const runs = useThrottledLab((state) => state.runs, statusIntervalMs);
  const training = useThrottledLab((state) => state.data.training, statusIntervalMs);
  const engine = useLab((state) => state.engine);
  const waiting = describeWaiting(runs, training, engine);
  return (
    <div className={styles.progresses} data-over={!isShown || undefined}>
      <ul className={styles.lines}>
        {runs.map((run) => (
          <RunLine key={run.id} run={run} isWaiting={waiting !== null} {...describeRun(run)} />
        ))}
      </ul>
      {waiting !== null && (
        <div className={styles.waiting} data-testid="waiting">
          <p>{waiting.text}</p>
          <Bar {...waiting} label="Progress of the start" color="var(--accent)" />
        </div>
      )}
    </div>
  );
}

interface RunLineProps extends RunDescription {
  readonly run: Run;
  /** Whether a line for all runs says what this one waits for. */
  readonly isWaiting: boolean;
}

function RunLine({ run, isWaiting, text, pace, fraction }: RunLineProps) {
  const runStyle = styleOf(run);
  return (
    <li className={styles.line} translate="no">
      <p className={styles.text} data-waiting={isWaiting || undefined}>
        <span className={styles.name}>
          <RunSwatch runStyle={runStyle} />
          <strong>{run.name}</strong>
        </span>
        <span className={styles.progress} data-testid="run-status" {...makeStatusAttributes(run)}>
          {keepTogether(text)}
        </span>
        {!isWaiting && pace !== '' && <span className={styles.pace}>{pace}</span>}
      </p>
      {!isWaiting && (
        <Bar
          text={text}
          fraction={fraction}
          label={`Progress of ${run.name}`}
          color={runStyle.color}
        />
      )}
    </li>
  );
}

interface BarProps extends Waiting {
  readonly label: string;
  readonly color: string;
}

function Bar({ text, fraction, label, color }: BarProps) {
  return (
    <Progress.Root size={3} radius="xl" transitionDuration={0}>
      <Progress.Section
        value={100 * (fraction ?? 1)}
        color={color}
        striped={fraction === null}
        animated={fraction === null}
        aria-label={label}
        aria-valuetext={text}
      />
    </Progress.Root>
  );
}

/** Tells screen readers the end of an epoch, a pause and the end. */
export function Announcer() {
  const text = useLab(announce);
  return (
    <VisuallyHidden>
      <p aria-live="polite">{text}</p>
    </VisuallyHidden>
  );
}
