import { findPrediction } from '../../../experiment/drawing/prediction.ts';
import { Fragment, memo, type ReactNode, useMemo } from 'react';
import type { InspectedStep } from '../../../experiment/inspection/inspectionState.ts';
import type { InspectedPass } from '../../../domain/analysis/stepInspection.ts';
import { formatConfidence, formatEpsilon, formatNumber } from '../../../ui/format.ts';
import { DigitImage } from '../../../ui/images/DigitImage.tsx';
import { PerturbationImage } from '../../../ui/images/PerturbationImage.tsx';
import {
  type StageNumber,
  stageNumbers,
  stageAt,
  stageTitles,
  shownPart,
  within,
} from './stages.ts';
import styles from './Stages.module.css';
import { Facts } from '../../../ui/Facts.tsx';
import { describeSign, formatLevel, type PixelNumbers } from '../numbers.ts';
import { Update } from './UpdateStage.tsx';
import { PixelPicture } from './PixelPicture.tsx';
import { ProbabilityBars } from './ProbabilityBars.tsx';
import { countActive, describeUnits } from './units.ts';
import { UnitsImage } from './UnitsImage.tsx';
import { Value } from '../Value.tsx';

export interface StagesProps {
  readonly step: InspectedStep;
  readonly numbers: PixelNumbers;
  readonly position: number;
  readonly pixel: number;
  readonly onPoint: (pixel: number) => void;
  readonly onGo: (position: number) => void;
}

/** The five stages side by side, or only the current one on narrow screens. */
export function Stages({ step, numbers, position, pixel, onPoint, onGo }: StagesProps) {
  const now = stageAt(position).number;
  const contents: Record<StageNumber, (part: number) => ReactNode> = {
    1: (part) => <CleanPass {...{ step, part, pixel, onPoint }} />,
    2: (part) => <Gradient {...{ step, numbers, part, pixel, onPoint }} />,
    3: (part) => <Sign {...{ step, numbers, part, pixel, onPoint }} />,
    4: (part) => <NewInput {...{ step, numbers, part, pixel, onPoint }} />,
    5: (part) => <Update {...{ step, part }} />,
  };
  return (
    <ol className={styles.stages}>
      {stageNumbers.map((number) => (
        <li
          key={number}
          className={styles.stage}
          data-moment={number}
          data-now={number === now || undefined}
          data-ahead={number > now || undefined}
          aria-current={number === now ? 'step' : undefined}
        >
          <button type="button" className={styles.title} onClick={() => onGo(number)}>
            <span className={styles.number}>{number}</span>
            {stageTitles[number]}
          </button>
          {/* Later stages are shown faintly in their final state; the current one is shown up to its position. */}
          {contents[number](number > now ? 1 : shownPart(position, number))}
        </li>
      ))}
    </ol>
  );
}

interface ContentProps {
  readonly step: InspectedStep;
  /** Visible fraction of the stage, 0 to 1. */
  readonly part: number;
}

interface PictureProps extends ContentProps {
  readonly pixel: number;
  readonly onPoint: (pixel: number) => void;
}

interface NumbersProps extends PictureProps {
  readonly numbers: PixelNumbers;
}

function CleanPass({ step, part, pixel, onPoint }: PictureProps) {
  const { image, clean, label } = step;
  const grown = within(part, 0.6, 1);
  const answer = findPrediction(clean.probabilities).digit;
  return (
    <>
      <PixelPicture
        name="The digit x"
        term="input"
        reading={formatLevel(image[pixel]!)}
        {...{ pixel, onPoint }}
      >
        <DigitImage pixels={image} label={`The digit, a ${label}`} />
      </PixelPicture>
      <Layers pass={clean} part={within(part, 0.1, 0.7)} />
      <div data-term="loss" className={styles.outcome}>
        <ProbabilityBars
          probabilities={clean.probabilities}
          shown={Array.from(clean.probabilities, (value) => grown * value)}
          label={label}
          name="Outputs for x"
          dataName="x output"
        />
        <p className={styles.line}>
          Reads a{' '}
          <strong>
            <Value value={answer} format={String} name="x answer" />
          </strong>
          ,{' '}
          <Value
            value={clean.probabilities[answer]!}
            format={formatConfidence}
            name="x confidence"
          />
          . It is a{' '}
          <strong>
            <Value value={label} format={String} name="label" />
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

/** The hidden layers, one after the other. */
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
          <Value value={active} format={String} name={`${name} active`} /> of{' '}
        </>
      )}
      <Value value={units.length} format={String} name={`${name} units`} /> units
      {active < units.length && ' active'}
    </>
  );
}

