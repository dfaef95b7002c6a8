import { Button, Checkbox } from '@mantine/core';
import type { ExperimentSummary } from '../../experiment/storage/types.ts';
import { formatExperimentTime } from '../../experiment/runs/experimentTime.ts';
import { useLab, useThrottledLab } from '../../experiment/useLab.ts';
import { RunSwatch } from '../../ui/charts/RunSwatch.tsx';
import { styleOf } from '../../ui/runStyles.ts';
import { describeAttack, describeNumbers, formatBytes } from './describeExperiment.ts';
import styles from './SavedExperiments.module.css';

interface ExperimentRowsProps {
  readonly experiment: ExperimentSummary;
  readonly onOpen: () => void;
  readonly onCompare: () => void;
  readonly onDelete: () => void;
}

/** A saved experiment: a row with its start time and actions, then one row per run. */
export function ExperimentRows({ experiment, onOpen, onCompare, onDelete }: ExperimentRowsProps) {
  const isPresent = useLab(({ experimentId }) => experimentId === experiment.id);
  const isCompared = useLab(({ references }) => references.some(({ id }) => id === experiment.id));
  const time = formatExperimentTime(experiment.startedAt);
  const details = [
    formatBytes(experiment.bytes),
    describeAttack(experiment.runs),
    isPresent ? 'on this page' : '',
  ].filter((detail) => detail !== '');
  return (
    <tbody data-testid="saved-experiment" data-present={isPresent}>
      <tr className={styles.head}>
        <th scope="rowgroup" colSpan={4}>
          <div className={styles.title}>
            <span>
              <strong>{time}</strong>
              <span className={styles.detail}>{` · ${details.join(' · ')}`}</span>
            </span>
            <span className={styles.actions}>
              {!isPresent && (
                <>
                  <Checkbox
                    label="Compare"
                    aria-label={`Compare with the experiment of ${time}`}
                    checked={isCompared}
                    onChange={onCompare}
                  />
                  <Button
                    variant="default"
                    size="compact-sm"
                    aria-label={`Open the experiment of ${time}`}
                    onClick={onOpen}
                  >
                    Open
                  </Button>
                </>
              )}
              <Button
                variant="subtle"
                size="compact-sm"
                aria-label={`Delete the experiment of ${time}`}
                onClick={onDelete}
              >
                Delete
              </Button>
            </span>
          </div>
        </th>
      </tr>
      {isPresent ? <PresentRuns /> : <Runs runs={experiment.runs} />}
    </tbody>
  );
}

/** The runs of the current experiment, which are ahead of their saved state. */
function PresentRuns() {
  const runs = useThrottledLab((state) => state.runs, 1000);
  return <Runs runs={runs} />;
}

function Runs({ runs }: { readonly runs: ExperimentSummary['runs'] | readonly PresentRun[] }) {
  return runs.map((run) => {
    const { epochs, clean, attacked, note } = describeNumbers(run);
    return (
      <tr key={run.id}>
        <th scope="row">
          <span className={styles.run}>
            <RunSwatch runStyle={styleOf(run)} />
            {run.name}
          </span>
        </th>
        <td>{epochs}</td>
        <td>
          {clean} {note !== '' && <span className={styles.note}>{note}</span>}
        </td>
        <td>{attacked}</td>
      </tr>
    );
  });
}

type PresentRun = Pick<
  ExperimentSummary['runs'][number],
  'id' | 'name' | 'paletteIndex' | 'progress' | 'config' | 'history'
>;
