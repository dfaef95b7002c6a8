import { type ReactNode, useId, useMemo, useState } from 'react';
import { SteadyButton } from '../../../ui/fields/SteadyButton.tsx';
import { type DotAxis, makeCleanAxis, placeOn, wholeAxis } from './dotAxis.ts';
import { InlineMark, PaperMark, SeedMark, SpreadMark } from './Marks.tsx';
import type { Measure } from '../measures.ts';
import styles from './Plot.module.css';
import type { PaperGroup, PaperRow } from '../paperRows.ts';
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
  const first = groups.map(findFirst).filter(({ rows }) => rows.length > 0);
  const shown = areAllShown ? groups : first;
  const folded = countRows(groups) - countRows(first);
  const hasOwn =
    others !== null || groups.some(({ rows }) => rows.some((row) => row.own.length > 0));
  return (
    <figure className={styles.figure} aria-labelledby={titleId}>
      <figcaption className={styles.legend}>
        <span id={titleId}>
          {measure.name}
          {axis.isLogarithmic && ' (logarithmic scale)'}:
        </span>
        {isClean && <LegendEntry mark={<PaperMark />}>the paper’s abstract</LegendEntry>}
        {isClean && <LegendEntry mark={<SeedMark />}>this project, one seed each</LegendEntry>}
        <LegendEntry mark={<SpreadMark />}>
          {isClean ? 'mean' : 'this project, mean'} ± standard deviation
        </LegendEntry>
        {hasOwn && <span>In color: your runs</span>}
      </figcaption>
      <div className={styles.head}>
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
      {shown.map((group) => (
        <Group key={group.title} group={group} axis={axis} measure={measure} />
      ))}
      {others !== null && <Group group={others} axis={axis} measure={measure} />}
      {folded > 0 && (
        <div className={styles.more}>
          <SteadyButton
            isAvailable
            isExpanded={areAllShown}
            onPress={() => setAllShown(!areAllShown)}
          >
            {areAllShown ? 'Show fewer' : `Show ${folded} more`}
          </SteadyButton>
          {!areAllShown && (
            <span className={styles.moreNames}>
              other methods, other units, shorter training, permuted pixels
            </span>
          )}
        </div>
      )}
    </figure>
  );
}

/** The rows that are shown at first: of the abstract's networks plain, dropout and ABP; and those with runs of the user's. */
function findFirst(group: PaperGroup): PaperGroup {
  const isFirst = ({ isPublished, method, own }: PaperRow): boolean =>
    own.length > 0 || (group.isMain && (isPublished || method === 'dropout'));
  return { ...group, rows: group.rows.filter(isFirst) };
}

function countRows(groups: readonly PaperGroup[]): number {
  return groups.reduce((sum, { rows }) => sum + rows.length, 0);
}

interface GroupProps {
  readonly group: PaperGroup;
  readonly axis: DotAxis;
  readonly measure: Measure;
}

function Group({ group, axis, measure }: GroupProps) {
  return (
    <section className={styles.group} aria-label={group.title}>
      <h4 className={styles.groupTitle}>{group.title}</h4>
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
