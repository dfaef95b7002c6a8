import { useId } from 'react';
import { nameClass } from '../../../domain/dataSet.ts';
import type { DrawingAttackResult } from '../../../experiment/drawing/drawingState.ts';
import { NetworkMatrix } from '../../../ui/NetworkMatrix.tsx';
import styles from './Attack.module.css';
import { type DrawnNetwork, useDrawnData } from './useNetworks.ts';

interface DrawingTransferProps {
  readonly attacked: DrawingAttackResult;
  /** The networks that were attacked. */
  readonly networks: readonly DrawnNetwork[];
}

/** What every network predicts for the adversarial images of each network. */
export function DrawingTransfer({ attacked, networks }: DrawingTransferProps) {
  const titleId = useId();
  const dataSet = useDrawnData();
  if (networks.length < 2) return null;
  return (
    <section aria-labelledby={titleId} className={styles.transfer}>
      <h3 id={titleId} className={styles.title}>
        One network’s attack on the others
      </h3>
      <NetworkMatrix
        label="One network’s attack on the others"
        corner="Crafted on ↓ · tested on →"
        networks={networks}
        cell={(row, column) => {
          const answer = attacked.transfer[row.id]?.[column.id];
          const before = attacked.results[column.id]?.before;
          const isChanged = Boolean(answer && before && answer.digit !== before.digit);
          return {
            content: (
              <>
                <strong>{answer ? nameClass(dataSet, answer.digit) : '–'}</strong>
                <span className={styles.mark}>{isChanged ? 'changed' : 'same'}</span>
              </>
            ),
            attributes: { 'data-alert': isChanged },
          };
        }}
      />
    </section>
  );
}
