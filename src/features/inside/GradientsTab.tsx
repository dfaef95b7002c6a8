import { Checkbox } from '@mantine/core';
import { useMemo, useState } from 'react';
import { imageWord, nameAnswer, nameClass } from '../../domain/dataSet.ts';
import { findPrediction } from '../../experiment/drawing/prediction.ts';
import { findGradientLimit, measureNorms } from '../../experiment/inside/scales.ts';
import { findSelectedDigit } from '../../experiment/selectedDigit.ts';
import { useLab } from '../../experiment/useLab.ts';
import { Fact, Facts } from '../../ui/Facts.tsx';
import { formatConfidence, formatEpsilon, formatNumber } from '../../ui/format.ts';
import { Info } from '../../ui/Info.tsx';
import { ColorLegend } from '../../ui/images/ColorLegend.tsx';
import { DigitImage } from '../../ui/images/DigitImage.tsx';
import { signedColors } from '../../ui/images/pixels.ts';
import { SignedTiles } from '../../ui/images/SignedTiles.tsx';
import { layOutTiles } from '../../ui/images/signedTiles.ts';
import { DigitChoice } from './DigitChoice.tsx';
import styles from './Inside.module.css';
import { NetworkGrid, NetworkHeading, NetworkSection } from '../../ui/NetworkGrid.tsx';
import { type Shown, useShown } from '../../experiment/inside/useShown.ts';

const layout = layOutTiles(1, 1, 1, 28);

/** The input gradient of the loss for one digit, for every network. */
export function GradientsTab() {
  const dataSet = useLab(({ customData }) => customData.loaded);
  const { question, shown } = useShown('gradients');
  const [isOwnScale, setIsOwnScale] = useState(false);
  const common = useMemo(() => findGradientLimit(shown.map(({ answer }) => answer)), [shown]);
  const hasDigit = useLab((state) => findSelectedDigit(state) !== null);
  if (question === null || shown.length === 0) {
    return (
      <>
        <DigitChoice />
        {hasDigit && <p className={styles.note}>Computing the gradients…</p>}
      </>
    );
  }
  const limit = formatNumber(common);
  return (
    <>
      <DigitChoice />
      <div className={styles.controls}>
        <Checkbox
          label="Each network on its own scale"
          checked={isOwnScale}
          onChange={(event) => setIsOwnScale(event.currentTarget.checked)}
        />
      </div>
      <NetworkGrid column={152}>
        <div>
          <NetworkHeading>
            The {imageWord(dataSet)}, {nameAnswer(dataSet, question.labels[0]!)}
          </NetworkHeading>
          <DigitImage
            pixels={question.images}
            label={`The ${imageWord(dataSet)} whose gradients are shown, ${nameAnswer(dataSet, question.labels[0]!)}`}
          />
        </div>
        {shown.map((one) => (
          <NetworkGradient key={one.network.id} shown={one} common={isOwnScale ? null : common} />
        ))}
      </NetworkGrid>
      <div className={styles.caption}>
        {!isOwnScale && <ColorLegend low={`−${limit}`} high={`+${limit}`} colors={signedColors} />}
        g = ∂J/∂x: a brighter pixel raises the loss where orange and lowers it where blue.{' '}
        <Info label="About the gradients">
          <p>
            An attack of size ε uses only the signs and raises the loss by about ε · ‖g‖₁, as long
            as the loss is nearly linear.
          </p>
          <p>
            {isOwnScale
              ? 'Each network has its own scale: colors show where, not how much.'
              : `One scale for all networks: full color at ±${limit}; no more than 1 % of the pixels of any of them exceed it.`}
          </p>
        </Info>
      </div>
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
  const dataSet = useLab(({ customData }) => customData.loaded);
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
        label={`Gradient of the loss of ${shown.network.name} with respect to the pixels`}
      />
      <Facts>
        <Fact name="prediction">{`${nameClass(dataSet, digit)}, ${formatConfidence(confidence)}`}</Fact>
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
