import { useElementSize } from '@mantine/hooks';
import {
  type KeyboardEvent,
  lazy,
  type PointerEvent,
  type ReactNode,
  Suspense,
  useId,
  useMemo,
} from 'react';
import { Info } from '../Info.tsx';
import type { VerticalAxis } from './axes.ts';
import styles from './Chart.module.css';
import { ChartReadout } from './ChartReadout.tsx';
import { type Cursor, useCursor } from './cursor.ts';
import { findKeyTarget } from './keys.ts';
import {
  type ChartMark,
  labelRowHeight,
  PlotContext,
  plotMargins,
  type WantedMark,
} from './plot.ts';
import { estimateWidth, placeLabels } from './labels.ts';
import { readAt, describeReadout } from './readout.ts';
import type { ChartSeries } from './series/series.ts';

const ChartFrame = lazy(() => import('./ChartFrame.tsx'));

interface LineFigureProps {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  readonly marks: readonly WantedMark[];
  /** When false, only the marks' space is reserved, so that charts side by side stay aligned. */
  readonly areMarksShown?: boolean;
  readonly xStart?: number;
  readonly xEnd: number;
  /** The unit of the horizontal axis in the plural; `describeX` puts its singular before a number. */
  readonly xLabel: string;
  readonly describeX: (x: number) => string;
  readonly axis: VerticalAxis;
  readonly unit: 'percent' | 'number';
  readonly cursor: Cursor;
  readonly caption: ReactNode;
  /** What the caption has no room for, behind a button. */
  readonly more?: ReactNode;
  /** Text over the empty axes, or null once there is something to draw. */
  readonly emptyNote: string | null;
}

/** Height of a chart without the labels above it, in pixels. */
const chartHeight = 236;

/** A line chart whose points can be read by pointer, touch and keyboard. */
export function LineFigure(props: LineFigureProps) {
  const { title, series, marks, areMarksShown = true, xStart = 0, xEnd, xLabel } = props;
  const { axis, unit, cursor } = props;
  const captionId = useId();
  const { ref, width } = useElementSize<HTMLDivElement>();
  const placed = useMemo(
    () => placeMarks(marks, xStart, xEnd, width),
    [marks, xStart, xEnd, width],
  );
  const labelHeight = labelRowHeight * Math.max(0, ...placed.map(({ row }) => row + 1));
  const content = useMemo(
    () => ({ series, marks: areMarksShown ? placed : [], xStart, xEnd, axis, cursor }),
    [series, placed, areMarksShown, xStart, xEnd, axis, cursor],
  );
  return (
    <figure className={styles.figure} data-chart={title}>
      <h3 className={styles.title}>{title}</h3>
      <div ref={ref} className={styles.place} style={{ minHeight: chartHeight + labelHeight }}>
        <Pointing {...props} describedBy={captionId}>
          <Suspense fallback={<p className={styles.loading}>Loading the chart…</p>}>
            <PlotContext value={content}>
              <ChartFrame
                height={chartHeight}
                labelHeight={labelHeight}
                xStart={xStart}
                xEnd={xEnd}
                xLabel={xLabel}
                unit={unit}
                {...axis}
              />
            </PlotContext>
          </Suspense>
        </Pointing>
        {props.emptyNote !== null && <p className={styles.emptyNote}>{props.emptyNote}</p>}
        <ChartReadout series={series} cursor={cursor} />
      </div>
      <figcaption className={styles.caption}>
        <span id={captionId}>{props.caption}</span>
        {props.more !== undefined && <Info label={`About ${title}`}>{props.more}</Info>}
      </figcaption>
    </figure>
  );
}

/** Marks with their labels arranged in rows, for a chart of the given width in pixels. */
function placeMarks(
  marks: readonly WantedMark[],
  xStart: number,
  xEnd: number,
  width: number,
): ChartMark[] {
  const room = Math.max(120, width - plotMargins.left - plotMargins.right);
  const labels = marks.map(({ x, text, anchor }) => ({
    at: ((x - xStart) / (xEnd - xStart)) * room,
    width: estimateWidth(text),
    anchor,
  }));
  const places = placeLabels(labels, room);
  return marks.map((mark, index) => ({ ...mark, ...places[index]! }));
}

interface PointingProps extends LineFigureProps {
  readonly describedBy: string;
  readonly children: ReactNode;
}

/** Makes the chart a slider over the measured moments. */
function Pointing(props: PointingProps) {
  const { title, series, xStart = 0, xEnd, xLabel, describeX } = props;
  const { cursor, emptyNote, describedBy, children } = props;
  const place = useCursor(cursor);

  function handlePointer(event: PointerEvent<HTMLDivElement>): void {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const room = width - plotMargins.left - plotMargins.right;
    const share = (event.clientX - left - plotMargins.left) / room;
    const x = xStart + (xEnd - xStart) * Math.max(0, Math.min(1, share));
    cursor.setState(share < -0.03 || share > 1.03 ? null : x);
  }

  function handleKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = findKeyTarget(event.key, series, place, xEnd - xStart);
    if (target === undefined) return;
    event.preventDefault();
    cursor.setState(target);
  }

  const said =
    place === null ? '' : `${describeX(place)}. ${describeReadout(readAt(series, place))}`;
  if (emptyNote !== null) return <div className={styles.pointing}>{children}</div>;
  return (
    <div
      className={styles.pointing}
      role="slider"
      tabIndex={0}
      aria-label={`${title}, by ${xLabel}`}
      aria-describedby={describedBy}
      aria-valuemin={xStart}
      aria-valuemax={xEnd}
      aria-valuenow={place ?? Math.max(0, xStart)}
      aria-valuetext={said || 'No point chosen; the arrow keys choose one.'}
      onPointerMove={handlePointer}
      onPointerDown={handlePointer}
      onPointerLeave={(event) => {
        // Lifting a finger also counts as leaving; its readout stays until another place is touched.
        if (event.pointerType === 'mouse') cursor.setState(null);
      }}
      onBlur={() => cursor.setState(null)}
      onKeyDown={handleKey}
    >
      {children}
    </div>
  );
}
