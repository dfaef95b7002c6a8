import { Button, Modal } from '@mantine/core';
import type { ListedExperiment, UnreadableExperiment } from '../../experiment/storage/types.ts';
import { useLab } from '../../experiment/useLab.ts';
import { nameExperiment } from './describeExperiment.ts';
import styles from './SavedExperiments.module.css';

interface DeleteDialogProps {
  /** The experiment to delete, or null when the dialog is closed. */
  readonly experiment: ListedExperiment | UnreadableExperiment | null;
  readonly onKeep: () => void;
  readonly onDelete: (experimentId: string) => void;
}

/** Asks for confirmation before an experiment is deleted for good. */
export function DeleteDialog({ experiment, onKeep, onDelete }: DeleteDialogProps) {
  const isPresent = useLab(
    ({ experimentId }) => experiment !== null && experimentId === experiment.id,
  );
  // Without an experiment the dialog is closed but still rendered, so that the focus returns to where it was.
  return (
    // Composed by hand, because Mantine's header would be a second banner landmark.
    <Modal.Root
      opened={experiment !== null}
      onClose={onKeep}
      centered
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body className={styles.dialog}>
          <Modal.Title className={styles.heading}>
            {experiment === null ? '' : `Delete ${nameExperiment(experiment)}?`}
          </Modal.Title>
          <p className={styles.question}>
            {experiment !== null && describeLoss(experiment)}
            {isPresent && ' It is the current experiment: training stops, and the page is cleared.'}
          </p>
          <div className={styles.actions}>
            <Button variant="default" data-autofocus onClick={onKeep}>
              Keep it
            </Button>
            <Button
              variant="default"
              className={styles.delete}
              onClick={() => experiment !== null && onDelete(experiment.id)}
            >
              Delete for good
            </Button>
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function describeLoss(experiment: ListedExperiment | UnreadableExperiment): string {
  if (!('runs' in experiment)) return 'Its record cannot be read. Deleting it cannot be undone.';
  const runs = experiment.runs.length === 1 ? 'Its run' : `Its ${experiment.runs.length} runs`;
  return `${runs}, with networks, curves and measurements, will be deleted for good.`;
}
