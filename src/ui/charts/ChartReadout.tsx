import styles from './Chart.module.css';
import { type Cursor, useCursor } from './cursor.ts';
import { readAt } from './readout.ts';
import { RunSwatch } from './RunSwatch.tsx';
import type { ChartSeries } from './series/series.ts';

interface ChartReadoutProps {
  readonly series: readonly ChartSeries[];
  readonly cursor: Cursor;
}

/**
 * Exact values at the cursor, below the plotting area so that they hide nothing. Screen readers skip it, because
 * the chart's own value text says the same.
 */
export function ChartReadout({ series, cursor }: ChartReadoutProps) {
  const place = useCursor(cursor);
  if (place === null) return null;
  const { common, rows } = readAt(series, place);
  if (rows.length === 0) return null;
  return (
    <div className={styles.readout} aria-hidden="true">
      {common.length > 0 && <p className={styles.readoutTitle}>{common.join(' · ')}</p>}
      {rows.map(({ series: { id, name, runStyle, isReference }, value, details }) => (
        <div key={id} className={styles.readoutRow}>
          <RunSwatch runStyle={runStyle} isReference={isReference} />
          <span className={styles.readoutName}>{name}</span>
          <strong>{value}</strong>
          {details.length > 0 && (
            <span className={styles.readoutDetails}>{details.join(' · ')}</span>
          )}
        </div>
      ))}
    </div>
  );
}
