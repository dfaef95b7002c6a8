import { formatEpoch } from '../../../ui/format.ts';
import { type DotAxis, isBeyond, placeOn } from './dotAxis.ts';
import { OwnMark, PaperMark, SeedMark } from './Marks.tsx';
import { formatRate, type Measure } from '../measures.ts';
import type { OwnPoint } from '../ownPoints.ts';
import styles from './Plot.module.css';
import type { PaperRow, Reproduced } from '../paperRows.ts';

interface StripProps {
  readonly row: PaperRow;
  readonly axis: DotAxis;
  readonly measure: Measure;
}

/** Heights in pixels: the line of the paper and this project, and one line for each of the user's runs. */
const heights = { main: 32, own: 22 } as const;
/** Pixels from the middle of the line up to the paper's mark and down to this project's. */
const laneOffset = 6;
/** Largest vertical distance between the marks of two seeds, so that equal values do not hide each other. */
const seedStep = 4;
/** Fraction of the axis beyond which a number is on the left of its mark. */
const turn = 0.55;

export function Strip({ row, axis, measure }: StripProps) {
  const { published, reproduced, own } = row;
  // A row of the user's own has nothing above its mark.
  const top = published === null && reproduced === null ? 0 : heights.main;
  const height = Math.max(heights.main, top + own.length * heights.own);
  const middle = heights.main / 2;
  // When both exist, they are drawn apart, because equal numbers would hide each other.
  const apart = published !== null && reproduced !== null ? laneOffset : 0;
  const at = (value: number): string => `${100 * placeOn(axis, value)}%`;
  return (
    <svg className={styles.strip} height={height} aria-hidden="true" focusable="false">
      {axis.ticks.map((tick) => (
        <line key={tick} className={styles.grid} x1={at(tick)} x2={at(tick)} y1="0" y2="100%" />
      ))}
      {reproduced !== null && <Project reproduced={reproduced} at={at} middle={middle + apart} />}
      {published !== null && (
        <svg x={at(published)} y={middle - apart} className={styles.mark}>
          <PaperMark />
        </svg>
      )}
      {own.map((point, index) => (
        <OwnLane
          key={point.id}
          point={point}
          axis={axis}
          measure={measure}
          y={top === 0 ? middle : top + (index + 0.5) * heights.own - 4}
        />
      ))}
    </svg>
  );
}

interface ProjectProps {
  readonly reproduced: Reproduced;
  readonly at: (value: number) => string;
  /** Vertical middle of the mark's line in pixels. */
  readonly middle: number;
}

function Project({ reproduced, at, middle }: ProjectProps) {
  const { values } = reproduced;
  const { mean, deviation } = reproduced.spread;
  const step = Math.min(seedStep, 16 / values.length);
  return (
    <>
      {deviation !== null && (
        <line
          className={styles.deviation}
          x1={at(mean - deviation)}
          x2={at(mean + deviation)}
          y1={middle}
          y2={middle}
        />
      )}
      {(deviation !== null || values.length === 0) && (
        <line className={styles.mean} x1={at(mean)} x2={at(mean)} y1={middle - 8} y2={middle + 8} />
      )}
      {values.map((value, index) => (
        <svg
          key={index}
          x={at(value)}
          y={middle + (index - (values.length - 1) / 2) * step}
          className={styles.mark}
        >
          <SeedMark />
        </svg>
      ))}
    </>
  );
}

interface OwnLaneProps extends Omit<StripProps, 'row'> {
  readonly point: OwnPoint;
  /** Vertical middle of the lane in pixels. */
  readonly y: number;
}

function OwnLane({ point, axis, measure, y }: OwnLaneProps) {
  const { errorRate, epoch } = point.error;
  const place = placeOn(axis, errorRate);
  const isLeft = place > turn;
  const parts = [formatRate(errorRate, measure)];
  if (point.isUnfinished) parts.push(`epoch ${formatEpoch(epoch)} of ${point.config.epochs}`);
  if (isBeyond(axis, errorRate)) parts.push('off the scale →');
  return (
    <svg x={`${100 * place}%`} y={y} className={styles.mark}>
      <OwnMark point={point} />
      <text
        className={styles.ownText}
        x={isLeft ? -11 : 11}
        dy="0.35em"
        textAnchor={isLeft ? 'end' : 'start'}
      >
        {parts.join(', ')}
      </text>
    </svg>
  );
}
