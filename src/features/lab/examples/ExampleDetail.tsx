import { useState } from 'react';
import { shownNetworks } from '../../../experiment/runs/answering.ts';
import type { LabelledImages, LabState } from '../../../experiment/state.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { formatEpsilon, keepTogether } from '../../../ui/format.ts';
import { findPerturbationGain } from '../../../ui/images/pixels.ts';
import { Info } from '../../../ui/Info.tsx';
import { ExampleDigit, type ShownRun } from './ExampleDigit.tsx';
import styles from './Examples.module.css';
import { PixelPlaces } from './PixelPlaces.tsx';
import { useImageWord } from '../../../experiment/useImageWord.ts';

interface ExampleDetailProps {
  readonly id: string;
  readonly images: LabelledImages;
  /** Index among the images. */
  readonly index: number;
  /** Those with results; none before the first. */
  readonly runs: readonly ShownRun[];
}

/** What the attack makes of one image, below the row of its tile. */
export function ExampleDetail({ id, images, index, runs }: ExampleDetailProps) {
  const [isRestored, setRestored] = useState(false);
  const epsilon = runs.find(({ result }) => result !== null)?.result?.attack.epsilon;
  return (
    <li id={id} className={styles.detail} data-testid="example-detail">
      <PixelPlaces runs={runs} isRestored={isRestored} onChange={setRestored} />
      <ExampleDigit images={images} index={index} runs={runs} isRestored={isRestored} />
      {epsilon !== undefined && <Caption epsilon={epsilon} />}
    </li>
  );
}

/** What the percentages mean; networks shown together may have sigmoid and softmax outputs. */
function describeConfidence(state: LabState): string {
  const losses = new Set(shownNetworks(state).map(({ config }) => config.loss));
  const sigmoid = 'the sigmoid output of the predicted class (the ten need not add up to 100 %)';
  const softmax = 'the network’s softmax output for its prediction';
  const parts = [...(losses.has('bce') ? [sigmoid] : []), ...(losses.has('ce') ? [softmax] : [])];
  return `Percentages: ${parts.join(', or ')}.`;
}

function Caption({ epsilon }: { readonly epsilon: number }) {
  const confidence = useLab(describeConfidence);
  const word = useImageWord();
  const isColored = useLab(({ customData }) => customData.loaded?.shape === 'color-32');
  const range = formatEpsilon(epsilon);
  const gain = findPerturbationGain(epsilon);
  return (
    <div className={styles.caption}>
      {keepTogether(`The change by FGSM with ε ${range}, and the ${word} it makes`)}
      <Info label="About the attack">
        <p>
          FGSM: x + ε · sign(∂J/∂x), with each network’s own gradient, clipped to 0–1. Predictions:
          before the attack, and under it. L∞ is the largest change of a pixel, L2 the length of the
          whole change.
        </p>
        {epsilon > 0 && (
          <p>
            {`Changes are shown at ${gain.toFixed(1)}× contrast: ${
              isColored
                ? `each of red, green and blue goes from mid-gray up to ±${range}`
                : `orange brightens by up to ${range}, blue darkens by up to ${range}, gray is unchanged`
            }.`}
          </p>
        )}
        <p>{confidence}</p>
      </Info>
    </div>
  );
}
