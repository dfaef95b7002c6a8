import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { useLab, useThrottledLab } from '../../../experiment/useLab.ts';
import { useLabelLeaking } from '../../../experiment/useLabelLeaking.ts';
import { CopyOutcome } from '../../../ui/fields/CopyOutcome.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { useClipboard } from '../../../ui/fields/useClipboard.ts';
import { keepTogether } from '../../../ui/format.ts';
import { MeasureAtEpsilon } from './MeasureAtEpsilon.tsx';
import { listResultRows } from './resultRows.ts';
import styles from './Results.module.css';
import { ResultsTable } from './ResultsTable.tsx';
import { makeMarkdown, makeResultCsv, makeResultTable } from './resultsTable.ts';
import { describeFindings, describeVerdict } from './verdict.ts';

/** Milliseconds between two drawings of the table. */
const tableIntervalMs = 1000;

/** The results in numbers and in words, with controls to save and open files. */
export function ResultsPanel() {
  const runs = useThrottledLab((state) => state.runs, tableIntervalMs);
  const finished = useThrottledLab((state) => state.repeats.finished, tableIntervalMs);
  const references = useLab((state) => state.references);
  const attackEpsilon = useThrottledLab((state) => state.attackEpsilon, 250);
  const isTimeShared = useLab(
    ({ engine }) => engine.status === 'ready' && engine.engine.name !== 'SIMD',
  );
  const { copied, copy, dismiss } = useClipboard();
  const rows = useMemo(
    () => listResultRows(runs, references, attackEpsilon, isTimeShared, finished),
    [runs, references, attackEpsilon, isTimeShared, finished],
  );
  const table = useMemo(() => makeResultTable(rows, attackEpsilon), [rows, attackEpsilon]);
  // The comparison of the errors is the page's headline.
  const findings = useMemo(() => describeFindings(rows), [rows]);
  const leaking = useLabelLeaking();
  const isEmpty = rows.length === 0;
  return (
    <Panel
      title="Results"
      actions={
        !isEmpty && (
          <>
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() =>
                copy(
                  'The results as Markdown',
                  makeMarkdown(table, describeVerdict(rows, attackEpsilon)),
                )
              }
            >
              Copy as Markdown
            </Button>
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() => copy('The results as CSV', makeResultCsv(rows, attackEpsilon))}
            >
              Copy as CSV
            </Button>
          </>
        )
      }
    >
      <CopyOutcome copied={copied} onDismiss={dismiss} />
      {isEmpty ? (
        <p className={styles.lead}>
          One row per run: clean error, error under attack, time and cost, beside the paper’s
          numbers. It fills in as networks train, or from a saved file.
        </p>
      ) : (
        <>
          <ResultsTable table={table} />
          <div className={styles.below}>
            <MeasureAtEpsilon />
            {leaking.map((sentence) => (
              <p key={sentence} className={styles.findings} data-testid="label-leaking">
                {keepTogether(sentence)}
              </p>
            ))}
            {findings.length > 0 && (
              <p className={styles.findings} data-testid="findings">
                {keepTogether(findings.join(' '))}
              </p>
            )}
          </div>
        </>
      )}
    </Panel>
  );
}
