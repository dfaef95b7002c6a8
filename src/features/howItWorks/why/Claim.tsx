import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { keepTogether } from '../../../ui/format.ts';
import styles from './Why.module.css';

interface ClaimProps {
  readonly title: string;
  /** The claim in one sentence, visible even while the rest is folded. */
  readonly gist: string;
  readonly children: ReactNode;
  /** What the chosen network's own numbers say about the claim. */
  readonly numbers: string | null;
  readonly name: string;
  readonly source: ReactNode;
}

/** A claim with its reasons, numbers and source; on phones they are folded at first. */
export function Claim({ title, gist, children, numbers, name, source }: ClaimProps) {
  const isPhone = useMediaQuery('(max-width: 47.99em)', undefined, {
    getInitialValueInEffect: false,
  });
  return (
    <details className={styles.claim} open={!isPhone}>
      <summary>
        <h3>{title}</h3>
        <span>{gist}</span>
      </summary>
      <p>{children}</p>
      {numbers !== null && (
        <p className={styles.numbers} data-testid="claim-numbers">
          <strong>{keepTogether(name)}.</strong> {keepTogether(numbers)}
        </p>
      )}
      <p className={styles.source} data-testid="claim-source">
        Source: {source}.
      </p>
    </details>
  );
}

export function Paper({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  return (
    <a href={`https://arxiv.org/abs/${id}`} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
