import { memo, useMemo } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import type { LossPoint } from '../../lab/history.ts';
import { formatCount, formatEpoch, formatLoss } from '../../ui/format.ts';
import { noLosses, thinLosses } from './chartData.ts';
import {
  activeDot,
  axisStyle,
  chartHeight,
  chartMargin,
  gridStyle,
  makeEpochAxis,
  makeLinearScale,
  TooltipFrame,
  tooltipStyle,
} from './chartStyle.tsx';

interface LossChartProps {
  readonly losses: readonly LossPoint[];
  readonly color: string;
  /** Where the axis ends; the same in both charts. */
  readonly axisEnd: number;
  readonly isLogarithmic: boolean;
}

/** Training loss against epochs. */
export const LossChart = memo(function LossChart(props: LossChartProps) {
  const { losses, color, axisEnd, isLogarithmic } = props;
  const points = useMemo(
    () => [...(losses.length === 0 ? noLosses : thinLosses(losses))],
    [losses],
  );
  const scale = isLogarithmic
    ? ({ scale: 'log', domain: ['auto', 'auto'] } as const)
    : makeLinearScale(points.reduce((most, { loss }) => Math.max(most, loss), 0));
  return (
    <ResponsiveContainer width="100%" height={chartHeight}>
      <LineChart data={points} margin={chartMargin} aria-label="Training loss by epoch">
        <CartesianGrid {...gridStyle} />
        <XAxis {...makeEpochAxis(axisEnd)} />
        <YAxis {...axisStyle} {...scale} width={56} tickFormatter={formatLossTick} />
        <Tooltip
          {...tooltipStyle}
          content={({ active, payload }) => {
            const point = payload[0]?.payload as LossPoint | undefined;
            return active && point && point.step > 0 ? (
              <TooltipFrame
                title={`Epoch ${formatEpoch(point.epoch)} · step ${formatCount(point.step)}`}
                rows={[['Training loss', formatLoss(point.loss)]]}
              />
            ) : null;
          }}
        />
        <Line
          dataKey="loss"
          stroke={color}
          strokeWidth={2}
          dot={losses.length === 1}
          activeDot={activeDot}
          isAnimationActive={false}
        />
      </LineChart>
    </ResponsiveContainer>
  );
});

function formatLossTick(loss: number): string {
  return String(Number(loss.toPrecision(2)));
}
