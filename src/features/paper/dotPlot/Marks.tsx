import { grayed } from '../../../ui/charts/RunSwatch.tsx';
import { markerPath } from '../../../ui/charts/markers.ts';
import type { OwnPoint } from '../ownPoints.ts';
import styles from './Plot.module.css';

/** The marks of the chart, each drawn around its own origin. They are decorative, because text says the same. */

/** Half widths in pixels. */
const sizes = { paper: 5.5, seed: 3.5, own: 5.5 } as const;

export function PaperMark() {
  return <path className={styles.paperMark} d={markerPath('diamond', 0, 0, sizes.paper)} />;
}

export function SeedMark() {
  return <circle className={styles.seedMark} r={sizes.seed} />;
}

export function OwnMark({ point: { runStyle, isReference } }: { readonly point: OwnPoint }) {
  const color = isReference ? grayed(runStyle.color) : runStyle.color;
  return <path d={markerPath(runStyle.marker, 0, 0, sizes.own)} fill={color} />;
}

/** A mark in a line of text. */
export function InlineMark({ children }: { readonly children: React.ReactNode }) {
  return (
    <svg
      className={styles.inlineMark}
      width="20"
      height="16"
      viewBox="-10 -8 20 16"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

/** Mean and ± one standard deviation, as the legend shows them. */
export function SpreadMark() {
  return (
    <>
      <line className={styles.deviation} x1="-9" x2="9" />
      <line className={styles.mean} y1="-6" y2="6" />
    </>
  );
}