const Picture = memo(DigitImage);
const SignedPicture = memo(PerturbationImage);

function Gradient({ step, numbers, part, pixel, onPoint }: NumbersProps) {
  const { inputGradient } = step;
  const values = useMemo(
    () => inputGradient.map((gradient) => (numbers.largest > 0 ? gradient / numbers.largest : 0)),
    [inputGradient, numbers],
  );
  return (
    <>
      <PixelPicture
        name="The gradient"
        term="gradient"
        reading={formatNumber(inputGradient[pixel]!)}
        {...{ pixel, onPoint }}
      >
        <SignedPicture
          before={nothing}
          after={values}
          scale={part > 0 ? 1 / part : Infinity}
          label="The gradient of the loss at every pixel"
        />
      </PixelPicture>
      <Facts
        facts={[
          ['largest |∂J/∂x|', <Value key="1" value={numbers.largest} name="largest gradient" />],
          ['sum of all |∂J/∂x|', <Value key="2" value={numbers.sum} name="gradient sum" />],
        ]}
      />
      <p className={styles.line}>
        Orange: brighter raises the loss. Blue: darker does. Full colour: the largest.
      </p>
    </>
  );
}

function Sign({ step, numbers, part, pixel, onPoint }: NumbersProps) {
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
        {...{ pixel, onPoint }}
      >
        <SignedPicture
          before={nothing}
          after={values}
          scale={1}
          label="The sign of the gradient at every pixel"
        />
      </PixelPicture>
      <Facts
        facts={[
          ['+1, brighter', <Count key="1" value={numbers.positive} name="positive" />],
          ['−1, darker', <Count key="2" value={numbers.negative} name="negative" />],
          ['0, as it was', <Count key="3" value={numbers.zero} name="zero" />],
        ]}
      />
      <p className={styles.line}>Of all 784 pixels.</p>
    </>
  );
}

function Count({ value, name }: { readonly value: number; readonly name: string }) {
  return <Value value={value} format={String} name={name} />;
}

function NewInput({ step, numbers, part, pixel, onPoint }: NumbersProps) {
  const { image, methods, epsilon, clean, config } = step;
  const moved = methods.adversarial.input;
  const pixels = useMemo(
    () => (part === 1 ? moved : moved.map((value, i) => image[i]! + part * (value - image[i]!))),
    [moved, image, part],
  );
  return (
    <>
      <PixelPicture
        name="The new input x̃"
        term="moved"
        reading={formatLevel(moved[pixel]!)}
        {...{ pixel, onPoint }}
      >
        <Picture pixels={pixels} label={`The digit moved by ε ${formatEpsilon(epsilon)}`} />
      </PixelPicture>
      <Facts
        facts={[
          [
            numbers.zero > 0 || config.clipTrainingImages
              ? 'pixels move by up to'
              : 'each pixel moves by',
            <Value key="1" value={epsilon} term="epsilon" name="ε" format={formatLevel} />,
          ],
          [
            'levels now',
            <span key="2">
              <Value value={numbers.darkest} format={formatLevel} name="darkest" /> to{' '}
              <Value value={numbers.brightest} format={formatLevel} name="brightest" />
            </span>,
          ],
          ['loss J on x', <Value key="3" value={clean.loss} name="loss on x" />],
          [
            'loss J on x̃',
            <Value key="4" value={methods.adversarial.pass.loss} term="moved" name="loss on x̃" />,
          ],
        ]}
      />
      <p className={styles.line}>
        {config.clipTrainingImages
          ? 'Clipped to 0–1, as this experiment has it.'
          : 'Not clipped to 0–1, as in the paper.'}
      </p>
    </>
  );
}

const nothing = new Float32Array(784);
