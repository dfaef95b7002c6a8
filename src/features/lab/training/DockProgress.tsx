import { Progress } from '@mantine/core';
import { findSeedInTraining } from '../../../experiment/runs/repeats.ts';
import { findExperimentStatus, type Run } from '../../../experiment/runs/run.ts';
import { useLab, useThrottledLab } from '../../../experiment/useLab.ts';
import { describeSeed } from './describeRepeats.ts';
import { describeRun, findPosition } from './describeRun.ts';
import styles from './Training.module.css';
import { describeWaiting, type Waiting } from './waiting.ts';

/** Milliseconds between two updates. */
const intervalMs = 250;

/** Between the buttons of a phone's dock: how far the run is that has the farthest to go. */
export function DockProgress() {
  const runs = useThrottledLab((state) => state.runs, intervalMs);
  const training = useThrottledLab((state) => state.data.training, intervalMs);
  const repeats = useThrottledLab((state) => state.repeats, intervalMs);
  const engine = useLab((state) => state.engine);
  const seed = findSeedInTraining(repeats);
  if (seed !== null) {
    const { fraction } = describeSeed(repeats, 'busy');
    const done = (repeats.finished.length + fraction) / (seed.seedCount - 1);
    return <Dock text={`Seed ${seed.seed} of ${seed.seedCount}`} fraction={done} />;
  }
  if (!['busy', 'pausing', 'paused'].includes(findExperimentStatus(runs))) return null;
  return <Dock {...(describeWaiting(runs, training, engine) ?? describeSlowest(runs))} />;
}

function Dock({ text, fraction }: Waiting) {
  return (
    <div className={styles.dockProgress} data-testid="dock-progress">
      <p>{text}</p>
      <Progress.Root size={6} radius="xl" transitionDuration={0}>
        <Progress.Section
          value={100 * (fraction ?? 1)}
          striped={fraction === null}
          animated={fraction === null}
          aria-label="Progress of the experiment"
          aria-valuetext={text}
        />
      </Progress.Root>
    </div>
  );
}

/** The position of the run that has the farthest to go, in few letters. */
function describeSlowest(runs: readonly Run[]): Waiting {
  const described = runs
    .filter(({ status }) => status !== 'failed')
    .map((run) => ({ run, ...describeRun(run) }));
  const { run, text, fraction } = described.reduce((a, b) => (b.fraction < a.fraction ? b : a));
  const position = run.progress && findPosition(run.progress);
  return { text: position ? `Epoch ${position.epoch}/${run.config.epochs}` : text, fraction };
}
