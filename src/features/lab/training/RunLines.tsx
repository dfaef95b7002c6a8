import { Progress, VisuallyHidden } from '@mantine/core';
import type { Run } from '../../../experiment/runs/run.ts';
import { useLab, useThrottledLab } from '../../../experiment/useLab.ts';
import { RunSwatch } from '../../../ui/charts/RunSwatch.tsx';
import { keepTogether } from '../../../ui/format.ts';
import { styleOf } from '../../../ui/runStyles.ts';
import { announce, describeRun, makeStatusAttributes, type RunDescription } from './describeRun.ts';
import styles from './Training.module.css';

/** Milliseconds between two updates of the progress lines. */
const statusIntervalMs = 250;

/** The progress of each run. */
export function RunLines() {
  const runs = useThrottledLab((state) => state.runs, statusIntervalMs);
  const training = useThrottledLab((state) => state.data.training, statusIntervalMs);
  const engine = useLab((state) => state.engine);
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

/** Tells screen readers the end of an epoch, a pause and the end. */
export function Announcer() {
  const text = useLab(announce);
  return (
    <VisuallyHidden>
      <p aria-live="polite">{text}</p>
    </VisuallyHidden>
  );
}
