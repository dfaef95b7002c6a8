import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import styles from './SavedExperiments.module.css';

type Answer = 'unknown' | 'no' | 'yes' | 'declined';

/** Undefined on pages over plain http. */
function findStorage(): Pick<StorageManager, 'persist' | 'persisted'> | undefined {
  return (navigator as Partial<Navigator>).storage;
}

/** Offers to ask the browser not to delete the site's data when the disk is full. */
export function PersistenceLine() {
  const [answer, setAnswer] = useState<Answer>('unknown');
  useEffect(() => {
    findStorage()
      ?.persisted()
      .then(
        (isSaved) => setAnswer(isSaved ? 'yes' : 'no'),
        () => undefined, // without an answer there is nothing to offer
      );
  }, []);

  function ask(): void {
    findStorage()
      ?.persist()
      .then(
        (isSaved) => setAnswer(isSaved ? 'yes' : 'declined'),
        () => setAnswer('declined'),
      );
  }

  if (answer === 'unknown') return null;
  return (
    <p className={styles.persistence} role="status">
      {answer === 'yes' && 'The browser keeps them until you delete them.'}
      {answer === 'declined' &&
        'The browser declined: it may still delete them when the disk is full. Bookmarking this page often helps.'}
      {answer === 'no' && (
        <>
          The browser may delete them when the disk is full.{' '}
          <Button variant="subtle" size="compact-sm" onClick={ask}>
            Ask it not to
          </Button>
        </>
      )}
    </p>
  );
}
