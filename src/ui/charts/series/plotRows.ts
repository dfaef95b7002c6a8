import type { VerticalAxis } from '../axes.ts';
import { chooseMarked } from '../markers.ts';
import type { ChartSeries, DrawnPoint } from './series.ts';

/** A point in the chart library's format: a line has a gap where y is null. */
export interface PlotRow {
  readonly x: number;
  readonly y: number | null;
  readonly mark?: 'full' | 'first';
}

export type AxisEnds = Omit<VerticalAxis, 'isCut'>;

interface PlotRows {
  /** All lines of a run as one, with gaps between them. */
  readonly line: readonly PlotRow[];
  /** Single points, with gaps between all of them. */
  readonly faint: readonly PlotRow[];
}

/**
 * The rows to draw for a series. Lines above the vertical axis are clipped and have no marks there.
 *
 * @param pixel units of the horizontal axis per pixel
 */
export function makePlotRows(
  { lines, faint }: Pick<ChartSeries, 'lines' | 'faint'>,
  { isLogarithmic, floor, top }: AxisEnds,
  pixel: number,
): PlotRows {
  // The logarithm of 0 is not defined, so 0 is drawn at the floor.
  const raise = (point: DrawnPoint): DrawnPoint =>
    isLogarithmic && point.y < floor ? { ...point, y: floor } : point;
  // Rounding must not push the largest point out of the chart.
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
