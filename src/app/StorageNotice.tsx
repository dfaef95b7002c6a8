import { useLab } from '../experiment/useLab.ts';
import styles from './Problems.module.css';

/** Why nothing is kept over a reload, for as long as that is so. */
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
