import { memo } from 'react';
import styles from './Chart.module.css';

/** A column, or several under one heading. */
export interface TableColumn {
  readonly name: string;
  /** Names of the columns under this heading; empty for a single column. */
  readonly parts: readonly string[];
}

export interface TableRow {
  readonly key: string;
  /** The first cell heads the row. */
  readonly cells: readonly string[];
}

interface NumberTableProps {
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  /** Whether the rows are headed by names, and not by numbers. */
  readonly hasNames?: boolean;
}

/** A table of numbers in a region that scrolls in both directions. */
export function NumberTable({ caption, columns, rows, hasNames = false }: NumberTableProps) {
  const hasParts = columns.some(({ parts }) => parts.length > 0);
  return (
    <div className={styles.tableFrame} tabIndex={0} role="group" aria-label={caption}>
      <table className={styles.table} translate="no" data-names={hasNames || undefined}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, parts }) => (
              <th
                key={name}
                scope={parts.length > 0 ? 'colgroup' : 'col'}
                colSpan={parts.length || undefined}
                rowSpan={hasParts && parts.length === 0 ? 2 : undefined}
              >
                {name}
              </th>
            ))}
          </tr>
          {hasParts && (
            <tr>
              {columns.flatMap(({ name, parts }) =>
                parts.map((part) => (
                  <th key={`${name} ${part}`} scope="col">
                    {part}
                  </th>
                )),
              )}
            </tr>
          )}
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <NumberRow key={key} text={cells.join('\t')} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Takes its cells as one text, so that unchanged rows do not render again. */
const NumberRow = memo(function NumberRow({ text }: { readonly text: string }) {
  const [head, ...cells] = text.split('\t');
  return (
    <tr>
      <th scope="row">{head}</th>
      {cells.map((cell, column) => (
        <td key={column}>{cell}</td>
      ))}
    </tr>
  );
});
