import { type ReactNode, useId, useMemo, useState } from 'react';
import { SteadyButton } from '../../../ui/fields/SteadyButton.tsx';
import { type DotAxis, makeCleanAxis, placeOn, wholeAxis } from './dotAxis.ts';
import { InlineMark, PaperMark, SeedMark, SpreadMark } from './Marks.tsx';
import type { Measure } from '../measures.ts';
import styles from './Plot.module.css';
import type { PaperGroup } from '../paperRows.ts';
import { PlotRow } from './PlotRow.tsx';

interface DotPlotProps {
  readonly groups: readonly PaperGroup[];
  /** The user's runs that are in none of the groups. */
  readonly others: PaperGroup | null;
  readonly measure: Measure;
}

/** One row per network and method, with all errors on the same horizontal axis. */
export function DotPlot({ groups, others, measure }: DotPlotProps) {
  const [areAllShown, setAllShown] = useState(false);
  const isClean = measure.attack === null;
  const titleId = useId();
  const axis = useMemo(() => {
    const all = others === null ? groups : [...groups, others];
    return isClean ? findCleanAxis(all) : wholeAxis;
  }, [groups, others, isClean]);
  const isShown = ({ isMain, rows }: PaperGroup): boolean =>
    isMain || rows.some(({ own }) => own.length > 0);
  const first = groups.filter(isShown);
  const rest = groups.filter((group) => !isShown(group));
  const hasOwn =
    others !== null || groups.some(({ rows }) => rows.some((row) => row.own.length > 0));
  return (
    <figure className={styles.figure} aria-labelledby={titleId}>
      <figcaption className={styles.legend}>
        {isClean && <LegendEntry mark={<PaperMark />}>the paper’s abstract</LegendEntry>}
        {isClean && <LegendEntry mark={<SeedMark />}>this project, one seed each</LegendEntry>}
        <LegendEntry mark={<SpreadMark />}>
          {isClean ? 'mean' : 'this project, mean'} ± standard deviation
        </LegendEntry>
        {hasOwn && <span>In color: your runs</span>}
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
      {first.map((group) => (
        <Group key={group.title} group={group} axis={axis} measure={measure} />
      ))}
      {others !== null && <Group group={others} axis={axis} measure={measure} />}
      {rest.length > 0 && (
        <div className={styles.more}>
          <SteadyButton
            isAvailable
            isExpanded={areAllShown}
            onPress={() => setAllShown(!areAllShown)}
          >
            {areAllShown ? 'Show fewer' : `Show ${rest.length} more groups`}
          </SteadyButton>
          {!areAllShown && (
            <span className={styles.moreNames}>{rest.map(({ title }) => title).join(' · ')}</span>
          )}
        </div>
      )}
      {areAllShown &&
        rest.map((group) => (
          <Group key={group.title} group={group} axis={axis} measure={measure} />
        ))}
    </figure>
  );
}

interface GroupProps {
  readonly group: PaperGroup;
  readonly axis: DotAxis;
  readonly measure: Measure;
}

function Group({ group, axis, measure }: GroupProps) {
  return (
    <section className={styles.group} aria-label={group.title}>
      <h3 className={styles.groupTitle}>
        {group.title} <span className={styles.groupSize}>{group.size}</span>
      </h3>
      <ul className={styles.rows}>
        {group.rows.map((row) => (
          <PlotRow key={row.id} row={row} group={group} axis={axis} measure={measure} />
        ))}
      </ul>
    </section>
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
