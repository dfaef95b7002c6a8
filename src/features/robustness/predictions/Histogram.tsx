import {
  Area,
  AreaChart,
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from 'recharts';
import { type Bins, borderOf } from '../../../experiment/inside/histogram.ts';
import { makeHistogramRows } from './histogramRows.ts';
import { axisLook } from '../../../ui/charts/plot.ts';
import { formatSigned } from '../../../ui/format.ts';
import styles from './Predictions.module.css';

interface HistogramProps {
  readonly bins: Bins;
  /** Fraction of the images in each bin, 0 to 1. */
  readonly clean: Float64Array;
  /** Absent: only the filled histogram. */
  readonly attacked?: Float64Array;
  /** The fraction at the top of the axis. */
  readonly top: number;
  readonly color: string;
  /** Whether 0 is the border between wrong and right. */
  readonly hasBorder: boolean;
  readonly label: string;
  /** Along the axis; absent: both ends, and the border or the middle. */
  readonly ticks?: readonly number[];
  readonly formatX?: (x: number) => string;
}

/** Two histograms on the same axes: the clean one filled, the attacked one as a line; or one, filled. */
export default function Histogram(props: HistogramProps) {
  const {
    bins,
    clean,
    attacked,
    top,
    color,
    hasBorder,
    label,
    ticks,
    formatX = formatSigned,
  } = props;
  const { from, count } = bins;
  const end = borderOf(bins, count);
  const isAcross = hasBorder && from < 0 && end > 0;
  const steps = { type: 'stepAfter', isAnimationActive: false, activeDot: false } as const;
  return (
    <div className={styles.histogram} role="img" aria-label={label}>
      <ResponsiveContainer>
        <AreaChart
          data={makeHistogramRows(bins, clean, attacked ?? clean)}
          margin={{ left: 0, right: 16, top: 24, bottom: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid stroke="var(--hairline)" vertical={false} />
          <XAxis
            {...axisLook}
            dataKey="x"
            domain={[from, end]}
            ticks={ticks ? [...ticks] : isAcross ? [from, 0, end] : [from, (from + end) / 2, end]}
            tickFormatter={formatX}
            interval="preserveStartEnd"
            height={24}
          />
          <YAxis
            {...axisLook}
            axisLine={false}
            domain={[0, top]}
            ticks={[0, top / 2, top]}
            tickFormatter={(share: number) => String(Number((100 * share).toPrecision(3)))}
            interval={0}
            width={36}
          />
          <Area {...steps} dataKey="clean" stroke="none" fill={color} fillOpacity={0.45} />
          {attacked && (
            <Area
              {...steps}
              dataKey="attacked"
              stroke="var(--ink)"
              strokeWidth={1.75}
              fill="none"
            />
          )}
          {isAcross && <ReferenceLine x={0} stroke="var(--outline)" strokeDasharray="2 3" />}
          <text x={40} y={14} fill="var(--muted)" fontSize={13}>
            % of images
          </text>
        </AreaChart>
      </ResponsiveContainer>
    </div>
  );
}
