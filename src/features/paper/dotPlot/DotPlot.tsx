import { type ReactNode, useId, useMemo } from 'react';
import { type DotAxis, makeCleanAxis, placeOn, wholeAxis } from './dotAxis.ts';
import { InlineMark, PaperMark, SeedMark, SpreadMark } from './Marks.tsx';
import type { Measure } from '../measures.ts';
import styles from './Plot.module.css';
import type { PaperGroup } from '../paperRows.ts';
import { PlotRow } from './PlotRow.tsx';

interface DotPlotProps {
  readonly groups: readonly PaperGroup[];
  readonly measure: Measure;
}

/** One row per network and method, with all errors on the same horizontal axis. */
export function DotPlot({ groups, measure }: DotPlotProps) {
  const isClean = measure.attack === null;
  const titleId = useId();
  const axis = useMemo(() => (isClean ? findCleanAxis(groups) : wholeAxis), [groups, isClean]);
  return (
    <figure className={styles.figure} aria-labelledby={titleId}>
      <figcaption className={styles.legend}>
        {isClean && <LegendEntry mark={<PaperMark />}>the paper’s abstract</LegendEntry>}
        {isClean && <LegendEntry mark={<SeedMark />}>this project, one seed each</LegendEntry>}
        <LegendEntry mark={<SpreadMark />}>
          {isClean ? 'mean' : 'this project, mean'} ± standard deviation
        </LegendEntry>
        <span>In color: your runs, filled where they have the row’s settings.</span>
      </figcaption>
      <div className={styles.head}>
        <p id={titleId} className={styles.axisTitle}>
          {measure.name}
          {axis.isLogarithmic && ' (logarithmic scale)'}
        </p>
        <div className={styles.axis} aria-hidden="true">
          {axis.ticks.map((tick) => (
            <span key={tick} style={{ left: `${100 * placeOn(axis, tick)}%` }}>
              {Number((100 * tick).toPrecision(3))} %
            </span>
          ))}
        </div>
        <span className={styles.paperColumn}>{isClean && 'Paper'}</span>
        <span className={styles.projectColumn}>This project</span>
      </div>
      {groups.map((group) => (
        <section key={group.title} className={styles.group} aria-label={group.title}>
          <h3 className={styles.groupTitle}>
            {group.title} <span className={styles.groupSize}>{group.size}</span>
          </h3>
          <ul className={styles.rows}>
            {group.rows.map((row) => (
              <PlotRow key={row.id} row={row} group={group} axis={axis} measure={measure} />
            ))}
          </ul>
        </section>
      ))}
    </figure>
  );
}

interface LegendEntryProps {
  readonly mark: ReactNode;
  readonly children: ReactNode;
}

function LegendEntry({ mark, children }: LegendEntryProps) {
  return (
    <span>
      <InlineMark>{mark}</InlineMark>
      {children}
    </span>
  );
}

function findCleanAxis(groups: readonly PaperGroup[]): DotAxis {
  const rows = groups.flatMap((group) => group.rows);
  const values = rows.flatMap(({ published, reproduced }) => [
    ...(published === null ? [] : [published]),
    ...(reproduced?.values ?? []),
  ]);
  return makeCleanAxis(
    values,
    rows.flatMap(({ own }) => own.map(({ error }) => error.errorRate)),
  );
}
