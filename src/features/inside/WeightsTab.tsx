import { Checkbox } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import type { FirstLayerWeights } from '../../domain/analysis/inspection.ts';
import { unitsPerPage } from '../../experiment/inside/insideState.ts';
import { findWeightScale } from '../../experiment/inside/scales.ts';
import { useInside } from '../../experiment/inside/useInside.ts';
import { useLabActions } from '../../experiment/useLab.ts';
import { Info } from '../../ui/Info.tsx';
import { SteadyButton } from '../../ui/fields/SteadyButton.tsx';
import { formatCount, formatNumber } from '../../ui/format.ts';
import { ColorLegend } from '../../ui/images/ColorLegend.tsx';
import { signedColors } from '../../ui/images/pixels.ts';
import { SignedTiles } from '../../ui/images/SignedTiles.tsx';
import { layOutTiles } from '../../ui/images/signedTiles.ts';
import styles from './Inside.module.css';
import { NetworkGrid, NetworkSection } from '../../ui/NetworkGrid.tsx';
import { type Shown, useShown } from '../../experiment/inside/useShown.ts';

const pageColumns = 6;

/** First-layer weights of every network as pictures, on one scale. */
export function WeightsTab() {
  const { shown } = useShown('weights');
  const [chosen, setChosen] = useState<number | null>(null);
  const all = shown.map(({ answer }) => answer);
  const { limit, largest } = findWeightScale(all);
  const units = Math.max(0, ...all.map((one) => one.units));
  useUnitsInRange(units, chosen, setChosen);
  if (units === 0) {
    return (
      <p className={styles.note} data-testid="weights-loading">
        Reading the weights…
      </p>
    );
  }
  const pieces = Math.max(...all.map((one) => one.pieces));
  const most = formatNumber(limit);
  return (
    <>
      <UnitControls units={units} chosen={chosen} onChoose={setChosen} />
      <NetworkGrid column={240}>
        {shown.map((one) => (
          <NetworkSection key={one.network.id} shown={one}>
            <Weights shown={one} limit={limit} chosen={chosen} onChoose={setChosen} />
          </NetworkSection>
        ))}
      </NetworkGrid>
      <div className={styles.caption}>
        <ColorLegend low={`−${most}`} high={`+${most}`} colors={signedColors} />
        One picture per unit: bright pixels raise its input where orange and lower it where blue.{' '}
        <Info label="About the weights">
          <p>
            Each picture shows the 784 weights from the pixels to one unit of the first layer.
            {pieces > 1 &&
              ` A maxout unit takes the largest of ${pieces} linear pieces, shown side by side.`}
          </p>
          <p>
            One scale for all networks: full color at ±{most}, which 99 % of the first-layer weights
            of each network do not exceed; the largest is {formatNumber(largest)}.
          </p>
          <p>
            Runs with the same seed and layer sizes start from the same weights, so units with the
            same number can be compared.
          </p>
        </Info>
      </div>
    </>
  );
}

/** Returns to the first units when the networks of another experiment have too few units for the current page. */
function useUnitsInRange(
  units: number,
  chosen: number | null,
  onChoose: (unit: number | null) => void,
): void {
  const { inside } = useLabActions();
  const { firstUnit } = useInside((state) => state.choices);
  useEffect(() => {
    if (units === 0) return;
    if (firstUnit >= units) inside.choose({ firstUnit: 0 });
    if (chosen !== null && chosen >= units) onChoose(null);
  }, [inside, units, firstUnit, chosen, onChoose]);
}

interface UnitControlsProps {
  readonly units: number;
  readonly chosen: number | null;
  readonly onChoose: (unit: number | null) => void;
}

