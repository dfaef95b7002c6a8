import { memo } from 'react';
import { CartesianGrid, LineChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { makeTicks, ticksOf } from './axes.ts';
import { plotMargins, xAxisHeight } from './plot.ts';
import { PlotLayers } from './PlotLayers.tsx';
import { useTurn } from './useStaggered.ts';

interface ChartFrameProps {
  readonly height: number;
  /** Height of the labels above the plotting area, in pixels. */
  readonly labelHeight: number;
  readonly xStart: number;
  readonly xEnd: number;
  /** The unit of the horizontal axis, written below its end. */
  readonly xLabel: string;
  readonly isLogarithmic: boolean;
  readonly floor: number;
  readonly top: number;
  readonly unit: 'percent' | 'number';
}

const axisLook = {
  stroke: 'var(--outline)',
  tick: { fill: 'var(--muted)', fontSize: 13 },
  tickLine: false,
} as const;

/**
 * Axes and grid. All props are plain values and the lines come from a context, so that new points do not
 * render the axes again.
 */
const ChartFrame = memo(function ChartFrame(props: ChartFrameProps) {
  const { height, labelHeight, xStart, xEnd, xLabel, isLogarithmic, floor, top, unit } = props;
  // Here and not higher up, because all charts wait for the same chunk to load.
  const isDue = useTurn();
  if (!isDue) return null;
  const xTicks = xStart < 0 ? [xStart, xStart / 2, 0, xEnd / 2, xEnd] : makeTicks(xEnd);
  const yTicks = ticksOf({ isLogarithmic, floor, top, isCut: false });
  return (
    <ResponsiveContainer width="100%" height={height + labelHeight}>
      <LineChart
        margin={{
          ...plotMargins,
          left: 0,
          top: plotMargins.top + labelHeight,
        }}
        accessibilityLayer={false}
      >
        <CartesianGrid stroke="var(--hairline)" vertical={false} />
        <XAxis
          {...axisLook}
          dataKey="x"
          type="number"
          domain={[xStart, xEnd]}
          allowDataOverflow
          ticks={xTicks}
          tickFormatter={(x: number) => String(x).replace('-', '−')}
          height={xAxisHeight}
          label={{
            value: xLabel,
            position: 'insideBottomRight',
            offset: 0,
            dy: 14,
            fill: 'var(--muted)',
            fontSize: 13,
          }}
        />
        <YAxis
          {...axisLook}
          type="number"
          scale={isLogarithmic ? 'log' : 'linear'}
          domain={[floor, top]}
          allowDataOverflow
          ticks={yTicks}
          width={plotMargins.left}
          tickFormatter={unit === 'percent' ? formatPercent : formatNumber}
          interval={0}
        />
        <PlotLayers />
      </LineChart>
    </ResponsiveContainer>
  );
});
export default ChartFrame;

function formatPercent(rate: number): string {
  return `${Number((rate * 100).toPrecision(3))} %`;
}

function formatNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}
