import { Button } from '@mantine/core';
import { useLab } from '../../experiment/useLab.ts';
import { reloadIntoNewVersion, useOffline } from './keepOffline.ts';
import styles from './UpdateNotice.module.css';

/** Offers the new version of the page, which nobody has to take now. */
export function UpdateNotice() {
  const hasNewVersion = useOffline((state) => state.hasNewVersion);
  const isUnsaved = useLab(
    ({ experimentId, archive }) => experimentId !== null && archive.error !== null,
  );
  if (!hasNewVersion) return null;
  return (
    <div role="status" className={styles.notice} data-testid="new-version">
      A new version is ready.{' '}
      {isUnsaved && 'Reloading loses this experiment, because it could not be saved. '}
      <Button variant="subtle" size="compact-sm" onClick={() => void reloadIntoNewVersion()}>
        Reload
      </Button>
    </div>
  );
}
