import { type ComponentProps, memo, type ReactElement, use, useMemo } from 'react';
import {
  Line,
  LineDrawShape,
  type LinePointItem,
  type LineProps,
  ReferenceLine,
  usePlotArea,
  useXAxisScale,
  useYAxisScale,
} from 'recharts';
import type { RunStyle } from '../runStyles.ts';
import type { VerticalAxis } from './axes.ts';
import { useCursor } from './cursor.ts';
import { markerPath, markerSizes } from './markers.ts';
import { findNearest } from './series/nearest.ts';
import {
  type ChartMark,
  cursorClass,
  labelRowHeight,
  type PlotContent,
  PlotContext,
} from './plot.ts';
import { makePlotRows, type PlotRow } from './series/plotRows.ts';
import { grayed } from './RunSwatch.tsx';
import type { ChartSeries } from './series/series.ts';

/** No animation, this chart's own cursor instead of the library's, and later lines are drawn over earlier ones. */
const lineDefaults = {
  zIndex: 0,
  dataKey: 'y',
  isAnimationActive: false,
  activeDot: false,
  dot: false,
} satisfies Partial<LineProps>;

type LineDrawShapeProps = ComponentProps<typeof LineDrawShape>;

/** Lines, marks and the cursor over the axes of a chart. */
export function PlotLayers() {
  const content = use(PlotContext);
  const area = usePlotArea();
  if (content === null || area === undefined || area.width <= 0 || area.height <= 0) return null;
  const { series, marks, xStart, xEnd, axis } = content;
  return (
    <>
      {marks.map((mark) => (
        <Mark key={`${mark.text} ${mark.x}`} {...mark} />
      ))}
      {series.map(
        (one) => one.band && <Band key={one.id} band={one.band} series={one} axis={axis} />,
      )}
      {/* Saved experiments first, so that the current one is drawn over them. */}
      {[...series]
        .sort((a, b) => Number(b.isReference) - Number(a.isReference))
        .map((one) => (
          <RunLines key={one.id} series={one} pixel={(xEnd - xStart) / area.width} {...axis} />
        ))}
      <CursorLayer {...content} />
    </>
  );
}

interface BandProps {
  readonly band: NonNullable<ChartSeries['band']>;
  readonly series: ChartSeries;
  readonly axis: VerticalAxis;
}

/** The area of a run's band: around its line, or below it, with a lower edge. */
function Band({ band, series, axis: { isLogarithmic, floor, top } }: BandProps) {
  const { runStyle, isReference, isStale, isInterval = false } = series;
  const toX = useXAxisScale();
  const toY = useYAxisScale();
  if (!toX || !toY || band.length === 0) return null;
  const color = isReference || isStale ? grayed(runStyle.color) : runStyle.color;
  const pathThrough = (points: readonly { x: number; y: number }[]) =>
    points.map(({ x, y }) => `${toX(x)} ${toY(y)}`).join('L');
  const clamp = (y: number): number => Math.min(top, isLogarithmic ? Math.max(floor, y) : y);
  // A start above the axis is cut off.
  const visible = band.filter(({ low: y }) => y < top);
  const low = visible.map(({ x, low: y }) => ({ x, y: clamp(y) }));
  const high = visible.map(({ x, high: y }) => ({ x, y: clamp(y) }));
  return (
    <g data-band={runStyle.color}>
      <path
        d={`M${pathThrough([...high, ...low.toReversed()])}Z`}
        fill={color}
        opacity={isInterval ? 0.24 : 0.16}
      />
      {!isInterval && (
        <path d={`M${pathThrough(low)}`} fill="none" stroke={color} strokeWidth={1} />
      )}
    </g>
  );
}

interface RunLinesProps extends VerticalAxis {
  readonly series: ChartSeries;
  /** Units of the horizontal axis per pixel. */
  readonly pixel: number;
}

