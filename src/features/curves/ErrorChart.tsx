import { memo, useMemo } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { isFullEvaluation } from '../../lab/history.ts';
import type { Evaluation } from '../../shared/metrics.ts';
import { formatCount, formatEpoch, formatEpsilon, formatErrorRate } from '../../ui/format.ts';
import { type ErrorRow, toErrorRows } from './chartData.ts';
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
import { ErrorMarker } from './ErrorMarker.tsx';

interface ErrorChartProps {
  readonly evaluations: readonly Evaluation[];
  readonly color: string;
  /** Where the axis ends; the same in both charts. */
  readonly axisEnd: number;
  readonly isLogarithmic: boolean;
}

/** One wrong of 10,000 images: the smallest error rate other than none. */
const smallestRate = 1e-4;
const logTicks = [0.0001, 0.001, 0.01, 0.1, 1];

/** Error rates on clean images and under attack against epochs. */
export const ErrorChart = memo(function ErrorChart(props: ErrorChartProps) {
  const { evaluations, color, axisEnd, isLogarithmic } = props;
  const { rows, changes } = useMemo(
    () => toErrorRows(evaluations, isLogarithmic ? smallestRate : 0),
    [evaluations, isLogarithmic],
  );
  const lowest = rows.reduce((least, row) => Math.min(least, row.clean ?? 1), 1);
  const highest = rows.reduce((most, row) => Math.max(most, row.adversarial ?? 0), 0);
  const floor = logTicks.findLast((tick) => tick <= lowest) ?? smallestRate;
  const scale = isLogarithmic
    ? ({
        scale: 'log',
        domain: [floor, 1],
        ticks: logTicks.filter((tick) => tick >= floor),
        allowDataOverflow: true,
      } as const)
    : makeLinearScale(highest);
  return (
    <ResponsiveContainer width="100%" height={chartHeight}>
      <LineChart data={rows} margin={chartMargin} aria-label="Error rates by epoch">
        <CartesianGrid {...gridStyle} />
        <XAxis {...makeEpochAxis(axisEnd)} />
        <YAxis {...axisStyle} {...scale} width={56} tickFormatter={formatPercentTick} />
        {changes.map(({ epoch, epsilon }) => (
          <ReferenceLine
            key={epoch}
            x={epoch}
            stroke="var(--outline)"
            strokeDasharray="2 3"
            label={{
              value: `ε ${formatEpsilon(epsilon)}`,
              position: 'insideTopLeft',
              fill: 'var(--muted)',
              fontSize: 13,
            }}
          />
        ))}
        <Tooltip
          {...tooltipStyle}
          content={({ active, payload }) => {
            const row = payload[0]?.payload as ErrorRow | undefined;
            return active && row?.evaluation ? <ErrorTooltip {...row.evaluation} /> : null;
          }}
        />
        <Line
          dataKey="adversarial"
          stroke={color}
          strokeWidth={2}
          strokeDasharray="6 4"
          dot={(dot) => <ErrorMarker {...dot} key={dot.key} kind="adversarial" />}
          activeDot={activeDot}
          isAnimationActive={false}
        />
        <Line
          dataKey="clean"
          stroke={color}
          strokeWidth={2}
          connectNulls
          dot={(dot) => <ErrorMarker {...dot} key={dot.key} kind="clean" />}
          activeDot={activeDot}
          isAnimationActive={false}
        />
      </LineChart>
    </ResponsiveContainer>
  );
});

function formatPercentTick(rate: number): string {
  return `${Number((rate * 100).toPrecision(3))} %`;
}

function ErrorTooltip(evaluation: Evaluation) {
  const { epoch, step, split, sampleCount, clean, adversarial, attack } = evaluation;
  const images = `${formatCount(sampleCount)} ${split} images`;
  return (
    <TooltipFrame
      title={`Epoch ${formatEpoch(epoch)} · step ${formatCount(step)}`}
      rows={[
        ['Clean', formatErrorRate(clean.errorRate)],
        [`Under FGSM, ε ${formatEpsilon(attack.epsilon)}`, formatErrorRate(adversarial.errorRate)],
      ]}
      note={isFullEvaluation(evaluation) ? `All ${images}` : `The first ${images}`}
    />
  );
}
