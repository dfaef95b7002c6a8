import { type ReactNode, type Ref, useId } from 'react';
import styles from './Subsection.module.css';

interface SubsectionProps {
  readonly title: string;
  /** Controls beside the title. */
  readonly actions?: ReactNode;
  readonly ref?: Ref<HTMLElement>;
  readonly children: ReactNode;
}

/** A part of a panel with its own title, below a hairline. */
export function Subsection({ title, actions, ref, children }: SubsectionProps) {
  const titleId = useId();
  return (
    <section ref={ref} className={styles.section} aria-labelledby={titleId}>
      <div className={styles.header}>
        <h3 id={titleId} className={styles.title}>
          {title}
        </h3>
        {actions}
      </div>
      {children}
    </section>
  );
}
