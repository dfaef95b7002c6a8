import { VisuallyHidden } from '@mantine/core';
import {
  type CSSProperties,
  type KeyboardEvent,
  memo,
  type SyntheticEvent,
  useId,
  useRef,
  useState,
} from 'react';
import type { Confusion } from '../../../experiment/inside/confusion.ts';
import { useInside } from '../../../experiment/inside/useInside.ts';
import { classesOf, nameAnswer, nameClass } from '../../../domain/dataSet.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { formatCount } from '../../../ui/format.ts';
import styles from './Confusion.module.css';
import { describeConfusion } from './texts.ts';
import type { InspectedNetwork } from '../../../experiment/inside/useShown.ts';

interface MatrixTableProps {
  readonly network: InspectedNetwork;
  readonly isAttacked: boolean;
  readonly confusion: Confusion;
  /** The largest number of errors in any cell of any matrix shown; that cell has the deepest shade. */
  readonly mostErrors: number;
}

/**
 * A confusion matrix as a table: one row per label, one column per prediction. Cells, numbered row by row, are
 * buttons if they hold images; Tab reaches one of them, and the arrow keys move to the others.
 */
export const MatrixTable = memo(function MatrixTable(props: MatrixTableProps) {
  const { network, isAttacked, confusion, mostErrors } = props;
  const { classes, counts, errors, total } = confusion;
  const dataSet = useLab(({ customData }) => customData.loaded);
  const labels = classesOf(dataSet);
  const { inside } = useLabActions();
  const noteId = useId();
  const table = useRef<HTMLTableElement>(null);
  const [reached, setReached] = useState(0);
  // The cell that Tab reaches must contain a button.
  const entry = counts[reached]! > 0 ? reached : counts.findIndex((count) => count > 0);
  const open = useInside(({ cell }) =>
    cell?.networkId === network.id && cell.isAttacked === isAttacked
      ? cell.label * classes + cell.prediction
      : null,
  );

  /** Names that would not fit a cell are left to the buttons’ descriptions. */
  const shortName = (label: number): string => {
    const name = nameClass(dataSet, label).replace(/^class /, '');
    return name.length <= 3 ? name : String(label);
  };

  function handleKey(event: KeyboardEvent<HTMLTableElement>): void {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -classes, ArrowDown: classes }[event.key];
    const start = findCell(event);
    if (step === undefined || start === null) return;
    event.preventDefault();
    const isAcross = Math.abs(step) === 1;
    for (let cell = start + step; cell >= 0 && cell < counts.length; cell += step) {
      if (isAcross && Math.floor(cell / classes) !== Math.floor(start / classes)) return;
      if (counts[cell] === 0) continue;
      table.current?.querySelector<HTMLButtonElement>(`[data-cell="${cell}"]`)?.focus();
      return;
    }
  }

  function handleClick(event: SyntheticEvent): void {
    const cell = findCell(event);
    if (cell === null) return;
    const place = { label: Math.floor(cell / classes), prediction: cell % classes };
    inside.openCell({ networkId: network.id, isAttacked, ...place });
  }

  const title = isAttacked ? 'Under attack' : 'Clean';
  return (
    <div className={styles.matrixBlock}>
      <h4 className={styles.matrixTitle}>{title}</h4>
      <p id={noteId} className={styles.matrixNote} data-errors={errors} data-total={total}>
        {describeConfusion(confusion, dataSet)}
      </p>
      <table
        ref={table}
        className={styles.matrix}
        aria-label={`${network.name}, ${title.toLowerCase()}: true ${dataSet === null ? 'digits' : 'classes'} by prediction`}
        aria-describedby={noteId}
        onKeyDown={handleKey}
        onClick={handleClick}
        onFocus={(event) => setReached(findCell(event) ?? reached)}
      >
        <thead>
          <tr>
            <td className={styles.corner} />
            {labels.map((answer) => (
              <th key={answer} scope="col">
                <VisuallyHidden>predicted as </VisuallyHidden>
                {shortName(answer)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((label) => (
            <tr key={label}>
              <th scope="row">{shortName(label)}</th>
              {labels.map((answer) => {
                const cell = label * classes + answer;
                return (
                  <MatrixCell
                    key={answer}
                    cell={cell}
                    label={nameAnswer(dataSet, label)}
                    answer={dataSet === null ? String(answer) : nameAnswer(dataSet, answer)}
                    isRight={label === answer}
                    count={counts[cell]!}
                    shade={label === answer ? 0 : Math.sqrt(counts[cell]! / mostErrors)}
                    isEntry={cell === entry}
                    isOpen={cell === open}
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

function findCell({ target }: SyntheticEvent): number | null {
  const { cell } = (target as HTMLElement).dataset;
  return cell === undefined ? null : Number(cell);
}

interface MatrixCellProps {
  readonly cell: number;
  /** What the images are and are taken for, in words. */
  readonly label: string;
  readonly answer: string;
  readonly isRight: boolean;
  readonly count: number;
  /** Depth of an error's shade, 0 to 1. */
  readonly shade: number;
  readonly isEntry: boolean;
  readonly isOpen: boolean;
}

const MatrixCell = memo(function MatrixCell(props: MatrixCellProps) {
  const { cell, label, answer, isRight, count, shade, isEntry, isOpen } = props;
  if (count === 0) {
    return (
      <td>
        <VisuallyHidden>0</VisuallyHidden>
      </td>
    );
  }
  const mix = isRight ? 0 : 12 + 36 * shade;
  return (
    <td
      data-right={isRight || undefined}
      style={{ '--shade': `${mix.toFixed(0)}%` } as CSSProperties}
    >
      <button
        type="button"
        className={styles.cell}
        data-cell={cell}
        tabIndex={isEntry ? 0 : -1}
        aria-expanded={isOpen}
        aria-label={`${formatCount(count)}: ${label} predicted as ${answer}, show them`}
      >
        {count}
      </button>
    </td>
  );
});
