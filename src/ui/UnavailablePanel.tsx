import type { ReactNode } from 'react';
import { Panel } from './Panel.tsx';
import styles from './Panel.module.css';

interface UnavailablePanelProps {
  readonly title: string;
  /** Why, and what brings it back. */
  readonly children: ReactNode;
}

/** A panel that has nothing to show for the present data, in the place where it else is. */
export function UnavailablePanel({ title, children }: UnavailablePanelProps) {
  return (
    <Panel title={title}>
      <p className={styles.unavailable}>{children}</p>
    </Panel>
  );
}
