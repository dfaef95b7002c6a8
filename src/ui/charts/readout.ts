import { findNearest } from './series/nearest.ts';
import type { ChartSeries } from './series/series.ts';

interface ReadoutRow {
  readonly series: ChartSeries;
  readonly value: string;
  /** Empty where all runs share them. */
  readonly details: readonly string[];
}

/** What each run had measured nearest to a moment. */
export interface Readout {
  /** Where and on what, if that is the same for all runs. */
  readonly common: readonly string[];
  readonly rows: readonly ReadoutRow[];
}

/** Nothing is interpolated: each run tells its own nearest measured point. */
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

/** The same as a sentence, for those who hear it. */
export function sayReadout({ common, rows }: Readout): string {
  const each = rows.map(({ series, value, details }) =>
    [`${series.name}: ${value}`, ...details].join(', '),
  );
  return [...(common.length > 0 ? [common.join(', ')] : []), ...each].join('. ');
}
