import { findNearest } from './series/nearest.ts';
import type { ChartSeries } from './series/series.ts';

interface ReadoutRow {
  readonly series: ChartSeries;
  readonly value: string;
  /** Empty when all runs share them. */
  readonly details: readonly string[];
}

/** The measurement of each run that is nearest to a moment. */
export interface Readout {
  /** The moment and images of the measurement, if they are the same for all runs. */
  readonly common: readonly string[];
  readonly rows: readonly ReadoutRow[];
}

/** Nothing is interpolated: each run shows its own nearest measured point. */
export function readAt(all: readonly ChartSeries[], x: number): Readout {
  const rows = all.flatMap((series) => {
    const index = findNearest(series.xs, x);
    return index === -1 ? [] : [{ series, ...series.describe(index) }];
  });
  const common = rows[0]?.details ?? [];
  const isShared = rows.every(({ details }) => details.join() === common.join());
  if (!isShared) return { common: [], rows };
  return { common, rows: rows.map((row) => ({ ...row, details: [] })) };
}

/** The readout as a sentence for screen readers. */
export function describeReadout({ common, rows }: Readout): string {
  const each = rows.map(({ series, value, details }) =>
    [`${series.name}: ${value}`, ...details].join(', '),
  );
  return [...(common.length > 0 ? [common.join(', ')] : []), ...each].join('. ');
}
