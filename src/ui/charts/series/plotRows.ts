import type { VerticalAxis } from '../axes.ts';
import { chooseMarked } from '../markers.ts';
import type { ChartSeries, DrawnPoint } from './series.ts';

/** A point as the chart library takes it: a line has a gap where y is null. */
export interface PlotRow {
  readonly x: number;
  readonly y: number | null;
  /** Which mark it gets, if any. */
  readonly mark?: 'full' | 'first';
}

export type AxisEnds = Pick<VerticalAxis, 'isLogarithmic' | 'floor' | 'top'>;

interface PlotRows {
  /** All lines of a run as one, with gaps between them. */
  readonly line: readonly PlotRow[];
  /** Single points: gaps between all of them. */
  readonly faint: readonly PlotRow[];
}

/**
 * What is drawn of a series; lines above the vertical axis are clipped, and have no marks there.
 *
 * @param pixel what one pixel of the horizontal axis counts
 */
export function makePlotRows(
  { lines, faint }: Pick<ChartSeries, 'lines' | 'faint'>,
  { isLogarithmic, floor, top }: AxisEnds,
  pixel: number,
): PlotRows {
  // A logarithm has no place for 0: it is drawn at the floor.
  const raise = (point: DrawnPoint): DrawnPoint =>
    isLogarithmic && point.y < floor ? { ...point, y: floor } : point;
  // Rounding must not take the largest point out of the chart.
  const isInside = ({ y }: DrawnPoint): boolean => y <= top * (1 + 1e-6);
  const raised = lines.map((line) => line.map(raise));
  const marked = new Set(chooseMarked(raised.flat().filter(isInside), pixel));
  const rowOf = (point: DrawnPoint): PlotRow => {
    const { x, y, isFull } = point;
    return marked.has(point) ? { x, y, mark: isFull ? 'full' : 'first' } : { x, y };
  };
  return {
    line: raised.flatMap((line) => [...line.map(rowOf), ...gapAfter(line.at(-1))]),
    faint: faint
      .map(raise)
      .filter(isInside)
      .flatMap(({ x, y }) => [
        { x, y },
        { x, y: null },
      ]),
  };
}

function gapAfter(last: DrawnPoint | undefined): PlotRow[] {
  return last === undefined ? [] : [{ x: last.x, y: null }];
}
