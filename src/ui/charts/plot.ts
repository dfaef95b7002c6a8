import { createContext } from 'react';
import type { VerticalAxis } from './axes.ts';
import type { Cursor } from './cursor.ts';
import type { ChartSeries } from './series/series.ts';

/** Room around the plotting area, in pixels: numbers of the vertical axis at the left, the name of the
 * horizontal one below its numbers. */
export const plotMargins = { left: 52, right: 12, top: 10, bottom: 20 } as const;
export const xAxisHeight = 24;
/** Height of one row of labels above the plotting area. */
export const labelRowHeight = 18;

/** A vertical line with a label above the chart. */
export interface WantedMark {
  readonly x: number;
  readonly text: string;
  /** Where the label stands: its middle above the line, or its start. */
  readonly anchor: 'middle' | 'start';
  /** A run's colour; undefined: the page's. */
  readonly color?: string | undefined;
  readonly hasLine: boolean;
}

/** A mark whose label has its place: `left` in pixels from the plotting area, rows from the lowest. */
export interface ChartMark extends WantedMark {
  readonly left: number;
  readonly row: number;
}

/** What the layers over the axes draw; apart from the axes, which change seldom and are costly. */
export interface PlotContent {
  readonly series: readonly ChartSeries[];
  readonly marks: readonly ChartMark[];
  readonly xStart: number;
  readonly xEnd: number;
  readonly axis: VerticalAxis;
  readonly cursor: Cursor;
}

/** Class of what shows where somebody points; a saved picture is without it. */
export const cursorClass = 'chart-cursor';

export const PlotContext = createContext<PlotContent | null>(null);
