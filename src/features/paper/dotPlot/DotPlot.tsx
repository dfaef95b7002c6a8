import { useId, useMemo, useState } from 'react';
import { toggled } from '../../../ui/charts/RunLegend.tsx';
import { type DotAxis, makeCleanAxis, placeOn, wholeAxis } from './dotAxis.ts';
import { InlineMark, PaperMark, SeedMark, SpreadMark } from './Marks.tsx';
import type { MeasureChoice } from '../measures.ts';
import type { OwnPoint } from '../ownPoints.ts';
import styles from './Plot.module.css';
import type { PaperGroup } from '../paperRows.ts';
import { PlotRow } from './PlotRow.tsx';

interface DotPlotProps {
  readonly groups: readonly PaperGroup<OwnPoint>[];
  readonly choice: MeasureChoice;
}

/** One row per network and method, with all errors on the same horizontal axis. */
export function DotPlot({ groups, choice }: DotPlotProps) {
  const { name, measure } = choice;
  const titleId = useId();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set<string>());
  const axis = useMemo(
    () => (measure.kind === 'clean' ? findCleanAxis(groups) : wholeAxis),
    [groups, measure],
  );
  return (
    <figure className={styles.figure} aria-labelledby={titleId}>
      <figcaption className={styles.legend}>
        {measure.kind === 'clean' && (
          <span>
            <InlineMark>
              <PaperMark />
            </InlineMark>
            the paper’s abstract
          </span>
        )}
        {measure.kind === 'clean' && (
          <span>
            <InlineMark>
              <SeedMark />
            </InlineMark>
            this project, one seed each
          </span>
        )}
        <span>
          <InlineMark>
            <SpreadMark />
          </InlineMark>
          {measure.kind === 'clean' ? 'mean' : 'this project, mean'} ± standard deviation
        </span>
        <span>In colour: your runs, filled where they have the row’s settings.</span>
      </figcaption>
      <div className={styles.head}>
        <p id={titleId} className={styles.axisTitle}>
          {name}
          {axis.isLogarithmic && ' (logarithmic scale)'}
        </p>
        <AxisNumbers axis={axis} />
        <span className={styles.paperColumn}>{measure.kind === 'clean' && 'Paper'}</span>
        <span className={styles.projectColumn}>This project</span>
      </div>
      {groups.map(({ title, size, rows }) => (
        <section key={title} className={styles.group} aria-label={title}>
          <h3 className={styles.groupTitle}>
            {title} <span className={styles.groupSize}>{size}</span>
          </h3>
          <ul className={styles.rows}>
            {rows.map((row) => (
              <PlotRow
                key={row.id}
                row={row}
                group={{ title, size }}
                axis={axis}
                measure={measure}
                isOpen={open.has(row.id)}
                onToggle={() => setOpen(toggled(open, row.id))}
              />
            ))}
          </ul>
        </section>
      ))}
    </figure>
  );
}

function AxisNumbers({ axis }: { readonly axis: DotAxis }) {
  return (
    <div className={styles.axis} aria-hidden="true">
      {axis.ticks.map((tick) => (
        <span key={tick} style={{ left: `${100 * placeOn(axis, tick)}%` }}>
          {Number((100 * tick).toPrecision(3))} %
        </span>
      ))}
    </div>
  );
}

function findCleanAxis(groups: readonly PaperGroup<OwnPoint>[]): DotAxis {
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
