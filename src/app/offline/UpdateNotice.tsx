import { Button } from '@mantine/core';
import { useLab } from '../../experiment/useLab.ts';
import { reloadIntoNewVersion, useOffline } from './keepOffline.ts';
import styles from './UpdateNotice.module.css';

/** Offers to reload the page into its new version. */
export function UpdateNotice() {
  const hasNewVersion = useOffline((state) => state.hasNewVersion);
  const isUnsaved = useLab(
    ({ experimentId, archive }) => experimentId !== null && archive.error !== null,
  );
  const hasOwnFiles = useLab(({ customData }) => customData.loaded !== null);
  if (!hasNewVersion) return null;
  return (
    <div role="status" className={styles.notice} data-testid="new-version">
      A new version is ready.{' '}
      {isUnsaved && 'Reloading loses this experiment, because it could not be saved. '}
      {hasOwnFiles && 'Your own files are not stored: choose them again after reloading. '}
      <Button variant="subtle" size="compact-sm" onClick={() => void reloadIntoNewVersion()}>
        Reload
      </Button>
    </div>
  );
}
