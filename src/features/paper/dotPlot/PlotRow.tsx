import { VisuallyHidden } from '@mantine/core';
import { useId, useState } from 'react';
import { keepTogether } from '../../../ui/format.ts';
import { formatRate, formatSpread, type Measure } from '../measures.ts';
import type { PaperGroup, PaperRow } from '../paperRows.ts';
import { RowDetails } from '../details/RowDetails.tsx';
import { describeMoment } from '../sources.ts';
import type { DotAxis } from './dotAxis.ts';
import styles from './Plot.module.css';
import { Strip } from './Strip.tsx';

interface PlotRowProps {
  readonly row: PaperRow;
  readonly group: PaperGroup;
  readonly axis: DotAxis;
  readonly measure: Measure;
}

/** A line of the chart; pressing it anywhere shows the sources of its numbers. */
export function PlotRow({ row, group, axis, measure }: PlotRowProps) {
  const detailsId = useId();
  const [isOpen, setOpen] = useState(false);
  const { name, published, reproduced } = row;
  const size = row.size === group.size ? '' : row.size;
  return (
    <li className={styles.row}>
      <div className={styles.line}>
        <button
          type="button"
          className={styles.label}
          aria-expanded={isOpen}
          aria-controls={isOpen ? detailsId : undefined}
          onClick={() => setOpen(!isOpen)}
        >
          <span className={styles.chevron} aria-hidden="true">
            ›
          </span>
          <span>
            <VisuallyHidden>{group.title}: </VisuallyHidden>
            {name} {size !== '' && <span className={styles.size}>{size}</span>}
            <VisuallyHidden>{`. ${describeNumbers(row, measure)} Sources and experiments`}</VisuallyHidden>
          </span>
        </button>
        <Strip row={row} axis={axis} measure={measure} />
        <span className={styles.number} aria-hidden="true">
          {published !== null && formatRate(published, measure)}
        </span>
        <span className={styles.number} aria-hidden="true">
          {reproduced !== null && keepTogether(formatSpread(reproduced.spread, measure))}
          {isOutstanding(row) && <span className={styles.notYet}>not run yet</span>}
        </span>
      </div>
      {isOpen && (
        <div id={detailsId}>
          <RowDetails
            row={row}
            name={[group.title, name, size].filter((text) => text !== '').join(', ')}
            measure={measure}
          />
        </div>
      )}
    </li>
  );
}

function isOutstanding({ config, reproduced }: PaperRow): boolean {
  return config !== null && reproduced === null;
}

/** The numbers that the marks of the line show, as text. */
function describeNumbers(row: PaperRow, measure: Measure): string {
  const { published, reproduced, own } = row;
  const sentences: string[] = [];
  if (published !== null) sentences.push(`Paper ${formatRate(published, measure)}.`);
  if (reproduced !== null) {
    sentences.push(`This project ${formatSpread(reproduced.spread, measure)}.`);
  }
  if (isOutstanding(row)) sentences.push('This project: not run yet.');
  for (const point of own) {
    const rate = formatRate(point.error.errorRate, measure);
    sentences.push(`Your run ${point.name} ${rate}, ${describeMoment(point, measure)}.`);
  }
  return sentences.join(' ');
}
