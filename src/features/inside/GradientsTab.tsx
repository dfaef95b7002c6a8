import { Checkbox } from '@mantine/core';
import { useMemo, useState } from 'react';
import { findPrediction } from '../../experiment/drawing/prediction.ts';
import { findGradientLimit, measureNorms } from '../../experiment/inside/scales.ts';
import { findSelectedDigit } from '../../experiment/selectedDigit.ts';
import { useLab } from '../../experiment/useLab.ts';
import { Fact, Facts } from '../../ui/Facts.tsx';
import { formatConfidence, formatEpsilon, formatNumber } from '../../ui/format.ts';
import { ColorLegend } from '../../ui/images/ColorLegend.tsx';
import { DigitImage } from '../../ui/images/DigitImage.tsx';
import { signedColors } from '../../ui/images/pixels.ts';
import { SignedTiles } from '../../ui/images/SignedTiles.tsx';
import { layOutTiles } from '../../ui/images/signedTiles.ts';
import { DigitChoice } from './DigitChoice.tsx';
import styles from './Inside.module.css';
import { NetworkGrid, NetworkSection } from './NetworkGrid.tsx';
import { type Shown, useShown } from './useNetworks.ts';

const layout = layOutTiles(1, 1, 1, 28);

/** The input gradient of the loss for one digit, for every network. */
export function GradientsTab() {
  const { question, shown } = useShown('gradients');
  const [isOwnScale, setIsOwnScale] = useState(false);
  const common = useMemo(() => findGradientLimit(shown.map(({ answer }) => answer)), [shown]);
  const hasDigit = useLab((state) => findSelectedDigit(state) !== null);
  if (question === null || shown.length === 0) {
    return (
      <>
        <DigitChoice />
        {hasDigit && <p className={styles.note}>Finding the gradients…</p>}
      </>
    );
  }
  const limit = formatNumber(common);
  return (
    <>
      <DigitChoice />
      <div className={styles.controls}>
        <Checkbox
          label="A scale of its own for each network"
          checked={isOwnScale}
          onChange={(event) => setIsOwnScale(event.currentTarget.checked)}
        />
      </div>
      <NetworkGrid column={152}>
        <div className={styles.network}>
          <h3 className={styles.heading}>The digit, a {question.labels[0]}</h3>
          <DigitImage
            pixels={question.images}
            label={`The digit that gradients are of, a ${question.labels[0]}`}
          />
        </div>
        {shown.map((one) => (
          <NetworkGradient key={one.network.id} shown={one} common={isOwnScale ? null : common} />
        ))}
      </NetworkGrid>
      <p className={styles.caption}>
        {!isOwnScale && <ColorLegend low={`−${limit}`} high={`+${limit}`} colors={signedColors} />}
        ∂J/∂x: orange where brightening a pixel raises the loss of the digit, blue where it lowers
        it. An attack of size ε goes by the sign alone and raises the loss by about ε · ‖g‖₁, as
        long as the loss is nearly linear.{' '}
        {isOwnScale
          ? 'Each network has a scale of its own: colors tell where, not how much.'
          : `One scale for all networks: full color at ±${limit}; no more than 1 % of the pixels of any of them exceed it.`}
      </p>
    </>
  );
}

interface NetworkGradientProps {
  readonly shown: Shown<'gradients'>;
  /** The gradient in full color, or null for a scale of the network's own. */
  readonly common: number | null;
}

function NetworkGradient({ shown, common }: NetworkGradientProps) {
  const epsilon = useLab((state) => state.attackEpsilon);
  const { gradients, losses, probabilities } = shown.answer;
  const { sum, length, largest } = useMemo(() => measureNorms(gradients), [gradients]);
  const { digit, confidence } = findPrediction(probabilities);
  const limit = common ?? findGradientLimit([shown.answer]);
  return (
    <NetworkSection shown={shown}>
      <SignedTiles
        values={gradients}
        layout={layout}
        limit={limit}
        label={`Gradient of the loss of ${shown.network.name} at the pixels`}
      />
      <Facts>
        <Fact name="answer">{`${digit}, ${formatConfidence(confidence)}`}</Fact>
        <Fact name="loss J">{formatNumber(losses[0]!)}</Fact>
        <Fact name="‖g‖₁">{formatNumber(sum)}</Fact>
        <Fact name="‖g‖₂">{formatNumber(length)}</Fact>
        <Fact name="largest">{formatNumber(largest)}</Fact>
        <Fact name={`ε · ‖g‖₁ at ε ${formatEpsilon(epsilon)}`}>{formatNumber(epsilon * sum)}</Fact>
        {common === null && <Fact name="full color">±{formatNumber(limit)}</Fact>}
      </Facts>
    </NetworkSection>
  );
}
