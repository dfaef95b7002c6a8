import type { ReactNode } from 'react';
import { FloatingPopover } from './floating/Floating.tsx';
import type { Anchored } from './floating/useOpener.ts';
import styles from './Info.module.css';

/** The explanation that an ⓘ opens. */
export function InfoPopover({
  children,
  ...anchored
}: Anchored & { readonly children: ReactNode }) {
  return (
    <FloatingPopover {...anchored} width={320} withinPortal={false} className={styles.text}>
      {children}
    </FloatingPopover>
  );
}
