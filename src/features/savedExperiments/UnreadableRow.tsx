import { Button } from '@mantine/core';
import type { UnreadableExperiment } from '../../experiment/storage/types.ts';
import { formatExperimentTime } from '../../experiment/runs/experimentTime.ts';
import { formatBytes, nameExperiment } from './describeExperiment.ts';
import styles from './SavedExperiments.module.css';

interface UnreadableRowProps {
  readonly experiment: UnreadableExperiment;
  readonly onDelete: () => void;
}

/** A saved experiment whose records are damaged: it takes up space and can only be deleted. */
export function UnreadableRow({ experiment, onDelete }: UnreadableRowProps) {
  const { startedAt, bytes } = experiment;
  return (
    <tbody data-testid="unreadable-experiment">
      <tr className={styles.head}>
        <th scope="rowgroup" colSpan={4}>
          <div className={styles.title}>
            <span>
              <strong>
                {startedAt === null ? 'Unknown time' : formatExperimentTime(startedAt)}
              </strong>
              <span className={styles.detail}>{bytes > 0 && ` · ${formatBytes(bytes)}`}</span>
            </span>
            <span className={styles.actions}>
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
      <tr>
        <td colSpan={4} className={styles.unreadable}>
          Cannot be read: its records are damaged, or of another version of this page.
        </td>
      </tr>
    </tbody>
  );
}
