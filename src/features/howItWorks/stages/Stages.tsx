import { imageWord, nameAnswer } from '../../../domain/dataSet.ts';
import { useImageWord } from '../../../experiment/useImageWord.ts';
import { useLab } from '../../../experiment/useLab.ts';
import { Fragment, memo, type ReactNode, useMemo } from 'react';
import type { InspectedPass } from '../../../domain/analysis/stepInspection.ts';
import type { InspectedStep } from '../../../experiment/inspection/inspectionState.ts';
import { Fact, Facts } from '../../../ui/Facts.tsx';
import { formatEpsilon, formatNumber } from '../../../ui/format.ts';
import { DigitImage } from '../../../ui/images/DigitImage.tsx';
import { PerturbationImage } from '../../../ui/images/PerturbationImage.tsx';
import { describeSign, formatLevel, type PixelNumbers } from '../numbers.ts';
import { Answer, Count, Value } from '../Value.tsx';
import { PixelPicture } from './PixelPicture.tsx';
import { ProbabilityBars } from './ProbabilityBars.tsx';
import styles from './Stages.module.css';
import {
  type StageNumber,
  stageNumbers,
  stageAt,
  stageTitles,
  shownPart,
  within,
} from './stages.ts';
import { countActive, describeUnits } from './units.ts';
import { UnitsImage } from './UnitsImage.tsx';
import { Update } from './UpdateStage.tsx';

interface StepProps {
  readonly step: InspectedStep;
  readonly numbers: PixelNumbers;
  readonly pixel: number;
  readonly onPoint: (pixel: number) => void;
}

export interface StageProps extends StepProps {
  readonly part: number;
}

interface StagesProps extends StepProps {
  readonly position: number;
}

const contents: Readonly<Record<StageNumber, (props: StageProps) => ReactNode>> = {
  1: CleanPass,
  2: Gradient,
  3: Sign,
  4: NewInput,
  5: Update,
};

/** The five stages side by side, or only the current one on narrow screens. */
export function Stages({ position, ...props }: StagesProps) {
  const now = stageAt(position).number;
  return (
    <ol className={styles.stages}>
      {stageNumbers.map((number) => {
        const Content = contents[number];
        return (
          <li
            key={number}
            className={styles.stage}
            data-stage={number}
            data-now={number === now || undefined}
            data-ahead={number > now || undefined}
            aria-current={number === now ? 'step' : undefined}
          >
            <button type="button" className={styles.title} data-stage={number}>
              <span className={styles.number}>{number}</span>
              {stageTitles[number]}
            </button>
            {/* Later stages are shown faintly in their final state; the current one is shown up to its position. */}
            <Content {...props} part={number > now ? 1 : shownPart(position, number)} />
          </li>
        );
      })}
    </ol>
  );
}

function CleanPass({ step, part, pixel, onPoint }: StageProps) {
  const { image, clean, label } = step;
  const dataSet = useLab(({ customData }) => customData.loaded);
  const word = imageWord(dataSet);
  const grown = within(part, 0.6, 1);
  return (
    <>
      <PixelPicture
        name={`The ${word} x`}
        term="input"
        reading={formatLevel(image[pixel]!)}
        pixel={pixel}
        onPoint={onPoint}
      >
        <DigitImage pixels={image} label={`The ${word}, ${nameAnswer(dataSet, label)}`} />
      </PixelPicture>
      <Layers pass={clean} part={within(part, 0.1, 0.7)} />
      <div data-term="loss" className={styles.outcome}>
        <ProbabilityBars
          probabilities={clean.probabilities}
          shown={clean.probabilities.map((value) => grown * value)}
          label={label}
          name="Outputs for x"
          dataName="x output"
        />
        <p className={styles.line}>
          Reads a <Answer probabilities={clean.probabilities} name="x" />. It is a{' '}
          <strong>
            <Count value={label} name="label" />
          </strong>
          .
        </p>
        <p className={styles.line}>
          Loss J = <Value value={clean.loss} term="loss" name="loss on x" />
        </p>
      </div>
    </>
  );
}

function Layers({ pass, part }: { readonly pass: InspectedPass; readonly part: number }) {
  const count = pass.hidden.length;
  if (count === 0) return <p className={styles.line}>No hidden layer: a linear classifier.</p>;
  return (
    <div className={styles.layers}>
      {pass.hidden.map((units, l) => (
        <UnitsImage
          key={l}
          units={units}
          strength={within(part, l / count, (l + 1) / count)}
          label={`Hidden layer ${l + 1}: ${describeUnits(units)}`}
        />
      ))}
      <p className={styles.line}>
        {pass.hidden.map((units, l) => (
          <Fragment key={l}>
            {l > 0 && '; '}
            <UnitCounts units={units} name={`layer ${l + 1}`} />
          </Fragment>
        ))}
      </p>
    </div>
  );
}

