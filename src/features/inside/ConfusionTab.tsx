import { memo, useCallback, useDeferredValue, useEffect, useMemo, useRef } from 'react';
import { type Confusion, countConfusions, hasDiverged } from '../../experiment/inside/confusion.ts';
import { useInside } from '../../experiment/inside/useInside.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import type { Inspected } from '../../domain/analysis/inspection.ts';
import { CellImages } from './CellImages.tsx';
import confusionStyles from './Confusion.module.css';
import styles from './Inside.module.css';
import { MatrixTable } from './MatrixTable.tsx';
import { NetworkHeading } from './NetworkHeading.tsx';
import { PredictionControls } from './PredictionControls.tsx';
import { describeAttack, describeImages, divergedNote } from './texts.ts';
import { type InsideNetwork, useNetworks } from './useNetworks.ts';

/** The confusion matrices of every network, clean and attacked. */
export function ConfusionTab() {
  const networks = useNetworks();
  const { inside } = useLabActions();
  const dataSet = useLab(({ customData }) => customData.loaded);
  // There are many cells, so React draws them in slices and the page stays responsive during training.
  const answers = useDeferredValue(useInside((state) => state.attackPredictions.answers));
  const shown = useMemo(
    () =>
      networks.flatMap((network) => {
        const inspected = answers[network.id];
        if (!inspected) return [];
        const { labels, clean, attacked } = inspected.answer;
        return [
          {
            network,
            inspected,
            clean: countConfusions(labels, clean.predictions),
            attacked: countConfusions(labels, attacked.predictions),
          },
        ];
      }),
    [networks, answers],
  );
  const mostErrors = Math.max(
    1,
    ...shown.flatMap(({ clean, attacked }) => [countMost(clean), countMost(attacked)]),
  );
  // Other views of the same counts would stop updating without saying why.
  useEffect(() => () => inside.closeCell(), [inside]);
  const matrices = useRef<HTMLDivElement>(null);
  const cell = useInside((state) => state.cell);

  /** Returns the keyboard's focus to the cell that was opened. */
  function close(): void {
    matrices.current?.querySelector<HTMLButtonElement>('[aria-expanded="true"]')?.focus();
    inside.closeCell();
  }

  if (networks.length === 0) return null;
  const first = shown[0]?.inspected.answer;
  return (
    <>
      <PredictionControls />
      {first === undefined ? (
        <p className={styles.note}>Counting right and wrong answers…</p>
      ) : (
        <>
          <div
            ref={matrices}
            className={confusionStyles.networks}
            data-wide={first.labels.length > 1000 || undefined}
          >
            {shown.map((one) => (
              <NetworkMatrices key={one.network.id} {...one} mostErrors={mostErrors} />
            ))}
          </div>
          {cell !== null && (
            <CellImages
              cell={cell}
              networkName={networks.find(({ id }) => id === cell.networkId)?.name ?? ''}
              attackName={describeAttack(first.attack)}
              onClose={close}
            />
          )}
          <p className={styles.caption}>
            {`A row for each digit, a column for each answer, on ${describeImages(first.split, first.labels.length, dataSet)}. Right answers are on the diagonal; the deeper a cell’s red, the more images it holds, on one scale for all matrices. Attack: ${describeAttack(first.attack)}, with each network’s own gradient, clipped to 0–1. Press a cell to see its images.`}
          </p>
        </>
      )}
    </>
  );
}

/** The largest count in a cell off the diagonal. */
function countMost({ counts }: Confusion): number {
  return counts.reduce(
    (most, count, cell) => (Math.floor(cell / 10) === cell % 10 ? most : Math.max(most, count)),
    0,
  );
}

interface NetworkMatricesProps {
  readonly network: InsideNetwork;
  readonly inspected: Inspected<'attackPredictions'>;
  readonly clean: Confusion;
  readonly attacked: Confusion;
  readonly mostErrors: number;
}

const NetworkMatrices = memo(function NetworkMatrices(props: NetworkMatricesProps) {
  const { network, inspected, clean, attacked, mostErrors } = props;
  const { id, name } = network;
  const { inside } = useLabActions();
  const cell = useInside((state) => (state.cell?.networkId === id ? state.cell : null));
  const openAt = (isAttacked: boolean): number | null =>
    cell?.isAttacked === isAttacked ? cell.label * 10 + cell.prediction : null;
  const open = useCallback(
    (isAttacked: boolean, label: number, prediction: number) =>
      inside.openCell({ networkId: id, isAttacked, label, prediction }),
    [inside, id],
  );
  const openClean = useCallback(
    (label: number, prediction: number) => open(false, label, prediction),
    [open],
  );
  const openAttacked = useCallback(
    (label: number, prediction: number) => open(true, label, prediction),
    [open],
  );

  return (
    <section className={confusionStyles.network} aria-label={name}>
      <NetworkHeading network={network} step={inspected.step} />
      {hasDiverged(inspected.answer.clean) && <p className={styles.small}>{divergedNote}</p>}
      <div className={confusionStyles.matrices}>
        <MatrixTable
          title="Clean"
          networkName={name}
          confusion={clean}
          {...{ mostErrors }}
          open={openAt(false)}
          onOpen={openClean}
        />
        <MatrixTable
          title="Under attack"
          networkName={name}
          confusion={attacked}
          {...{ mostErrors }}
          open={openAt(true)}
          onOpen={openAttacked}
        />
      </div>
    </section>
  );
});
