import { Progress } from '@mantine/core';
import { findExperimentStatus } from '../../../experiment/runs/run.ts';
import { useLab, useThrottledLab } from '../../../experiment/useLab.ts';
import { describeRun, findPosition } from './describeRun.ts';
import styles from './Training.module.css';

/** Milliseconds between two updates. */
const intervalMs = 250;

/** Between the buttons of a phone's dock: how far the run is that has the farthest to go. */
export function DockProgress() {
  const runs = useThrottledLab((state) => state.runs, intervalMs);
  const training = useThrottledLab((state) => state.data.training, intervalMs);
  const engine = useLab((state) => state.engine);
  if (!['busy', 'pausing', 'paused'].includes(findExperimentStatus(runs))) return null;
  const described = runs
    .filter(({ status }) => status !== 'failed')
    .map((run) => ({ run, ...describeRun(run, training, engine) }));
  const last = described.reduce((a, b) => ((b.fraction ?? 0) < (a.fraction ?? 0) ? b : a));
  const position = last.run.progress && findPosition(last.run.progress);
  const text = position ? `Epoch ${position.epoch}/${last.run.config.epochs}` : last.text;
  return (
    <div className={styles.dockProgress} data-testid="dock-progress">
      <p>{text}</p>
      <Progress.Root size={6} radius="xl" transitionDuration={0}>
        <Progress.Section
          value={100 * (last.fraction ?? 1)}
          striped={last.fraction === null}
          animated={last.fraction === null}
          aria-label="Progress of the experiment"
          aria-valuetext={text}
        />
      </Progress.Root>
    </div>
  );
}
