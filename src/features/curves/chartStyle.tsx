import type { ReactNode } from 'react';
import { makeTicks } from './chartData.ts';

/** Shared looks of the axes: hairlines and muted numbers. */
export const axisStyle = {
  stroke: 'var(--outline)',
  tick: { fill: 'var(--muted)', fontSize: 13 },
  tickLine: false,
} as const;

export const gridStyle = { stroke: 'var(--hairline)', vertical: false } as const;
export const chartMargin = { top: 8, right: 16, bottom: 20, left: 0 } as const;
/** A ring around the point that the tooltip tells of. */
export const activeDot = { r: 6, fill: 'none', stroke: 'var(--ink)', strokeWidth: 2 } as const;

/** No cursor line: it would stay where it was when the axis grows under a pointer at rest. */
export const tooltipStyle = { cursor: false, isAnimationActive: false } as const;

export const chartHeight = 260;

/** Props of a horizontal axis in epochs from 0 to `largest`. */
export function makeEpochAxis(largest: number) {
  const ticks = makeTicks(largest);
  return {
    ...axisStyle,
    dataKey: 'epoch',
    type: 'number',
    domain: [0, ticks.at(-1)!],
    ticks,
    tickFormatter: String,
    height: 24,
    label: {
      value: 'Epochs',
      position: 'insideBottomRight',
      offset: -16,
      fill: 'var(--muted)',
      fontSize: 13,
    },
  } as const;
}

/** Props of a vertical axis from 0 to `largest`. */
export function makeLinearScale(largest: number) {
  const ticks = makeTicks(largest || 1);
  return { domain: [0, ticks.at(-1)!], ticks } as const;
}

interface TooltipFrameProps {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
  readonly note?: ReactNode;
}

/** A small table that follows the pointer. */
export function TooltipFrame({ title, rows, note }: TooltipFrameProps) {
  return (
    <div className="chart-tooltip">
      <strong>{title}</strong>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {note && <p>{note}</p>}
    </div>
  );
}
