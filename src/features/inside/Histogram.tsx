import { useId } from 'react';
import { type Bins, borderOf } from '../../lab/inside/histogram.ts';
import { formatSigned } from './texts.ts';

const width = 320;
const height = 168;
const margins = { left: 36, right: 8, top: 8, bottom: 24 };
const plot = {
  width: width - margins.left - margins.right,
  height: height - margins.top - margins.bottom,
};

interface HistogramProps {
  readonly bins: Bins;
  /** Shares of the images, 0 to 1. */
  readonly clean: Float64Array;
  readonly attacked: Float64Array;
  /** The share at the top of the axis. */
  readonly top: number;
  readonly color: string;
  /** Whether 0 is the border between wrong and right. */
  readonly hasBorder: boolean;
  readonly label: string;
}

/** Two histograms on one pair of axes: the clean one filled, the attacked one as a line. */
export function Histogram(props: HistogramProps) {
  const { bins, clean, attacked, top, color, hasBorder, label } = props;
  const clipId = useId();
  const { from, width: binWidth, count } = bins;
  const end = borderOf(bins, count);
  const toX = (value: number): number =>
    margins.left + ((value - from) / (end - from)) * plot.width;
  const toY = (share: number): number => margins.top + (1 - share / top) * plot.height;
  const floor = toY(0);
  const steps = (shares: Float64Array): string =>
    Array.from(shares, (share, bin) => {
      const y = toY(share).toFixed(1);
      return `L${toX(from + bin * binWidth).toFixed(1)},${y}L${toX(from + (bin + 1) * binWidth).toFixed(1)},${y}`;
    }).join('');
  const outline = (shares: Float64Array): string =>
    `M${toX(from).toFixed(1)},${floor}${steps(shares)}L${toX(end).toFixed(1)},${floor}`;
  const isAcross = hasBorder && from < 0 && end > 0;
  const ticks = [...new Set([from, ...(isAcross ? [0] : [(from + end) / 2]), end])];
  const yTicks = [0, top / 2, top];
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width="100%"
      role="img"
      aria-label={label}
      fontSize={13}
      style={{ display: 'block', maxWidth: 360 }}
    >
      <clipPath id={clipId}>
        <rect x={margins.left} y={margins.top} width={plot.width} height={plot.height + 1} />
      </clipPath>
      {yTicks.map((share) => (
        <g key={share}>
          <line
            x1={margins.left}
            x2={width - margins.right}
            y1={toY(share)}
            y2={toY(share)}
            stroke={share === 0 ? 'var(--outline)' : 'var(--hairline)'}
          />
          <text x={margins.left - 6} y={toY(share) + 4} textAnchor="end" fill="var(--muted)">
            {Number((100 * share).toPrecision(3))}
          </text>
        </g>
      ))}
      <text x={margins.left + 4} y={margins.top + 12} fill="var(--muted)">
        % of images
      </text>
      <g clipPath={`url(#${clipId})`}>
        <path d={`${outline(clean)}Z`} fill={color} fillOpacity={0.45} />
        <path d={outline(attacked)} fill="none" stroke="var(--ink)" strokeWidth={1.75} />
      </g>
      {isAcross && (
        <line
          x1={toX(0)}
          x2={toX(0)}
          y1={margins.top}
          y2={floor}
          stroke="var(--outline)"
          strokeDasharray="2 3"
        />
      )}
      {ticks.map((value) => (
        <text
          key={value}
          x={toX(value)}
          y={height - 6}
          textAnchor={value === from ? 'start' : value === end ? 'end' : 'middle'}
          fill="var(--muted)"
        >
          {formatSigned(value)}
        </text>
      ))}
    </svg>
  );
}
