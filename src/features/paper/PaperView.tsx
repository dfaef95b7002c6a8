import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useLab, useThrottledLab } from '../../experiment/useLab.ts';
import { listDrawnRuns } from '../../ui/charts/series/drawnRuns.ts';
import { CopyOutcome } from '../../ui/fields/CopyOutcome.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Subsection } from '../../ui/Subsection.tsx';
import { useClipboard } from '../../ui/fields/useClipboard.ts';
import { keepTogether } from '../../ui/format.ts';
import { ClaimList } from './claims/ClaimList.tsx';
import { countOutcomes } from './claims/claimTexts.ts';
import { claimRule } from '../../domain/reproduction.ts';
import { DotPlot } from './dotPlot/DotPlot.tsx';
import { listMeasures } from './measures.ts';
import { describeAbsence, listOwnPoints } from './ownPoints.ts';
import styles from './Paper.module.css';
import { listPaperRows } from './paperRows.ts';
import { makePaperCsv, makePaperMarkdown, makePaperTable } from './paperTable.ts';
import { PaperTable } from './PaperTable.tsx';
import { knownOfPaper, warnOf } from './remarks.ts';
import { reproduction } from './reproduction.ts';

/** Milliseconds between two drawings of the user's runs. */
const drawIntervalMs = 1000;

const measures = listMeasures(reproduction.rows);

/** What became of the abstract's claims; published, reproduced and the user's own numbers in one chart and one table. */
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
  const notes = [
    ...warnOf(measure),
    ...describeAbsence(drawn.length, own.length, otherData, measure),
    ...(leftOut.length === 0 ? [] : [`Not shown: ${leftOut.join('; ')}.`]),
  ];
  const remarks = [...warnOf(measure), ...knownOfPaper];
  const copyButton = (format: string, write: () => string) => (
    <Button
      variant="subtle"
      size="compact-sm"
      onClick={() => copy(`The claims and numbers as ${format}`, write())}
    >
      Copy as {format}
    </Button>
  );
  return (
    <Panel
      title="Paper"
      actions={
        <>
          {copyButton('Markdown', () => makePaperMarkdown(table, reproduction, measure, remarks))}
          {copyButton('CSV', () => makePaperCsv(table, reproduction, measure))}
        </>
      }
    >
      <p className={styles.lead}>What became of the paper’s abstract in this project’s own runs.</p>
      <CopyOutcome copied={copied} onDismiss={dismiss} />
      <ul className={styles.answers}>
        {reproduction.answers.map(({ lead, text }) => (
          <li key={lead}>
            <b>{keepTogether(lead)}</b> {keepTogether(text)}
          </li>
        ))}
      </ul>
      <details className={styles.known}>
        <summary>Claim by claim: {countOutcomes(reproduction.claims)}</summary>
        <p className={styles.note}>{keepTogether(claimRule)}</p>
        <ClaimList claims={reproduction.claims} />
      </details>
      <details className={styles.known}>
        <summary>What is known of the paper’s own training</summary>
        {knownOfPaper.map((sentence) => (
          <p key={sentence} className={styles.note}>
            {keepTogether(sentence)}
          </p>
        ))}
      </details>
      <Subsection
        title="The numbers, on MNIST"
        actions={
          <div className={styles.choices}>
            <NativeSelect
              aria-label="Compare"
              value={measure.name}
              onChange={(event) => setMeasure(measures[event.currentTarget.selectedIndex]!)}
              data={measures.map(({ name }) => name)}
            />
            <Checkbox
              label="Table"
              checked={isTable}
              onChange={(event) => setTable(event.currentTarget.checked)}
            />
          </div>
        }
      >
        {isTable ? (
          <PaperTable rows={table} caption={`${measure.name}, each number with its source`} />
        ) : (
          <DotPlot groups={groups} others={others} measure={measure} />
        )}
        {notes.length > 0 && <p className={styles.notes}>{keepTogether(notes.join(' '))}</p>}
      </Subsection>
    </Panel>
  );
}
