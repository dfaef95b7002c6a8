import { createContext } from 'react';
import type { VerticalAxis } from './axes.ts';
import type { Cursor } from './cursor.ts';
import type { ChartSeries } from './series/series.ts';

/** Margins around the plotting area, in pixels: numbers of the vertical axis on the left, the name of the
 * horizontal one below its numbers. */
export const plotMargins = { left: 52, right: 12, top: 10, bottom: 20 } as const;
export const xAxisHeight = 24;
/** Height of one row of labels above the plotting area. */
export const labelRowHeight = 18;

/** A vertical line with a label above the chart. */
export interface WantedMark {
  readonly x: number;
  readonly text: string;
  /** The part of the label that is above the line: its middle or its start. */
  readonly anchor: 'middle' | 'start';
  /** A run's color, or undefined for the page's text color. */
  readonly color?: string | undefined;
  readonly hasLine: boolean;
}

/** A mark with a positioned label: `left` in pixels from the plotting area, rows counted from the lowest. */
export interface ChartMark extends WantedMark {
  readonly left: number;
  readonly row: number;
}

/** The content of the layers over the axes, separate from the axes, which change rarely and are slow to draw. */
export interface PlotContent {
  readonly series: readonly ChartSeries[];
  readonly marks: readonly ChartMark[];
  readonly xStart: number;
  readonly xEnd: number;
  readonly axis: VerticalAxis;
  readonly cursor: Cursor;
}

/** Class of the elements that show the cursor; they are left out of saved pictures. */
export const cursorClass = 'chart-cursor';

export const PlotContext = createContext<PlotContent | null>(null);
