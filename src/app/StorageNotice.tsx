import { useLab } from '../experiment/useLab.ts';
import styles from './Problems.module.css';

/** Says why nothing is saved for a reload, as long as that is true. */
export function StorageNotice() {
  const error = useLab(({ archive }) => archive.error);
  if (error === null) return null;
  return (
    <div role="status" className={styles.notice} data-testid="storage-notice">
      <p>
        <strong>Not saved.</strong> {error.message} {error.remedy}
      </p>
    </div>
  );
}
