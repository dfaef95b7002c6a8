import { VisuallyHidden } from '@mantine/core';
import { useId } from 'react';
import { keepTogether } from '../../../ui/format.ts';
import type { DotAxis } from './dotAxis.ts';
import type { Measure } from '../measures.ts';
import type { OwnPoint } from '../ownPoints.ts';
import styles from './Plot.module.css';
import type { PaperGroup, PaperRow } from '../paperRows.ts';
import { formatRate, formatSpread } from '../rates.ts';
import { RowDetails } from '../RowDetails.tsx';
import { describeMoment } from '../sources.ts';
import { Strip } from './Strip.tsx';

interface PlotRowProps {
  readonly row: PaperRow<OwnPoint>;
  readonly group: Pick<PaperGroup<OwnPoint>, 'title' | 'size'>;
  readonly axis: DotAxis;
  readonly measure: Measure;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** A line of the chart; pressing it anywhere shows the sources of its numbers. */
export function PlotRow({ row, group, axis, measure, isOpen, onToggle }: PlotRowProps) {
  const detailsId = useId();
  const { name, size, published, reproduced } = row;
  return (
    <li className={styles.row}>
      <div className={styles.line}>
        <button
          type="button"
          className={styles.label}
          aria-expanded={isOpen}
          aria-controls={isOpen ? detailsId : undefined}
          onClick={onToggle}
        >
          <span className={styles.chevron} aria-hidden="true">
            ›
          </span>
          <span>
            <VisuallyHidden>{group.title}: </VisuallyHidden>
            {name}{' '}
            {size === group.size ? (
              <VisuallyHidden>{size}</VisuallyHidden>
            ) : (
              <span className={styles.size}>{size}</span>
            )}
            <VisuallyHidden>{`. ${sayNumbers(row, measure)} Sources and experiments`}</VisuallyHidden>
          </span>
        </button>
        <Strip row={row} axis={axis} measure={measure} />
        <span className={styles.paperNumber} aria-hidden="true">
          {published === null ? '' : formatRate(published, measure)}
        </span>
        <span className={styles.number} aria-hidden="true">
          {reproduced !== null ? (
            keepTogether(formatSpread(reproduced.spread, measure))
          ) : (
            <span className={styles.notYet}>{row.isPlanned ? 'not run yet' : ''}</span>
          )}
        </span>
      </div>
      {isOpen && (
        <div id={detailsId}>
          <RowDetails row={row} name={`${group.title}, ${name}`} measure={measure} />
        </div>
      )}
    </li>
  );
}

/** The numbers that the marks of the line show, as text. */
function sayNumbers(row: PaperRow<OwnPoint>, measure: Measure): string {
  const { published, reproduced, own } = row;
  return [
    ...(published === null ? [] : [`Paper ${formatRate(published, measure)}.`]),
    ...(reproduced === null
      ? row.isPlanned
        ? ['This project: not run yet.']
        : []
      : [`This project ${formatSpread(reproduced.spread, measure)}.`]),
    ...own.map(
      (point) =>
        `Your run ${point.name} ${formatRate(point.error.errorRate, measure)}, ${describeMoment(point, measure)}.`,
    ),
  ].join(' ');
}
