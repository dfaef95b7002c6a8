import { Button, Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ExperimentSummary, UnreadableExperiment } from '../../experiment/storage/types.ts';
import { formatExperimentTime } from '../../experiment/runs/experimentTime.ts';
import { useLab, useThrottledLab } from '../../experiment/useLab.ts';
import { RunName } from '../../ui/charts/RunSwatch.tsx';
import { styleOf } from '../../ui/runStyles.ts';
import {
  describeAttack,
  describeNumbers,
  formatBytes,
  nameExperiment,
  type SavedResult,
} from './describeExperiment.ts';
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
  const name = nameExperiment(experiment);
  const details = [describeAttack(experiment.runs), isPresent ? 'on this page' : ''];
  return (
    <tbody data-testid="saved-experiment" data-present={isPresent}>
      <HeadRow experiment={experiment} details={details} onDelete={onDelete}>
        {!isPresent && (
          <>
            <Checkbox
              label="Compare"
              aria-label={`Compare with ${name}`}
              checked={isCompared}
              onChange={onCompare}
            />
            <Button
              variant="default"
              size="compact-sm"
              aria-label={`Open ${name}`}
              onClick={onOpen}
            >
              Open
            </Button>
          </>
        )}
      </HeadRow>
      {isPresent ? <PresentRuns /> : <Runs runs={experiment.runs} />}
    </tbody>
  );
}

type UnreadableRowsProps = Pick<HeadRowProps, 'onDelete'> & {
  readonly experiment: UnreadableExperiment;
};

/** A saved experiment whose records are damaged: it takes up space and can only be deleted. */
export function UnreadableRows(props: UnreadableRowsProps) {
  return (
    <tbody data-testid="unreadable-experiment">
      <HeadRow {...props} details={[]} />
      <tr>
        <td colSpan={4} className={styles.unreadable}>
          Cannot be read: its records are damaged or come from another version of this page.
        </td>
      </tr>
    </tbody>
  );
}

interface HeadRowProps {
  readonly experiment: ExperimentSummary | UnreadableExperiment;
  /** What is said beside time and size; empty texts are left out. */
  readonly details: readonly string[];
  /** Actions before Delete. */
  readonly children?: ReactNode;
  readonly onDelete: () => void;
}

function HeadRow({ experiment, details, children, onDelete }: HeadRowProps) {
  const { startedAt, bytes } = experiment;
  const all = [bytes > 0 ? formatBytes(bytes) : '', ...details].filter((detail) => detail !== '');
  return (
    <tr className={styles.head}>
      <th scope="rowgroup" colSpan={4}>
        <div className={styles.title}>
          <span>
            <strong>{startedAt === null ? 'Unknown time' : formatExperimentTime(startedAt)}</strong>
            <span className={styles.detail}>{all.map((detail) => ` · ${detail}`)}</span>
          </span>
          <span className={styles.actions}>
            {children}
            <Button
              variant="subtle"
              size="compact-sm"
              aria-label={`Delete ${nameExperiment(experiment)}`}
              onClick={onDelete}
            >
              Delete
            </Button>
          </span>
        </div>
      </th>
    </tr>
  );
}

/** The runs of the current experiment, which are ahead of their saved state. */
function PresentRuns() {
  return <Runs runs={useThrottledLab((state) => state.runs, 1000)} />;
}

interface NamedResult extends SavedResult {
  readonly id: string;
  readonly name: string;
  readonly paletteIndex: number;
}

function Runs({ runs }: { readonly runs: readonly NamedResult[] }) {
  return runs.map((run) => {
    const { epochs, clean, attacked, note } = describeNumbers(run);
    return (
      <tr key={run.id}>
        <th scope="row">
          <RunName runStyle={styleOf(run)} name={run.name} />
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
