import { type CSSProperties, useId } from 'react';
import styles from './RangeSlider.module.css';

interface RangeSliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly format: (value: number) => string;
  readonly onChange: (value: number) => void;
}

/** The browser's own slider with its name before it and its value after it. */
export function RangeSlider({ label, value, format, onChange, ...range }: RangeSliderProps) {
  const id = useId();
  const filled = (100 * (value - range.min)) / (range.max - range.min);
  return (
    <div className={styles.slider}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <input
        {...range}
        id={id}
        type="range"
        className={styles.input}
        style={{ '--filled': `${filled}%` } as CSSProperties}
        value={value}
        aria-valuetext={format(value)}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
      <output htmlFor={id} className={styles.value} aria-live="off" translate="no">
        {format(value)}
      </output>
    </div>
  );
}
