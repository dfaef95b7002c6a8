import { type CSSProperties, type KeyboardEvent, memo, useId, useRef, useState } from 'react';
import type { Confusion } from '../../experiment/inside/confusion.ts';
import { formatCount } from '../../ui/format.ts';
import styles from './Confusion.module.css';
import { describeConfusion } from './texts.ts';

const digits = Array.from({ length: 10 }, (_, digit) => digit);

interface MatrixTableProps {
  /** "Clean", "Under attack". */
  readonly title: string;
  /** The network that the matrix belongs to. */
  readonly networkName: string;
  readonly confusion: Confusion;
  /** The largest number of errors in any cell of any matrix shown; that cell has the deepest shade. */
  readonly mostErrors: number;
  /** The open cell as label × 10 + prediction, or null when none is open in this matrix. */
  readonly open: number | null;
  readonly onOpen: (label: number, answer: number) => void;
}

/**
 * A confusion matrix as a table: one row per label, one column per prediction. Cells with images are
 * buttons; Tab reaches one of them, and the arrow keys move to the others.
 */
export const MatrixTable = memo(function MatrixTable(props: MatrixTableProps) {
  const { title, networkName, confusion, mostErrors, open, onOpen } = props;
  const { counts } = confusion;
  const noteId = useId();
  const table = useRef<HTMLTableElement>(null);
  const [reached, setReached] = useState(0);
  // The cell that Tab reaches must contain a button.
  const entry = counts[reached]! > 0 ? reached : counts.findIndex((count) => count > 0);

  function handleKey(event: KeyboardEvent<HTMLTableElement>): void {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -10, ArrowDown: 10 }[event.key];
    const from = (event.target as HTMLElement).dataset.cell;
    if (step === undefined || from === undefined) return;
    event.preventDefault();
    const start = Number(from);
    const isAcross = Math.abs(step) === 1;
    for (let cell = start + step; cell >= 0 && cell < 100; cell += step) {
      if (isAcross && Math.floor(cell / 10) !== Math.floor(start / 10)) return;
      if (counts[cell] === 0) continue;
      table.current?.querySelector<HTMLButtonElement>(`[data-cell="${cell}"]`)?.focus();
      return;
    }
  }

  return (
    <div className={styles.matrixBlock}>
      <h4 className={styles.matrixTitle}>{title}</h4>
      <p
        id={noteId}
        className={styles.matrixNote}
        data-errors={confusion.errors}
        data-total={confusion.total}
      >
        {describeConfusion(confusion)}
      </p>
      <table
        ref={table}
        className={styles.matrix}
        aria-label={`${networkName}, ${title.toLowerCase()}: digits by the answer to them`}
        aria-describedby={noteId}
        onKeyDown={handleKey}
      >
        <thead>
          <tr>
            <td className={styles.corner} />
            {digits.map((answer) => (
              <th key={answer} scope="col">
                <span className={styles.hidden}>read as </span>
                {answer}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {digits.map((label) => (
            <tr key={label}>
              <th scope="row">
                <span className={styles.hidden}>a </span>
                {label}
              </th>
              {digits.map((answer) => {
                const cell = label * 10 + answer;
                return (
                  <MatrixCell
                    key={answer}
                    {...{ label, answer, onOpen }}
                    count={counts[cell]!}
                    share={Math.sqrt(counts[cell]! / Math.max(1, mostErrors))}
                    isEntry={cell === entry}
                    isOpen={cell === open}
                    onReach={setReached}
                  />
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});

interface MatrixCellProps {
  readonly label: number;
  readonly answer: number;
  readonly count: number;
  /** Depth of the cell's shade, 0 to 1. */
  readonly share: number;
  readonly isEntry: boolean;
  readonly isOpen: boolean;
  readonly onOpen: (label: number, answer: number) => void;
  readonly onReach: (cell: number) => void;
}

const MatrixCell = memo(function MatrixCell(props: MatrixCellProps) {
  const { label, answer, count, share, isEntry, isOpen, onOpen, onReach } = props;
  const isRight = label === answer;
  if (count === 0) {
    return (
      <td data-right={isRight || undefined}>
        <span className={styles.hidden}>0</span>
      </td>
    );
  }
  const cell = label * 10 + answer;
  return (
    <td
      data-right={isRight || undefined}
      style={
        isRight ? undefined : ({ '--shade': `${(12 + 36 * share).toFixed(0)}%` } as CSSProperties)
      }
    >
      <button
        type="button"
        className={styles.cell}
        data-cell={cell}
        tabIndex={isEntry ? 0 : -1}
        aria-expanded={isOpen}
        aria-label={`${formatCount(count)}: a ${label} read as ${answer}, show them`}
        onFocus={() => onReach(cell)}
        onClick={() => onOpen(label, answer)}
      >
        {count}
      </button>
    </td>
  );
});
