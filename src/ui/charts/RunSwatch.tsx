import type { ReactNode } from 'react';
import type { RunStyle } from '../runStyles.ts';
import styles from './Chart.module.css';
import { markerPath } from './markers.ts';

interface RunSwatchProps {
  readonly runStyle: RunStyle;
  readonly isReference?: boolean;
}

/** A sample of a run's line with its mark, as decoration beside the run's name. */
export function RunSwatch({ runStyle, isReference = false }: RunSwatchProps) {
  const color = isReference ? grayed(runStyle.color) : runStyle.color;
  return (
    <svg
      width="32"
      height="12"
      viewBox="0 0 32 12"
      style={{ flex: 'none' }}
      aria-hidden="true"
      focusable="false"
    >
      <line
        x1="0"
        x2="32"
        y1="6"
        y2="6"
        stroke={color}
        strokeWidth={isReference ? 1.25 : 2}
        strokeDasharray={runStyle.dash}
      />
      <path d={markerPath(runStyle.marker, 16, 6, isReference ? 3.5 : 4.5)} fill={color} />
    </svg>
  );
}

interface RunNameProps {
  readonly runStyle: RunStyle;
  readonly name: ReactNode;
}

/** A run's name with its swatch before it. */
export function RunName({ runStyle, name }: RunNameProps) {
  return (
    <span className={styles.runName}>
      <RunSwatch runStyle={runStyle} />
      <span>{name}</span>
    </span>
  );
}

/** A run's color, muted because the run is from a saved experiment or stale. */
export function grayed(color: string): string {
  return `color-mix(in srgb, ${color} 55%, var(--outline))`;
}
