import { useId } from 'react';
import { Info } from '../../../ui/Info.tsx';
import { RunSwatch } from '../../../ui/charts/RunSwatch.tsx';
import styles from './Results.module.css';
import type { ResultTable } from './resultsTable.ts';

/** The results in a region that scrolls sideways on narrow screens; the names stay visible. */
export function ResultsTable({ table }: { readonly table: ResultTable }) {
  const id = useId();
  const { columns, rows, caption, notes } = table;
  return (
    <>
      <div className={styles.caption}>
        <span id={id}>{caption === '' ? 'Nothing is measured yet.' : caption}</span>
        <Info label="About the columns">
          {notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </Info>
      </div>
      <div className={styles.frame} tabIndex={0} role="group" aria-label="Results of all runs">
        <table
          className={styles.table}
          translate="no"
          aria-label="Results of all runs"
          aria-describedby={id}
        >
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {/* A line breaks only before an ε, not between it and its number. */}
                  {column.split(/(?=ε)/u).map((part) => (
                    <span key={part}>{part}</span>
                  ))}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ row, cells }) => (
              <tr key={row.id} data-reference={row.isReference || undefined}>
                <th scope="row">
                  <span className={styles.name}>
                    <RunSwatch runStyle={row.runStyle} isReference={row.isReference} />
                    <span>{row.name}</span>
                  </span>
                </th>
                {cells.map(({ text, note }, column) => (
                  <td key={column}>
                    {text}
                    {note !== '' && <span className={styles.cellNote}>{note}</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
