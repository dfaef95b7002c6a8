import styles from './SignedLegend.module.css';

interface SignedLegendProps {
  /** The size that has full colour. */
  readonly limit: number;
  readonly format: (value: number) => string;
}

/** The colours of signed pictures, from −limit over 0 to +limit. */
export function SignedLegend({ limit, format }: SignedLegendProps) {
  return (
    <span className={styles.legend}>
      −{format(limit)}
      <span className={styles.bar} aria-hidden="true" />+{format(limit)}
    </span>
  );
}
