import { createContext } from 'react';
import type { VerticalAxis } from './axes.ts';
import type { Cursor } from './cursor.ts';
import type { PlacedLabel, WantedLabel } from './labels.ts';
import type { ChartSeries } from './series/series.ts';

export const axisLook = {
  type: 'number',
  stroke: 'var(--outline)',
  tick: { fill: 'var(--muted)', fontSize: 13 },
  tickLine: false,
} as const;

/** Margins around the plotting area, in pixels: numbers of the vertical axis on the left, the name of the
 * horizontal one below its numbers. */
export const plotMargins = { left: 52, right: 12, top: 10, bottom: 20 } as const;
export const labelRowHeight = 18;

/** A vertical line with a label above the chart. */
export interface WantedMark extends Pick<WantedLabel, 'anchor'> {
  readonly x: number;
  readonly text: string;
  /** A run's color, or undefined for the page's text color. */
  readonly color?: string | undefined;
  readonly hasLine: boolean;
}

export interface ChartMark extends WantedMark, PlacedLabel {}

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
