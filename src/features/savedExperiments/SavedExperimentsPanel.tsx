import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ListedExperiment, UnreadableExperiment } from '../../experiment/storage/types.ts';
import {
  deleteExperiment,
  openExperiment,
  refreshExperiments,
  toggleReference,
} from '../../experiment/storage/savedExperiments.ts';
import { findExperimentStatus } from '../../experiment/runs/run.ts';
import { type LabState, newestCount } from '../../experiment/state.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import type { ErrorReport } from '../../domain/errors.ts';
import { Panel } from '../../ui/Panel.tsx';
import { ErrorNotice } from '../../ui/ProblemNotice.tsx';
import { DeleteDialog } from './DeleteDialog.tsx';
import { describeStorage } from './describeExperiment.ts';
import { ExperimentItem, UnreadableItem } from './ExperimentItem.tsx';
import { PersistenceLine } from './PersistenceLine.tsx';
import styles from './SavedExperiments.module.css';

/**
 * Changes when the list may be out of date: with another experiment, its state, and its first complete epoch,
 * after which its weights are saved. Later epochs need no more space, and the current experiment's numbers come
 * from the page.
 */
function findOccasion({ experimentId, runs }: LabState): string {
  const hasEpoch = runs.every(
    ({ progress }) => progress !== null && progress.step >= progress.stepsPerEpoch,
  );
  return `${experimentId} ${findExperimentStatus(runs)} ${hasEpoch}`;
}

/** How many more are listed on each request. */
const pageSize = 20;

/** Experiments saved in this browser: the user can open them, compare them with the current one or delete them. */
export function SavedExperimentsPanel() {
  const lab = useLabActions();
  const occasion = useLab(findOccasion);
  const { experiments, unreadable, atMost, count, bytes, error } = useLab((state) => state.archive);
  const [problem, setProblem] = useState<ErrorReport | null>(null);
  const [deleted, setDeleted] = useState<ListedExperiment | UnreadableExperiment | null>(null);
  const summary = useRef<HTMLParagraphElement>(null);

  useEffect(() => void refreshExperiments(lab), [lab, occasion]);

  const areAllShown = count <= atMost;
  const nextCount = Math.min(pageSize, count - atMost);

  async function open(experimentId: string): Promise<void> {
    setProblem(await openExperiment(lab, experimentId));
  }

  async function remove(experimentId: string): Promise<void> {
    setDeleted(null);
    setProblem(await deleteExperiment(lab, experimentId));
    summary.current?.focus(); // the pressed button no longer exists
  }

  return (
    <Panel title="Saved experiments">
      <ErrorNotice
        title="That did not work"
        error={problem}
        action={{ label: 'Dismiss', onPress: () => setProblem(null) }}
      />
      {experiments === null ? (
        <p className={styles.lead}>
          {error === null
            ? 'Loading the saved experiments…'
            : `Saved experiments cannot be shown. ${error.message} ${error.remedy}`}
        </p>
      ) : (
        <p
          className={styles.lead}
          ref={summary}
          tabIndex={-1}
          data-testid="saved-experiments"
          data-count={count}
        >
          {count === 0
            ? 'No saved experiments yet. Every experiment that you train is saved in this browser only, and a reload resumes it.'
            : `${describeStorage(count, bytes)}, in this browser only.`}
        </p>
      )}
      {experiments !== null && count > 0 && (
        <>
          <ul className={styles.list} aria-label="Saved experiments">
            {experiments.map((experiment) => (
              <ExperimentItem
                key={experiment.id}
                experiment={experiment}
                onOpen={() => void open(experiment.id)}
                onCompare={() => void toggleReference(lab, experiment).then(setProblem)}
                onDelete={() => setDeleted(experiment)}
              />
            ))}
            {unreadable.map((experiment) => (
              <UnreadableItem
                key={experiment.id}
                experiment={experiment}
                onDelete={() => setDeleted(experiment)}
              />
            ))}
          </ul>
          <div className={styles.below}>
            {count > newestCount && (
              <Button
                variant="subtle"
                size="compact-sm"
                className={styles.more}
                data-testid="more-experiments"
                onClick={() =>
                  void refreshExperiments(lab, areAllShown ? newestCount : atMost + pageSize)
                }
              >
                {areAllShown ? 'Show only the newest' : `Show ${nextCount} more`}
              </Button>
            )}
            <PersistenceLine />
          </div>
        </>
      )}
      <DeleteDialog
        experiment={deleted}
        onKeep={() => setDeleted(null)}
        onDelete={(experimentId) => void remove(experimentId)}
      />
    </Panel>
  );
}