const RunLines = memo(function RunLines(props: RunLinesProps) {
  const { series, pixel, isLogarithmic, floor, top } = props;
  const { runStyle, isReference, isStale } = series;
  const { line, faint } = useMemo(
    () => makePlotRows(series, { isLogarithmic, floor, top }, pixel),
    [series, pixel, isLogarithmic, floor, top],
  );
  const color = isReference || isStale ? grayed(runStyle.color) : runStyle.color;
  return (
    <>
      {faint.length > 0 && (
        <Line
          {...lineDefaults}
          data={faint}
          stroke={color}
          strokeWidth={3}
          strokeLinecap="round"
          opacity={0.4}
        />
      )}
      {line.length > 0 && (
        <Line
          {...lineDefaults}
          data={line}
          stroke={color}
          strokeWidth={isReference ? 1.25 : 2}
          strokeDasharray={runStyle.dash ?? 'none'}
          strokeLinejoin="round"
          shape={(shape: LineDrawShapeProps) => (
            <>
              <LineDrawShape {...shape} />
              <Marks
                points={shape.points}
                marker={runStyle.marker}
                scale={isReference ? 0.7 : 1}
                color={color}
              />
            </>
          )}
        />
      )}
    </>
  );
});

interface MarksProps {
  readonly points: LineDrawShapeProps['points'];
  readonly marker: RunStyle['marker'];
  readonly scale: number;
  readonly color: string;
}

/** A run's marks: one path per size, because hundreds of elements would be slow. They are not clipped. */
function Marks({ points = [], marker, scale, color }: MarksProps) {
  const paths = { full: '', first: '' };
  for (const { x, y, payload } of points as readonly LinePointItem[]) {
    const { mark } = payload as PlotRow;
    if (mark === undefined || x === null || y === null) continue;
    paths[mark] += markerPath(marker, x, y, markerSizes[mark] * scale);
  }
  return (
    <g stroke={color} strokeLinejoin="round">
      <path d={paths.first} fill="var(--page)" strokeWidth={1.5} />
      <path d={paths.full} fill={color} stroke="none" />
    </g>
  );
}

const Mark = memo(function Mark({ x, text, row, left, color, hasLine }: ChartMark) {
  const area = usePlotArea();
  if (area === undefined) return null;
  return (
    <ReferenceLine
      x={x}
      zIndex={0}
      shape={({ x1, y1, y2 }: Record<'x1' | 'y1' | 'y2', number>): ReactElement<SVGElement> => (
        <g>
          {hasLine && (
            <line
              x1={x1}
              x2={x1}
              y1={Math.min(y1, y2) - 4}
              y2={Math.max(y1, y2)}
              stroke={color ?? 'var(--outline)'}
              strokeWidth={color === undefined ? 1 : 1.5}
              strokeDasharray="2 3"
            />
          )}
          <text
            x={area.x + left}
            y={area.y - 8 - row * labelRowHeight}
            fill="var(--muted)"
            fontSize={13}
          >
            {text}
          </text>
        </g>
      )}
    />
  );
});

/**
 * A line at the cursor and a ring around each run's nearest measured point. The library's own reference
 * lines and dots would update its store at every move of the pointer.
 */
function CursorLayer({ series, axis, cursor }: PlotContent) {
  const place = useCursor(cursor);
  const area = usePlotArea();
  const toX = useXAxisScale();
  const toY = useYAxisScale();
  if (place === null || area === undefined || !toX || !toY) return null;
  return (
    <g className={cursorClass} fill="none" stroke="var(--ink)">
      <line x1={toX(place)} x2={toX(place)} y1={area.y} y2={area.y + area.height} opacity={0.5} />
      {series.map(({ id, xs, ys }) => {
        const index = findNearest(xs, place);
        const [x, y] = [xs[index], ys[index]];
        if (x === undefined || y === undefined || y > axis.top * 1.01) return null;
        const cy = toY(axis.isLogarithmic ? Math.max(axis.floor, y) : y);
        return <circle key={id} cx={toX(x)} cy={cy} r={6.5} strokeWidth={2} />;
      })}
    </g>
  );
}
