import { memo, use, useId } from 'react';
import { usePlotArea } from 'recharts';
import { placeOn, type VerticalAxis } from './axes.ts';
import { useCursor } from './cursor.ts';
import { chooseMarked, markerPath, markerSizes, type Placed } from './markers.ts';
import { findNearest } from './nearest.ts';
import {
  type ChartMark,
  labelRowHeight,
  type PlotArea,
  type PlotContent,
  PlotContext,
  xAxisHeight,
} from './plot.ts';
import { greyed } from './RunSwatch.tsx';
import type { ChartSeries, DrawnPoint } from './series.ts';

/** Lines, marks and the cursor over the axes of a chart. A run is one path, however many points it has. */
export function PlotLayers() {
  const content = use(PlotContext);
  const area = usePlotArea();
  const clipId = useId();
  if (content === null || area === undefined || area.width <= 0 || area.height <= 0) return null;
  const { series, marks, xStart, xEnd, xLabel, axis } = content;
  return (
    <g>
      <clipPath id={clipId}>
        <rect x={area.x} y={area.y - 1} width={area.width + 2} height={area.height + 2} />
      </clipPath>
      <text
        x={area.x + area.width}
        y={area.y + area.height + xAxisHeight + 14}
        textAnchor="end"
        fill="var(--muted)"
        fontSize={13}
      >
        {xLabel}
      </text>
      {marks.map((mark) => (
        <Mark
          key={`${mark.text} ${mark.x}`}
          {...mark}
          at={(mark.x - xStart) / (xEnd - xStart)}
          {...pick(area)}
        />
      ))}
      {/* Kept races first, so that the present one is drawn over them. */}
      {[...series]
        .sort((a, b) => Number(b.isReference) - Number(a.isReference))
        .map((one) => (
          <SeriesPaths
            key={one.id}
            series={one}
            clipId={clipId}
            xStart={xStart}
            xEnd={xEnd}
            {...axis}
            {...pick(area)}
          />
        ))}
      <CursorLayer content={content} area={area} />
    </g>
  );
}

function pick({ x, y, width, height }: PlotArea): PlotArea {
  return { x, y, width, height };
}

type SeriesPathsProps = VerticalAxis &
  PlotArea & {
    readonly series: ChartSeries;
    readonly clipId: string;
    readonly xStart: number;
    readonly xEnd: number;
  };

const SeriesPaths = memo(function SeriesPaths(props: SeriesPathsProps) {
  const { series, clipId, xStart, xEnd, ...rest } = props;
  const { look, isReference, isStale } = series;
  const place = ({ x, y, isFull }: DrawnPoint): Placed => ({
    x: rest.x + ((x - xStart) / (xEnd - xStart)) * rest.width,
    y: rest.y + (1 - placeOn(rest, y)) * rest.height,
    isFull,
  });
  const isInside = ({ x, y }: Placed): boolean =>
    y >= rest.y - 1 && y <= rest.y + rest.height + 1 && x <= rest.x + rest.width + 1;
  const lines = series.lines.map((line) => line.map(place));
  const marked = chooseMarked(lines.flat().filter(isInside));
  const color = isReference || isStale ? greyed(look.color) : look.color;
  const paths = (points: readonly Placed[], scale: number): string =>
    points
      .map(({ x, y, isFull }) => {
        const size = isFull ? markerSizes.full : markerSizes.first;
        return markerPath(look.marker, x, y, size * scale);
      })
      .join('');
  const scale = isReference ? 0.7 : 1;
  return (
    <g stroke={color} strokeLinejoin="round">
      <path
        d={dotted(series.faint.map(place).filter(isInside))}
        fill={color}
        stroke="none"
        opacity={0.4}
      />
      <path
        d={lines.map(joined).join('')}
        fill="none"
        strokeWidth={isReference ? 1.25 : 2}
        strokeDasharray={look.dash}
        clipPath={`url(#${clipId})`}
      />
      <path
        d={paths(
          marked.filter(({ isFull }) => !isFull),
          scale,
        )}
        fill="var(--page)"
        strokeWidth={1.5}
      />
      <path
        d={paths(
          marked.filter(({ isFull }) => isFull),
          scale,
        )}
        fill={color}
        stroke="none"
      />
    </g>
  );
});

const round = (value: number): number => Math.round(value * 10) / 10;

function joined(points: readonly Placed[]): string {
  return points
    .map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(x)},${round(y)}`)
    .join('');
}

function dotted(points: readonly Placed[]): string {
  return points.map(({ x, y }) => markerPath('circle', x, y, 1.5)).join('');
}

interface MarkProps extends Omit<ChartMark, 'x'>, PlotArea {
  /** Share of the axis' length. */
  readonly at: number;
}

/** A vertical line with its label above it. */
const Mark = memo(function Mark(props: MarkProps) {
  const { at, text, row, left, color, hasLine, x, y, width, height } = props;
  const lineX = x + at * width;
  const labelY = y - 8 - row * labelRowHeight;
  return (
    <g>
      {hasLine && (
        <line
          x1={lineX}
          x2={lineX}
          y1={y - 4}
          y2={y + height}
          stroke={color ?? 'var(--outline)'}
          strokeWidth={color === undefined ? 1 : 1.5}
          strokeDasharray="2 3"
        />
      )}
      <text x={x + left} y={labelY} fill="var(--muted)" fontSize={13}>
        {text}
      </text>
    </g>
  );
});

/** A line at the place pointed at, and a ring around each run's nearest measured point. */
function CursorLayer({
  content,
  area,
}: {
  readonly content: PlotContent;
  readonly area: PlotArea;
}) {
  const { series, xStart, xEnd, axis, cursor } = content;
  const place = useCursor(cursor);
  if (place === null) return null;
  const toX = (x: number): number => area.x + ((x - xStart) / (xEnd - xStart)) * area.width;
  return (
    <g data-export="omit" fill="none" stroke="var(--ink)" pointerEvents="none">
      <line x1={toX(place)} x2={toX(place)} y1={area.y} y2={area.y + area.height} opacity={0.5} />
      {series.map(({ id, xs, ys }) => {
        const index = findNearest(xs, place);
        const share = index === -1 ? 2 : placeOn(axis, ys[index]!);
        if (share > 1.01) return null;
        const y = area.y + (1 - share) * area.height;
        return <circle key={id} cx={toX(xs[index]!)} cy={y} r={6.5} strokeWidth={2} />;
      })}
    </g>
  );
}
