import type { ReactElement } from 'react';
import {
  CartesianGrid,
  ErrorBar,
  Scatter,
  ScatterChart,
  type ScatterShapeProps,
  XAxis,
  YAxis,
} from 'recharts';
import { formatEpoch } from '../../ui/format.ts';
import { axisProps, clampTo, type DotAxis, isBeyond, noMargin, placeOn } from './dotAxis.ts';
import { MeanMark, OwnMark, PaperMark, SeedMark } from './Marks.tsx';
import type { Measure } from './measures.ts';
import type { OwnPoint } from './ownPoints.ts';
import styles from './Plot.module.css';
import type { PaperRow, Reproduced } from './paperRows.ts';
import { formatRate } from './rates.ts';
import { hasRowSettings } from './sources.ts';

interface StripProps {
  readonly row: PaperRow<OwnPoint>;
  readonly axis: DotAxis;
  readonly measure: Measure;
  /** In pixels. */
  readonly width: number;
}

/** Heights in pixels: of the line of the paper and this project, and of a line for each run of a person. */
const heights = { main: 36, own: 22 } as const;
/** From the middle of the line up to the paper's mark, and down to this project's. */
const laneOffset = 6.5;
/** Seeds are set apart upwards and downwards, at most so far from one another, so that equal ones are seen. */
const seedStep = 4;
/** Share of the width from which on a number stands at the left of its mark. */
const turn = 0.55;

interface Dot {
  readonly x: number;
  readonly y: number;
  /** Drawn around its own origin. */
  readonly mark: ReactElement;
}

/** The marks of one line; the vertical axis counts pixels from its upper edge. */
export function Strip({ row, axis, measure, width }: StripProps) {
  const { published, reproduced, own } = row;
  const height = heights.main + own.length * heights.own;
  // Where both stand, they are apart: equal numbers would hide each other.
  const apart = published !== null && reproduced !== null ? laneOffset : 0;
  const middle = heights.main / 2;
  const seeds = reproduced?.values ?? [];
  const step = Math.min(seedStep, 16 / seeds.length);
  const dots: Dot[] = seeds.map((value, index) => ({
    x: clampTo(axis, value),
    y: middle + apart + (index - (seeds.length - 1) / 2) * step,
    mark: <SeedMark />,
  }));
  if (published !== null) {
    dots.push({ x: clampTo(axis, published), y: middle - apart, mark: <PaperMark /> });
  }
  own.forEach((point, index) => {
    dots.push({
      x: clampTo(axis, point.error.errorRate),
      y: heights.main + (index + 0.5) * heights.own - 4,
      mark: <LabelledOwnMark point={point} row={row} axis={axis} measure={measure} />,
    });
  });
  const mean = findMean(reproduced, axis);
  return (
    <div className={styles.strip} style={{ height }} aria-hidden="true">
      {width > 0 && (
        <ScatterChart width={width} height={height} margin={noMargin} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--hairline)" horizontal={false} syncWithTicks />
          <XAxis {...axisProps(axis)} hide />
          <YAxis type="number" dataKey="y" domain={[0, height]} reversed hide />
          {mean !== null && (
            <Scatter
              data={[{ ...mean, y: middle + apart, mark: <MeanMark /> }]}
              shape={drawDot}
              isAnimationActive={false}
            >
              <ErrorBar
                dataKey="reach"
                direction="x"
                width={0}
                stroke="var(--ink)"
                strokeWidth={1.5}
                isAnimationActive={false}
              />
            </Scatter>
          )}
          <Scatter data={dots} shape={drawDot} isAnimationActive={false} />
        </ScatterChart>
      )}
    </div>
  );
}

function drawDot({ cx = 0, cy = 0, payload }: ScatterShapeProps): ReactElement<SVGGElement> {
  return <g transform={`translate(${cx},${cy})`}>{(payload as Dot).mark}</g>;
}

/** This project's mean, and its deviation to the left and to the right; null where one seed is all there is. */
function findMean(
  reproduced: Reproduced | null,
  axis: DotAxis,
): { readonly x: number; readonly reach: readonly [number, number] } | null {
  if (reproduced === null) return null;
  const { mean, deviation } = reproduced.spread;
  if (deviation === null && reproduced.values.length > 0) return null;
  const x = clampTo(axis, mean);
  const reach = deviation ?? 0;
  return { x, reach: [x - clampTo(axis, mean - reach), clampTo(axis, mean + reach) - x] };
}

interface LabelledOwnMarkProps extends Omit<StripProps, 'width'> {
  readonly point: OwnPoint;
}

/** A person's run, with its number beside it. */
function LabelledOwnMark({ point, row, axis, measure }: LabelledOwnMarkProps) {
  const { errorRate, epoch } = point.error;
  const isLeft = placeOn(axis, errorRate) > turn;
  const text = [
    formatRate(errorRate, measure),
    ...(point.isUnfinished ? [`epoch ${formatEpoch(epoch)} of ${point.config.epochs}`] : []),
    ...(isBeyond(axis, errorRate) ? ['off the scale →'] : []),
  ].join(', ');
  return (
    <>
      <OwnMark point={point} isFilled={hasRowSettings(point, row)} />
      <text
        className={styles.ownText}
        x={isLeft ? -11 : 11}
        dy="0.35em"
        textAnchor={isLeft ? 'end' : 'start'}
      >
        {text}
      </text>
    </>
  );
}
