import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useLab, useThrottledLab } from '../../experiment/useLab.ts';
import { listDrawnRuns } from '../../ui/charts/series/drawnRuns.ts';
import { CopyOutcome } from '../../ui/fields/CopyOutcome.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useClipboard } from '../../ui/fields/useClipboard.ts';
import { keepTogether } from '../../ui/format.ts';
import { DotPlot } from './dotPlot/DotPlot.tsx';
import { listMeasures } from './measures.ts';
import { describeAbsence, listOwnPoints } from './ownPoints.ts';
import styles from './Paper.module.css';
import { listPaperRows } from './paperRows.ts';
import { makePaperCsv, makePaperMarkdown, makePaperTable } from './paperTable.ts';
import { PaperTable } from './PaperTable.tsx';
import { readRows } from './findings.ts';
import { reproduction } from './reproduction.ts';

/** Milliseconds between two drawings of the user's runs. */
const drawIntervalMs = 1000;

const measures = listMeasures(reproduction.rows);

/** Published, reproduced and the user's own numbers in one chart and one table. */
export function PaperView() {
  const [measure, setMeasure] = useState(measures[0]!);
  const [isTable, setTable] = useState(false);
  const { copied, copy, dismiss } = useClipboard();
  const runs = useThrottledLab((state) => state.runs, drawIntervalMs);
  const references = useLab((state) => state.references);
  const drawn = useMemo(() => listDrawnRuns(runs, references), [runs, references]);
  const own = useMemo(() => listOwnPoints(drawn, measure), [drawn, measure]);
  const { groups, others, leftOut, otherData } = useMemo(
    () => listPaperRows(reproduction.rows, own, measure),
    [own, measure],
  );
  const table = useMemo(
    () => makePaperTable(others === null ? groups : [...groups, others], reproduction, measure),
    [groups, others, measure],
  );
  const reading = useMemo(() => readRows(groups, measure), [groups, measure]);
  const notes = [
    ...describeAbsence(drawn.length, own.length, otherData, measure),
    ...(leftOut.length === 0 ? [] : [`Not shown: ${leftOut.join('; ')}.`]),
  ];
  const copyButton = (format: string, write: () => string) => (
    <Button
      variant="subtle"
      size="compact-sm"
      onClick={() => copy(`The numbers as ${format}`, write())}
    >
      Copy as {format}
    </Button>
  );
  return (
    <Panel
      title="Paper"
      actions={
        <>
          <Checkbox
            label="Table"
            checked={isTable}
            onChange={(event) => setTable(event.currentTarget.checked)}
          />
          {copyButton('Markdown', () => makePaperMarkdown(table, measure, reading))}
          {copyButton('CSV', () => makePaperCsv(table, reproduction, measure))}
        </>
      }
    >
      <p className={styles.lead}>
        {isTable
          ? 'The paper, this project’s runs and yours, on MNIST, each number with its source.'
          : 'The paper, this project’s runs and yours, on MNIST. Open a row for its sources.'}
      </p>
      <CopyOutcome copied={copied} onDismiss={dismiss} />
      <div className={styles.measure}>
        <NativeSelect
          label="Compare"
          value={measure.name}
          onChange={(event) => setMeasure(measures[event.currentTarget.selectedIndex]!)}
          data={measures.map(({ name }) => name)}
        />
      </div>
      <div className={styles.columns} data-table={isTable || undefined}>
        <div className={styles.reading} role="group" aria-label="What the numbers show">
          {reading.findings.map((sentence) => (
            <p key={sentence}>{keepTogether(sentence)}</p>
          ))}
          {notes.map((note) => (
            <p key={note} className={styles.note}>
              {keepTogether(note)}
            </p>
          ))}
          <details>
            <summary>More findings and remarks</summary>
            {reading.further.map((sentence) => (
              <p key={sentence}>{keepTogether(sentence)}</p>
            ))}
            {reading.notes.map((note) => (
              <p key={note} className={styles.note}>
                {keepTogether(note)}
              </p>
            ))}
          </details>
        </div>
        {isTable ? (
          <PaperTable rows={table} caption={`${measure.name}, MNIST`} />
        ) : (
          <DotPlot groups={groups} others={others} measure={measure} />
        )}
      </div>
    </Panel>
  );
}
