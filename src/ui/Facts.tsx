import type { ReactNode } from 'react';
import styles from './Facts.module.css';

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
}

/** Names and their values, one `Fact` per line. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className={styles.facts}>{children}</dl>;
}

export function Fact({ name, children }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
