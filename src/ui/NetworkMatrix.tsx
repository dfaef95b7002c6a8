import type { ReactNode, TdHTMLAttributes } from 'react';
import { RunName } from './charts/RunSwatch.tsx';
import styles from './NetworkMatrix.module.css';
import type { RunStyle } from './runStyles.ts';

/** A row and a column of the matrix. */
export interface MatrixNetwork {
  readonly id: string;
  readonly name: string;
  readonly runStyle: RunStyle;
}

interface Cell {
  readonly content: ReactNode;
  /** Style and data attributes of its `td`. */
  readonly attributes?: Pick<TdHTMLAttributes<HTMLTableCellElement>, 'style'> & {
    readonly 'data-alert'?: boolean | undefined;
  };
}

interface NetworkMatrixProps<N extends MatrixNetwork> {
  /** What the matrix shows, for screen readers. */
  readonly label: string;
  /** Id of the element that describes the matrix. */
  readonly describedBy?: string | undefined;
  /** Text of the corner cell, which says what rows and columns are. */
  readonly corner: string;
  readonly networks: readonly N[];
  readonly cell: (row: N, column: N) => Cell;
}

/** Every network against every network; the diagonal, each against itself, is outlined. */
export function NetworkMatrix<N extends MatrixNetwork>(props: NetworkMatrixProps<N>) {
  const { label, describedBy, corner, networks, cell } = props;
  return (
    <div className={styles.frame} tabIndex={0} role="group" aria-label={label}>
      <table className={styles.matrix} aria-label={label} aria-describedby={describedBy}>
        <thead>
          <tr>
            <th scope="col">{corner}</th>
            {networks.map((network) => (
              <Head key={network.id} network={network} scope="col" />
            ))}
          </tr>
        </thead>
        <tbody>
          {networks.map((row) => (
            <tr key={row.id}>
              <Head network={row} scope="row" />
              {networks.map((column) => {
                const { content, attributes } = cell(row, column);
                return (
                  <td key={column.id} data-own={row.id === column.id || undefined} {...attributes}>
                    {content}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps {
  readonly network: MatrixNetwork;
  readonly scope: 'row' | 'col';
}

function Head({ network, scope }: HeadProps) {
  return (
    <th scope={scope}>
      <RunName runStyle={network.runStyle} name={network.name} />
    </th>
  );
}
