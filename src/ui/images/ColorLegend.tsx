import styles from './ColorLegend.module.css';
import type { Color } from './pixels.ts';

interface ColorLegendProps {
  readonly low: string;
  readonly high: string;
  /** From low to high, evenly spaced. */
  readonly colors: readonly Color[];
}

/** The color scale of pictures, as the first line of their caption. */
export function ColorLegend({ low, high, colors }: ColorLegendProps) {
  const stops = colors.map((color) => `rgb(${color.join(' ')})`).join();
  return (
    <span className={styles.legend}>
      {low}
      <span
        className={styles.bar}
        style={{ background: `linear-gradient(to right, ${stops})` }}
        aria-hidden="true"
      />
      {high}
    </span>
  );
}
