import { Fragment, useId } from 'react';
import { keepTogether } from '../../ui/format.ts';
import { InlineMark, OwnMark } from './dotPlot/Marks.tsx';
import { type PaperCell, paperColumns, type PaperTableRow } from './paperTable.ts';
import { RowExperiments } from './details/RowDetails.tsx';
import styles from './Table.module.css';

interface PaperTableProps {
  readonly rows: readonly PaperTableRow[];
  readonly caption: string;
}

/** The chart's numbers with their sources, in a region that scrolls sideways on narrow screens. */
export function PaperTable({ rows, caption }: PaperTableProps) {
  const id = useId();
  const label = 'The paper’s numbers and others';
  return (
    <div className={styles.frame} tabIndex={0} role="group" aria-label={label}>
      <table className={styles.table} aria-label={label} aria-describedby={id}>
        <caption id={id}>{caption}</caption>
        <thead>
          <tr>
            {[...paperColumns, 'Experiment'].map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ row, name, size, paper, here, own }) => (
            <tr key={row.id}>
              <th scope="row">
                {name}
                {size !== '' && <span className={styles.small}>{size}</span>}
              </th>
              <td>
                <Cells cells={paper} />
              </td>
              <td>
                <Cells cells={here} />
              </td>
              <td>
                {own.length === 0 && '–'}
                {own.map(({ point, ...cell }) => (
                  <Fragment key={point.id}>
                    <InlineMark>
                      <OwnMark point={point} />
                    </InlineMark>
                    <Cells cells={[cell]} />
                  </Fragment>
                ))}
              </td>
              <td>
                <RowExperiments row={row} name={size === '' ? name : `${name}, ${size}`} isBrief />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cells({ cells }: { readonly cells: readonly PaperCell[] }) {
  if (cells.length === 0) return '–';
  return cells.map(({ text, note }) => (
    <Fragment key={note}>
      {keepTogether(text)}
      {note !== '' && <span className={styles.small}>{keepTogether(note)}</span>}
    </Fragment>
  ));
}
