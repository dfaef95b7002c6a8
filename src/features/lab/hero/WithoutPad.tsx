import type { ReactNode } from 'react';
import { AttackEpsilon } from './AttackEpsilon.tsx';
import styles from './Hero.module.css';

interface WithoutPadProps {
  /** Whether a link has hidden the pad; otherwise the networks take images that it cannot draw. */
  readonly isHidden: boolean;
  readonly verdict: ReactNode;
}

/** What is left without the pad: the verdict, and the ε of the attack on the test images below. */
export function WithoutPad({ isHidden, verdict }: WithoutPadProps) {
  return (
    <section
      className={styles.withoutPad}
      aria-label={isHidden ? 'Attack' : 'Draw'}
      data-panel={isHidden ? undefined : 'Draw'}
    >
      {verdict}
      {!isHidden && (
        <p className={styles.note}>
          The pad draws digits of 28 × 28 gray pixels, and these networks take color images. Choose
          MNIST to draw.
        </p>
      )}
      <AttackEpsilon />
    </section>
  );
}
