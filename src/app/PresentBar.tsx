import { Button, VisuallyHidden } from '@mantine/core';
import { useLabActions } from '../experiment/useLab.ts';
import styles from './NavBar.module.css';

/** In the place of the bar while presenting: the page's name for screen readers, and the way back. */
export function PresentBar() {
  const lab = useLabActions();
  return (
    <header className={styles.presentBar}>
      <VisuallyHidden>
        <h1>Adversarial Gradient Lab</h1>
      </VisuallyHidden>
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => lab.update({ isPresenting: false, tourStep: null })}
      >
        Exit (Esc)
      </Button>
    </header>
  );
}