function UnitCounts({ units, name }: { readonly units: Float32Array; readonly name: string }) {
  const active = countActive(units);
  return (
    <>
      {active < units.length && (
        <>
          <Count value={active} name={`${name} active`} /> of{' '}
        </>
      )}
      <Count value={units.length} name={`${name} units`} /> units
      {active < units.length && ' active'}
    </>
  );
}

const nothing = new Float32Array(784);
const Picture = memo(DigitImage);
const SignedPicture = memo(PerturbationImage);

function Gradient({ step, numbers, part, pixel, onPoint }: StageProps) {
  const { inputGradient } = step;
  const values = useMemo(
    () => inputGradient.map((gradient) => gradient / (numbers.largest || 1)),
    [inputGradient, numbers],
  );
  return (
    <>
      <PixelPicture
        name="The gradient"
        term="gradient"
        reading={formatNumber(inputGradient[pixel]!)}
        pixel={pixel}
        onPoint={onPoint}
      >
        <SignedPicture
          before={nothing}
          after={values}
          scale={part > 0 ? 1 / part : Infinity}
          label="The gradient of the loss at every pixel"
        />
      </PixelPicture>
      <Facts>
        <Fact name="largest |∂J/∂x|">
          <Value value={numbers.largest} name="largest gradient" />
        </Fact>
        <Fact name="sum of all |∂J/∂x|">
          <Value value={numbers.sum} name="gradient sum" />
        </Fact>
      </Facts>
      <p className={styles.line}>
        Orange: brighter raises the loss. Blue: darker does. Full color: the largest.
      </p>
    </>
  );
}

function Sign({ step, numbers, part, pixel, onPoint }: StageProps) {
  const { inputGradient } = step;
  // Animates sign(g) = g · |g|⁻¹: small gradients grow to the size of the large ones.
  const values = useMemo(
    () =>
      inputGradient.map((gradient) => {
        const size = Math.abs(gradient) / (numbers.largest || 1);
        return size > 0 ? Math.sign(gradient) * size ** (1 - part) : 0;
      }),
    [inputGradient, numbers, part],
  );
  return (
    <>
      <PixelPicture
        name="The sign of the gradient"
        term="sign"
        reading={describeSign(inputGradient[pixel]!)}
        pixel={pixel}
        onPoint={onPoint}
      >
        <SignedPicture
          before={nothing}
          after={values}
          scale={1}
          label="The sign of the gradient at every pixel"
        />
      </PixelPicture>
      <Facts>
        <Fact name="+1, brighter">
          <Count value={numbers.positive} name="positive" />
        </Fact>
        <Fact name="−1, darker">
          <Count value={numbers.negative} name="negative" />
        </Fact>
        <Fact name="0, unchanged">
          <Count value={numbers.zero} name="zero" />
        </Fact>
      </Facts>
      <p className={styles.line}>Of all 784 pixels.</p>
    </>
  );
}

function NewInput({ step, numbers, part, pixel, onPoint }: StageProps) {
  const word = useImageWord();
  const { image, methods, epsilon, clean, config } = step;
  const { input: moved, pass } = methods.adversarial;
  const pixels = useMemo(
    () => (part === 1 ? moved : moved.map((value, i) => image[i]! + part * (value - image[i]!))),
    [moved, image, part],
  );
  const isLessForSome = numbers.zero > 0 || config.clipTrainingImages;
  return (
    <>
      <PixelPicture
        name="The new input x̃"
        term="moved"
        reading={formatLevel(moved[pixel]!)}
        pixel={pixel}
        onPoint={onPoint}
      >
        <Picture pixels={pixels} label={`The ${word} moved by ε ${formatEpsilon(epsilon)}`} />
      </PixelPicture>
      <Facts>
        <Fact name={isLessForSome ? 'pixels move by up to' : 'each pixel moves by'}>
          <Value value={epsilon} term="epsilon" name="ε" format={formatLevel} />
        </Fact>
        <Fact name="pixel values now">
          <Value value={numbers.darkest} format={formatLevel} name="darkest" /> to{' '}
          <Value value={numbers.brightest} format={formatLevel} name="brightest" />
        </Fact>
        <Fact name="loss J on x">
          <Value value={clean.loss} name="loss on x" />
        </Fact>
        <Fact name="loss J on x̃">
          <Value value={pass.loss} term="moved" name="loss on x̃" />
        </Fact>
      </Facts>
      <p className={styles.line}>
        {config.clipTrainingImages
          ? 'Clipped to 0–1, as in this experiment.'
          : 'Not clipped to 0–1, as in the paper.'}
      </p>
    </>
  );
}
