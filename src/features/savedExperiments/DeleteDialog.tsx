import { Button, Modal } from '@mantine/core';
import type { ExperimentSummary, UnreadableExperiment } from '../../experiment/storage/types.ts';
import { useLab } from '../../experiment/useLab.ts';
import { nameExperiment } from './describeExperiment.ts';
import styles from './SavedExperiments.module.css';

interface DeleteDialogProps {
  /** The experiment to delete, or null when the dialog is closed. */
  readonly race: ExperimentSummary | UnreadableExperiment | null;
  readonly onKeep: () => void;
  readonly onDelete: (experimentId: string) => void;
}

/** Asks for confirmation before an experiment is deleted for good. */
export function DeleteDialog({ race, onKeep, onDelete }: DeleteDialogProps) {
  const isPresent = useLab(({ experimentId }) => race !== null && experimentId === race.id);
  const title = race === null ? '' : `Delete ${nameExperiment(race)}?`;
  // Without an experiment the dialog is closed but still rendered, so that the focus returns to where it was.
  return (
    <Modal.Root opened={race !== null} onClose={onKeep} centered transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content aria-label={title}>
        <Modal.Body className={styles.dialog}>
          <h2 className={styles.heading}>{title}</h2>
          <p className={styles.question}>
            {race !== null && describeLoss(race)}
            {isPresent && ' It is the race on this page: it stops, and the page is cleared.'}
          </p>
          <div className={styles.answers}>
            <Button variant="default" data-autofocus onClick={onKeep}>
              Keep it
            </Button>
            <Button
              variant="default"
              className={styles.delete}
              onClick={() => race !== null && onDelete(race.id)}
            >
              Delete for good
            </Button>
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function describeLoss(race: ExperimentSummary | UnreadableExperiment): string {
  if (!('runs' in race)) return 'What is stored of it cannot be read; it will be gone for good.';
  const runs = race.runs.length === 1 ? 'Its run' : `Its ${race.runs.length} runs`;
  return `${runs}, with networks, curves and measurements, will be gone for good.`;
}