/** Chooses which units are shown and which one is enlarged. */
function UnitControls({ units, chosen, onChoose }: UnitControlsProps) {
  const { inside } = useLabActions();
  const { firstUnit, areAllUnitsShown } = useInside((state) => state.choices);
  const first = areAllUnitsShown ? 0 : Math.min(firstUnit, units - 1);
  const last = areAllUnitsShown ? units : Math.min(units, first + unitsPerPage);
  function move(pages: number): void {
    inside.choose({ firstUnit: first + pages * unitsPerPage });
  }
  /** Enlarges another unit and opens its page. */
  function enlarge(unit: number): void {
    onChoose(unit);
    const page = Math.floor(unit / unitsPerPage) * unitsPerPage;
    if (!areAllUnitsShown && page !== firstUnit) inside.choose({ firstUnit: page });
  }
  return (
    <div className={`${styles.controls} ${styles.level}`}>
      <div className={styles.stepper} role="group" aria-label="Units shown">
        <SteadyButton isAvailable={!areAllUnitsShown && first > 0} onPress={() => move(-1)}>
          Previous
        </SteadyButton>
        <span className={styles.range} aria-live="polite">
          {`Units ${first + 1} to ${last} of ${formatCount(units)}`}
        </span>
        <SteadyButton isAvailable={!areAllUnitsShown && last < units} onPress={() => move(1)}>
          Next
        </SteadyButton>
      </div>
      {units > unitsPerPage && (
        <Checkbox
          label={`All ${formatCount(units)}`}
          checked={areAllUnitsShown}
          onChange={(event) => inside.choose({ areAllUnitsShown: event.currentTarget.checked })}
        />
      )}
      <div className={styles.stepper} role="group" aria-label="Enlarged unit">
        <SteadyButton
          isAvailable={chosen !== null && chosen > 0}
          onPress={() => enlarge(chosen! - 1)}
        >
          Previous unit
        </SteadyButton>
        <span className={styles.range} aria-live="polite">
          {chosen === null ? 'No unit enlarged' : `Unit ${chosen + 1} enlarged`}
        </span>
        <SteadyButton
          isAvailable={chosen === null || chosen < units - 1}
          onPress={() => enlarge(chosen === null ? first : chosen + 1)}
        >
          {chosen === null ? 'Enlarge one' : 'Next unit'}
        </SteadyButton>
        {chosen !== null && (
          <SteadyButton isAvailable onPress={() => onChoose(null)}>
            Close
          </SteadyButton>
        )}
      </div>
    </div>
  );
}

interface WeightsProps {
  readonly shown: Shown<'weights'>;
  readonly limit: number;
  readonly chosen: number | null;
  readonly onChoose: (unit: number) => void;
}

function Weights({ shown: { network, answer }, limit, chosen, onChoose }: WeightsProps) {
  const { first, images, pieces, features, units } = answer;
  const side = Math.sqrt(features);
  const tiles = images.length / (features * pieces);
  const isWhole = tiles > unitsPerPage;
  const columns = isWhole ? Math.ceil(Math.sqrt(tiles / pieces)) : Math.min(tiles, pageColumns);
  const layout = useMemo(
    () => layOutTiles(tiles, Math.max(1, columns), pieces, side),
    [tiles, columns, pieces, side],
  );
  const place = chosen === null ? null : chosen - first;
  const isThere = place !== null && place >= 0 && place < tiles;
  if (tiles === 0) return <p className={styles.note}>This network has only {units} units.</p>;
  return (
    <>
      <SignedTiles
        values={images}
        layout={layout}
        limit={limit}
        label={`First-layer weights of ${network.name}, units ${first + 1} to ${first + tiles}`}
        chosen={isThere ? place : null}
        onChoose={(tile) => onChoose(first + tile)}
      />
      {isThere && <EnlargedUnit name={network.name} answer={answer} limit={limit} place={place} />}
    </>
  );
}

interface EnlargedUnitProps {
  readonly name: string;
  readonly answer: FirstLayerWeights;
  readonly limit: number;
  /** Index of the unit among those shown. */
  readonly place: number;
}

function EnlargedUnit({ name, answer, limit, place }: EnlargedUnitProps) {
  const { first, images, biases, pieces, features } = answer;
  const side = Math.sqrt(features);
  const layout = useMemo(() => layOutTiles(1, 1, pieces, side), [pieces, side]);
  const from = place * pieces;
  const values = useMemo(
    () => images.subarray(from * features, (from + pieces) * features),
    [images, from, pieces, features],
  );
  const number = first + place + 1;
  const unitBiases = Array.from(biases.subarray(from, from + pieces), formatNumber);
  return (
    <figure className={styles.enlarged}>
      <SignedTiles
        values={values}
        layout={layout}
        limit={limit}
        label={`Weights of unit ${number} of ${name}`}
      />
      <figcaption className={styles.small}>
        {`Unit ${number}: ‖w‖₂ ${formatNumber(Math.hypot(...values))}, bias ${unitBiases.join(', ')}`}
      </figcaption>
    </figure>
  );
}
