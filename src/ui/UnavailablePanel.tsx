import type { ReactNode } from 'react';
import { Panel } from './Panel.tsx';
import styles from './Panel.module.css';

interface UnavailablePanelProps {
  readonly title: string;
  /** Why the panel is unavailable and what brings it back. */
  readonly children: ReactNode;
}

/** Replaces a panel that has nothing to show for the current data. */
export function UnavailablePanel({ title, children }: UnavailablePanelProps) {
  return (
    <Panel title={title}>
      <p className={styles.unavailable}>{children}</p>
    </Panel>
  );
}
