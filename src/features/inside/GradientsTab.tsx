import { Checkbox } from '@mantine/core';
import { useMemo, useState } from 'react';
import { findPrediction } from '../../experiment/drawing/prediction.ts';
import { findGradientScale, measureNorms } from '../../experiment/inside/scales.ts';
import { useInside } from '../../experiment/inside/useInside.ts';
import { findSelectedDigit } from '../../experiment/selectedDigit.ts';
import { useLab } from '../../experiment/useLab.ts';
import type { Inspected } from '../../domain/analysis/inspection.ts';
import { DigitImage } from '../../ui/images/DigitImage.tsx';
import { formatConfidence, formatEpsilon } from '../../ui/format.ts';
import { SignedLegend } from '../../ui/images/SignedLegend.tsx';
import { SignedTiles } from '../../ui/images/SignedTiles.tsx';
import { layOutTiles } from '../../ui/images/signedTiles.ts';
import styles from './Inside.module.css';
import { NetworkHeading } from './NetworkHeading.tsx';
import { DigitChoice } from './DigitChoice.tsx';
import { formatSize } from './texts.ts';
import { type InsideNetwork, useNetworks } from './useNetworks.ts';

const layout = layOutTiles(1, 1, 1, 28);

/** The input gradient of the loss for one digit, for every network. */
export function GradientsTab() {
  const networks = useNetworks();
  const { question, answers } = useInside((state) => state.gradients);
  const [isOwnScale, setIsOwnScale] = useState(false);
  const shown = networks.flatMap((network) => {
    const inspected = answers[network.id];
    return inspected ? [{ network, inspected }] : [];
  });
  const common = useMemo(
    () => findGradientScale(Object.values(answers).map(({ answer }) => answer)),
    [answers],
  );
  const hasDigit = useLab((state) => findSelectedDigit(state) !== null);
  if (networks.length === 0) return null;
  return (
    <>
      <DigitChoice />
      {question === null || shown.length === 0 ? (
        hasDigit && <p className={styles.note}>Finding the gradients…</p>
      ) : (
        <>
          <div className={styles.controls}>
            <Checkbox
              label="A scale of its own for each network"
              checked={isOwnScale}
              onChange={(event) => setIsOwnScale(event.currentTarget.checked)}
            />
          </div>
          <div className={styles.gradients}>
            <div className={styles.original}>
              <h3 className={styles.heading}>The digit, a {question.labels[0]}</h3>
              <DigitImage
                pixels={question.images}
                label={`The digit that gradients are of, a ${question.labels[0]}`}
              />
            </div>
            {shown.map(({ network, inspected }) => (
              <NetworkGradient
                key={network.id}
                {...{ network, inspected }}
                limit={isOwnScale ? findGradientScale([inspected.answer]).limit : common.limit}
                isLimitShown={isOwnScale}
              />
            ))}
          </div>
          <p className={styles.caption}>
            {!isOwnScale && (
              <span className={styles.scale}>
                <SignedLegend limit={common.limit} format={formatSize} />
              </span>
            )}
            ∂J/∂x: orange where brightening a pixel raises the loss of the digit, blue where it
            lowers it. An attack of size ε goes by the sign alone and raises the loss by about ε ·
            ‖g‖₁, as long as the loss is nearly linear.{' '}
            {isOwnScale
              ? 'Each network has a scale of its own: colours tell where, not how much.'
              : `One scale for all networks: full colour at ±${formatSize(common.limit)}; no more than 1 % of the pixels of any of them exceed it.`}
          </p>
        </>
      )}
    </>
  );
}

interface NetworkGradientProps {
  readonly network: InsideNetwork;
  readonly inspected: Inspected<'gradients'>;
  readonly limit: number;
  readonly isLimitShown: boolean;
}

function NetworkGradient({ network, inspected, limit, isLimitShown }: NetworkGradientProps) {
  const epsilon = useLab((state) => state.attackEpsilon);
  const { gradients, losses, probabilities } = inspected.answer;
  const { sum, length, largest } = useMemo(() => measureNorms(gradients), [gradients]);
  const { digit, confidence } = findPrediction(probabilities);
  const numbers: [string, string][] = [
    ['answer', `${digit}, ${formatConfidence(confidence)}`],
    ['loss J', formatSize(losses[0]!)],
    ['‖g‖₁', formatSize(sum)],
    ['‖g‖₂', formatSize(length)],
    ['largest', formatSize(largest)],
    [`ε · ‖g‖₁ at ε ${formatEpsilon(epsilon)}`, formatSize(epsilon * sum)],
    ...(isLimitShown ? [['full colour', `±${formatSize(limit)}`] as [string, string]] : []),
  ];
  return (
    <section className={styles.gradient} aria-label={network.name}>
      <NetworkHeading network={network} step={inspected.step} />
      <SignedTiles
        {...{ values: gradients, layout, limit }}
        label={`Gradient of the loss of ${network.name} at the pixels`}
      />
      <dl className={styles.numbers}>
        {numbers.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
