import { memo } from 'react';
import { Table } from '@mantine/core';
import type { LossPoint } from '../../lab/history.ts';
import type { Evaluation } from '../../shared/metrics.ts';
import {
  formatCount,
  formatEpoch,
  formatEpsilon,
  formatErrorRate,
  formatLoss,
} from '../../ui/format.ts';
import { thinLosses } from './chartData.ts';
import styles from './Curves.module.css';

interface NumberTableProps {
  readonly caption: string;
  readonly columns: readonly string[];
  /** Newest first, each with a key that stays. */
  readonly rows: readonly { readonly key: string; readonly cells: readonly string[] }[];
}

function NumberTable({ caption, columns, rows }: NumberTableProps) {
  return (
    <div className={styles.tableFrame} tabIndex={0} role="group" aria-label={caption}>
      <Table stickyHeader verticalSpacing={4} horizontalSpacing={8} className={styles.table}>
        <Table.Caption className={styles.tableCaption}>{caption}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column} scope="col">
                {column}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ key, cells }) => (
            <NumberRow key={key} text={cells.join('\t')} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** Takes its cells as one text, so that rows that did not change are not drawn again. */
const NumberRow = memo(function NumberRow({ text }: { readonly text: string }) {
  return (
    <Table.Tr>
      {text.split('\t').map((cell, column) => (
        <Table.Td key={column}>{cell}</Table.Td>
      ))}
    </Table.Tr>
  );
});

export function ErrorTable({ evaluations }: { readonly evaluations: readonly Evaluation[] }) {
  return (
    <NumberTable
      caption="Error rates, newest first"
      columns={['Epoch', 'Step', 'Images', 'Clean error', 'Error under FGSM', 'Attack ε']}
      rows={evaluations.toReversed().map((evaluation) => ({
        key: `${evaluation.step}-${evaluation.sampleCount}-${evaluation.attack.epsilon}`,
        cells: [
          formatEpoch(evaluation.epoch),
          formatCount(evaluation.step),
          `${formatCount(evaluation.sampleCount)} ${evaluation.split}`,
          formatErrorRate(evaluation.clean.errorRate),
          formatErrorRate(evaluation.adversarial.errorRate),
          formatEpsilon(evaluation.attack.epsilon),
        ],
      }))}
    />
  );
}

export function LossTable({ losses }: { readonly losses: readonly LossPoint[] }) {
  return (
    <NumberTable
      caption="Training loss, newest first"
      columns={['Epoch', 'Step', 'Training loss']}
      rows={thinLosses(losses)
        .toReversed()
        .map(({ epoch, step, loss }) => ({
          key: String(step),
          cells: [formatEpoch(epoch), formatCount(step), formatLoss(loss)],
        }))}
    />
  );
}
