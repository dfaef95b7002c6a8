import { memo, useMemo } from 'react';
import type { LabelledImages } from '../../../experiment/state.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { nameClass, type CustomData } from '../../../domain/dataSet.ts';
import type { AttackedImages } from '../../../domain/metrics.ts';
import { drawPixelOrder, permutePixels } from '../../../domain/pixelOrder.ts';
import { RunSwatch } from '../../../ui/charts/RunSwatch.tsx';
import { DigitImage } from '../../../ui/images/DigitImage.tsx';
import { formatConfidence, formatEpsilon } from '../../../ui/format.ts';
import { CheckIcon, CrossIcon } from '../../../ui/icons.tsx';
import { PerturbationImage } from '../../../ui/images/PerturbationImage.tsx';
import type { RunStyle } from '../../../ui/runStyles.ts';
import { type Prediction, findPrediction, getImage, measurePerturbation } from './predictions.ts';
import styles from './Examples.module.css';

export interface ShownRun {
  readonly id: string;
  readonly name: string;
  readonly runStyle: RunStyle;
  /** The order in which its network gets pixels (domain/pixelOrder.ts), or null for the image's own order. */
  readonly permutationSeed: number | null;
  /** The predictions of its network, or null before there is one. */
  readonly result: AttackedImages | null;
}

interface ExampleDigitProps {
  readonly images: LabelledImages;
  /** Index among the images. */
  readonly index: number;
  readonly runs: readonly ShownRun[];
  /** Whether permuted pixels are shown in the image's order instead of the network's order. */
  readonly isRestored: boolean;
}

/** The name of an image: alone, and within a sentence. */
interface Wording {
  /** "a 7", "cat", "class 3" */
  readonly short: string;
  /** "the 7", "the image of class 3" */
  readonly thing: string;
}

function wordingOf(dataSet: CustomData | null, label: number): Wording {
  const name = nameClass(dataSet, label);
  return dataSet === null
    ? { short: `a ${name}`, thing: `the ${name}` }
    : { short: name, thing: `the image, ${name}` };
}

/** One image: clean, and for each run the perturbation, the attacked image and the predictions. */
export const ExampleDigit = memo(function ExampleDigit({
  images,
  index,
  runs,
  isRestored,
}: ExampleDigitProps) {
  const dataSet = useLab(({ customData }) => customData.loaded);
  const pixels = useMemo(
    () => getImage(images.images, index, images.labels.length),
    [images, index],
  );
  const label = images.labels[index]!;
  const wording = useMemo(() => wordingOf(dataSet, label), [dataSet, label]);
  return (
    <div className={styles.digit}>
      <div className={styles.clean}>
        <DigitImage
          pixels={pixels}
          label={dataSet === null ? `Test digit ${label}` : `Test image, ${wording.short}`}
        />
        <span>{wording.short}</span>
      </div>
      <div className={styles.runs}>
        {runs.map(({ id, result, name, runStyle, permutationSeed }) =>
          result === null ? (
            <span key={id} className={styles.waiting}>
              …
            </span>
          ) : (
            <RunResult
              key={id}
              {...{ name, runStyle, pixels, wording, dataSet }}
              permutationSeed={isRestored ? null : permutationSeed}
              attacked={getImage(result.adversarialImages, index, images.labels.length)}
              epsilon={result.attack.epsilon}
              clean={findPrediction(result.cleanProbabilities, images.labels, index)}
              after={findPrediction(result.adversarialProbabilities, images.labels, index)}
            />
          ),
        )}
      </div>
    </div>
  );
});

interface RunResultProps {
  readonly name: string;
  readonly runStyle: RunStyle;
  /** [features] the clean image. */
  readonly pixels: Float32Array;
  /** [features] the attacked image. */
  readonly attacked: Float32Array;
  readonly wording: Wording;
  readonly dataSet: CustomData | null;
  /** The order in which the pixels are shown. */
  readonly permutationSeed: number | null;
  readonly epsilon: number;
  readonly clean: Prediction;
  readonly after: Prediction;
}

function RunResult(props: RunResultProps) {
  const { name, runStyle, pixels, attacked, wording, dataSet } = props;
  const { permutationSeed, epsilon, clean, after } = props;
  const { largest, length } = useMemo(
    () => measurePerturbation(pixels, attacked),
    [pixels, attacked],
  );
  const shown = useMemo(() => {
    const order = drawPixelOrder(permutationSeed, attacked.length);
    return { before: permutePixels(pixels, order), after: permutePixels(attacked, order) };
  }, [pixels, attacked, permutationSeed]);
  const { thing } = wording;
  return (
    <div className={styles.run} role="group" aria-label={`${name}, ${wording.short}`}>
      <span className={styles.runName} aria-hidden="true">
        <RunSwatch runStyle={runStyle} />
        {name}
      </span>
      <PerturbationImage
        {...shown}
        scale={epsilon}
        label={`What the attack on ${name} changes in ${thing}`}
      />
      <DigitImage
        pixels={shown.after}
        label={`T${thing.slice(1)} perturbed for ${name} with ε ${formatEpsilon(epsilon)}`}
      />
      <div className={styles.predictions}>
        <PredictionLine prediction={clean} when="Clean" dataSet={dataSet} />
        <PredictionLine prediction={after} when="Under attack" dataSet={dataSet} />
        <p className={styles.norms}>
          <span>L∞ {largest.toFixed(2)}</span> <span>L2 {length.toFixed(2)}</span>
        </p>
      </div>
    </div>
  );
}

interface PredictionLineProps {
  readonly prediction: Prediction;
  readonly when: string;
  readonly dataSet: CustomData | null;
}

function PredictionLine({ prediction, when, dataSet }: PredictionLineProps) {
  const { digit, confidence, isRight } = prediction;
  return (
    <p className={isRight ? styles.right : styles.wrong}>
      <span className={styles.hidden}>{when}: </span>
      {isRight ? <CheckIcon /> : <CrossIcon />}
      <strong>{nameClass(dataSet, digit)}</strong>
      <span className={styles.confidence}>{formatConfidence(confidence)}</span>
      <span className={styles.hidden}>{isRight ? 'right' : 'wrong'}</span>
    </p>
  );
}
