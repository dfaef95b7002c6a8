import type { CSSProperties } from 'react';
import { keepTogether } from '../../../ui/format.ts';
import type { Outcome } from './outcome.ts';
import styles from './Outcome.module.css';

/** The verdict, in the headline's place. */
export function OutcomeHeadline({ outcome }: { readonly outcome: Outcome }) {
  return (
    <div role="status">
      <h2
        className={styles.headline}
        data-testid="outcome"
        data-kind={outcome.kind}
        style={{ '--characters': outcome.headline.length } as CSSProperties}
      >
        {keepTogether(outcome.headline)}
      </h2>
    </div>
  );
}
