import { NativeSelect } from '@mantine/core';
import { type CSSProperties, useId, useState } from 'react';
import { type MeasuredKind, attackNames } from '../../../experiment/runs/measurements.ts';
import type { Run } from '../../../experiment/runs/run.ts';
import type { Transfer } from '../../../experiment/state.ts';
import { useImageWord } from '../../../experiment/useImageWord.ts';
import { useLab, useLabActions, useThrottledLab } from '../../../experiment/useLab.ts';
import { formatErrorRate } from '../../../ui/format.ts';
import { NetworkMatrix } from '../../../ui/NetworkMatrix.tsx';
import { styleOf } from '../../../ui/runStyles.ts';
import { LabelLeakingNotes } from '../LabelLeakingNotes.tsx';
import { MeasureButton, MeasureFailure } from '../MeasureBar.tsx';
import styles from '../Robustness.module.css';
import { describeMatrix, describeTransfer } from './transferFindings.ts';

/** Attacks whose transfer is informative; random signs are the same for every network. */
const transferable = ['fgsm', 'margin-pgd'] as const satisfies MeasuredKind[];

/** Shows whether adversarial images of one run also fool the others. */
export function TransferTab() {
  const lab = useLabActions();
  const word = useImageWord();
  const [kind, setKind] = useState<MeasuredKind>('fgsm');
  const transfer = useLab(({ robustness }) => robustness.transfer);
  const runs = useThrottledLab((state) => state.runs, 1000);
  return (
    <>
      <p className={styles.lead}>
        Do {word}s that were changed to fool one network fool the others, too?
      </p>
      <div className={styles.bar}>
        <NativeSelect
          aria-label="Attack to transfer"
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as MeasuredKind)}
          data={transferable.map((value) => ({ value, label: attackNames[value] }))}
        />
        <MeasureButton command="measureTransfer" onPress={() => lab.measureTransfer(kind)}>
          Measure transfer
        </MeasureButton>
      </div>
      <MeasureFailure />
      <LabelLeakingNotes />
      {transfer !== null && <TransferTable transfer={transfer} runs={runs} />}
    </>
  );
}

interface TransferTableProps {
  readonly transfer: Transfer;
  readonly runs: readonly Run[];
}

/** Error rates, one row per source network and one column per target network; a deeper shade is a higher error. */
function TransferTable({ transfer, runs }: TransferTableProps) {
  const noteId = useId();
  const { runIds, errorRates } = transfer;
  const known = runIds.flatMap((id) => runs.find((run) => run.id === id) ?? []);
  if (known.length < runIds.length) return null;
  return (
    <>
      {/* Not a table caption, which would be as wide as the table and scroll with it. */}
      <p id={noteId} className={styles.note}>
        {describeMatrix(transfer, known)}
      </p>
      <NetworkMatrix
        label="Transfer of attacks"
        describedBy={noteId}
        corner="Crafted on ↓ · tested on →"
        networks={known.map((run, order) => ({ ...run, runStyle: styleOf(run), order }))}
        cell={(row, column) => {
          const rate = errorRates[row.order]![column.order]!;
          return {
            content: (
              <>
                {formatErrorRate(rate)}
                {row === column && <span className={styles.own}>own</span>}
              </>
            ),
            attributes: { style: { '--shade': `${(rate * 45).toFixed(1)}%` } as CSSProperties },
          };
        }}
      />
      <p className={styles.lead}>
        {describeTransfer(
          known.map(({ name }) => name),
          errorRates,
        )}
      </p>
    </>
  );
}
