import styles from './SignedLegend.module.css';

interface SignedLegendProps {
  /** The absolute value that is shown in full color. */
  readonly limit: number;
  readonly format: (value: number) => string;
}

/** The color scale of signed pictures, from −limit through 0 to +limit. */
export function SignedLegend({ limit, format }: SignedLegendProps) {
  return (
    <span className={styles.legend}>
      −{format(limit)}
      <span className={styles.bar} aria-hidden="true" />+{format(limit)}
    </span>
  );
}
