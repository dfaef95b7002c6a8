import { memo } from 'react';
import { CartesianGrid, LineChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { makeTicks, ticksOf, type VerticalAxis } from './axes.ts';
import { axisLook, plotMargins } from './plot.ts';
import { PlotLayers } from './PlotLayers.tsx';
import { useTurn } from './useStaggered.ts';

interface ChartFrameProps extends VerticalAxis {
  readonly height: number;
  readonly labelHeight: number;
  readonly xStart: number;
  readonly xEnd: number;
  readonly xLabel: string;
  readonly unit: 'percent' | 'number';
}

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
  return (
    <ResponsiveContainer width="100%" height={height + labelHeight}>
      <LineChart
        margin={{ ...plotMargins, left: 0, top: plotMargins.top + labelHeight }}
        accessibilityLayer={false}
      >
        <CartesianGrid stroke="var(--hairline)" vertical={false} />
        <XAxis
          {...axisLook}
          dataKey="x"
          domain={[xStart, xEnd]}
          allowDataOverflow
          ticks={xTicks}
          tickFormatter={(x: number) => String(x).replace('-', '−')}
          height={24}
          label={{
            ...axisLook.tick,
            value: xLabel,
            position: 'insideBottomRight',
            offset: 0,
            dy: 14,
          }}
        />
        <YAxis
          {...axisLook}
          scale={isLogarithmic ? 'log' : 'linear'}
          domain={[floor, top]}
          allowDataOverflow
          ticks={ticksOf({ isLogarithmic, floor, top })}
          width={plotMargins.left}
          tickFormatter={(value: number) =>
            unit === 'percent' ? `${round(value * 100)} %` : round(value)
          }
          interval={0}
        />
        <PlotLayers />
      </LineChart>
    </ResponsiveContainer>
  );
});
export default ChartFrame;

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
