import { classCountOf } from '../../../domain/dataSet.ts';
import { useEffect, useMemo, useRef } from 'react';
import {
  countConfusions,
  findWorstConfusion,
  hasDiverged,
} from '../../../experiment/inside/confusion.ts';
import { useInside } from '../../../experiment/inside/useInside.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { CellImages } from './CellImages.tsx';
import styles from './Predictions.module.css';
import { MatrixTable } from './MatrixTable.tsx';
import { Info } from '../../../ui/Info.tsx';
import { NetworkGrid, NetworkSection } from '../../../ui/NetworkGrid.tsx';
import { divergedNote } from '../../../ui/networks.ts';
import { PredictionsView } from './PredictionsView.tsx';
import { PredictionControls } from './PredictionControls.tsx';
import { describeAttack, describeImages } from './texts.ts';
import { useShown } from '../../../experiment/inside/useShown.ts';

/** The confusion matrices of every network, clean and attacked. */
export function ConfusionTab() {
  return (
    <PredictionsView>
      <Matrices />
    </PredictionsView>
  );
}

function Matrices() {
  const { inside } = useLabActions();
  const dataSet = useLab(({ customData }) => customData.loaded);
  const { shown } = useShown('attackPredictions');
  const classes = classCountOf(dataSet);
  const counted = useMemo(
    () =>
      shown.map((one) => {
        const { labels, clean, attacked } = one.answer;
        return {
          ...one,
          clean: countConfusions(labels, clean.predictions, classes),
          attacked: countConfusions(labels, attacked.predictions, classes),
        };
      }),
    [shown, classes],
  );
  const mostErrors = Math.max(
    1,
    ...counted
      .flatMap(({ clean, attacked }) => [clean, attacked])
      .map((confusion) => findWorstConfusion(confusion)?.count ?? 0),
  );
  // Other views of the same counts would stop updating without saying why.
  useEffect(() => () => inside.closeCell(), [inside]);
  const place = useRef<HTMLDivElement>(null);
  const cell = useInside((state) => state.cell);

  /** Returns the keyboard's focus to the cell that was opened. */
  function close(): void {
    place.current?.querySelector<HTMLButtonElement>('[aria-expanded="true"]')?.focus();
    inside.closeCell();
  }

  const first = shown[0]?.answer;
  if (first === undefined) {
    return (
      <div ref={place}>
        <PredictionControls />
        <p className={styles.note}>Counting right and wrong predictions…</p>
      </div>
    );
  }
  const attackName = describeAttack(first.attack);
  return (
    <div ref={place}>
      <PredictionControls />
      {/* Numbers of four digits need wider cells. */}
      <NetworkGrid column={first.labels.length > 1000 ? 344 : 272}>
        {counted.map((one) => (
          <NetworkSection key={one.network.id} shown={one}>
            {hasDiverged(one.answer.clean) && <p className={styles.small}>{divergedNote}</p>}
            {[false, true].map((isAttacked) => (
              <MatrixTable
                key={String(isAttacked)}
                network={one.network}
                isAttacked={isAttacked}
                confusion={isAttacked ? one.attacked : one.clean}
                mostErrors={mostErrors}
              />
            ))}
          </NetworkSection>
        ))}
      </NetworkGrid>
      {cell !== null && (
        <CellImages
          cell={cell}
          networkName={
            shown.find(({ network }) => network.id === cell.networkId)?.network.name ?? ''
          }
          attackName={attackName}
          onClose={close}
        />
      )}
      <div className={styles.caption}>
        Rows: true {dataSet === null ? 'digits' : 'classes'}. Columns: predictions. Press a cell to
        see its images.{' '}
        <Info label="About the matrices">
          <p>
            {`On ${describeImages(first.split, first.labels.length, dataSet)}. Correct predictions are on the diagonal. The redder a cell, the more images it holds, on one scale for all matrices.`}
          </p>
          <p>{`Attack: ${attackName}, with each network’s own gradient, clipped to 0–1.`}</p>
        </Info>
      </div>
    </div>
  );
}
