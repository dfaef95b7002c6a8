import { Button, Modal } from '@mantine/core';
import type { RaceSummary } from '../../lab/archive.ts';
import { formatRaceTime } from '../../lab/raceTime.ts';
import { useLab } from '../../lab/useLab.ts';
import styles from './Races.module.css';

interface DeleteDialogProps {
  /** The race in question; null: none. */
  readonly race: RaceSummary | null;
  readonly onKeep: () => void;
  readonly onDelete: (race: RaceSummary) => void;
}

/** Asks before a race is deleted, as nothing brings it back. */
export function DeleteDialog({ race, onKeep, onDelete }: DeleteDialogProps) {
  const isPresent = useLab(({ raceId }) => race !== null && raceId === race.id);
  const title = race === null ? '' : `Delete the race of ${formatRaceTime(race.startedAt)}?`;
  // Closed, not gone, while there is no race: so the focus goes back to where it was.
  return (
    <Modal.Root opened={race !== null} onClose={onKeep} centered transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content aria-label={title}>
        <Modal.Body className={styles.dialog}>
          <h2 className={styles.heading}>{title}</h2>
          <p className={styles.question}>
            {race?.runs.length === 1 ? 'Its run' : `Its ${race?.runs.length} runs`}, with networks,
            curves and measurements, will be gone for good.
            {isPresent && ' It is the race on this page: it stops, and the page is cleared.'}
          </p>
          <div className={styles.answers}>
            <Button variant="default" data-autofocus onClick={onKeep}>
              Keep it
            </Button>
            <Button
              variant="default"
              className={styles.delete}
              onClick={() => race !== null && onDelete(race)}
            >
              Delete for good
            </Button>
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
