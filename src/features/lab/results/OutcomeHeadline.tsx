import { keepTogether } from '../../../ui/format.ts';
import { isLongHeadline } from '../hero/headline.ts';
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
        data-long={isLongHeadline(outcome.headline) || undefined}
      >
        {keepTogether(outcome.headline)}
      </h2>
    </div>
  );
}
