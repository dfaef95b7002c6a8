import type { ReactNode } from 'react';
import type { InspectedStep } from '../../experiment/inspection/inspectionState.ts';
import { imageSide } from '../../ui/images/pixels.ts';
import styles from './Equations.module.css';
import { stageOf, type Term, termNames } from './stages/stages.ts';
import { describeSign, formatLevel } from './numbers.ts';
import { Value } from './Value.tsx';

interface EquationsProps {
  readonly onGo: (position: number) => void;
  /** Whether x̃ is clipped to 0–1. */
  readonly isClipped: boolean;
}

/** The two equations of the algorithm; each part is a button to its stage. */
export function Equations({ onGo, isClipped }: EquationsProps) {
  const part = (term: Term, children: ReactNode) => (
    <TermButton term={term} onGo={onGo}>
      {children}
    </TermButton>
  );
  return (
    <div
      className={styles.equations}
      role="group"
      aria-label="Equations; each part leads to its moment"
    >
      <p className={styles.equation}>
        {part('moved', <i>x̃</i>)} = {isClipped && 'clip('}
        {part('input', <i>x</i>)} + {part('epsilon', <i>ε</i>)} · {part('sign', 'sign')}(
        {part(
          'gradient',
          <>
            ∇<sub>x</sub>
          </>,
        )}
        {part(
          'loss',
          <>
            <i>J</i>(<i>θ</i>, <i>x</i>, <i>y</i>)
          </>,
        )}
        ){isClipped && ', 0, 1)'}
      </p>
      <p className={styles.equation}>
        {part(
          'update',
          <>
            <i>θ</i> ← <i>θ</i> − step(∇<sub>θ</sub> <i>J</i>(<i>θ</i>, <i>x̃</i>, <i>y</i>))
          </>,
        )}
      </p>
    </div>
  );
}

interface TermButtonProps {
  readonly onGo: (position: number) => void;
  readonly term: Term;
  readonly children: ReactNode;
}

/** A part of the equations or a word for it. Its number gives the stage; its color only repeats it. */
export function TermButton({ term, onGo, children }: TermButtonProps) {
  const stage = stageOf[term];
  return (
    <button
      type="button"
      className={styles.term}
      data-term={term}
      data-moment={stage}
      aria-label={`${termNames[term]}: moment ${stage}`}
      onClick={() => onGo(stage)}
    >
      {children}
    </button>
  );
}

interface PixelLineProps {
  readonly step: InspectedStep;
  readonly pixel: number;
}

/** The equation with the numbers of the marked pixel. */
export function PixelLine({ step, pixel }: PixelLineProps) {
  const { image, inputGradient, methods, epsilon, config } = step;
  const gradient = inputGradient[pixel]!;
  const level = image[pixel]!;
  const moved = methods.adversarial.input[pixel]!;
  const isClipped = config.clipTrainingImages && Math.abs(moved - level) < 0.999 * epsilon;
  return (
    <p className={styles.pixelLine}>
      <span className={styles.place}>
        The marked pixel, row{' '}
        <Value value={Math.floor(pixel / imageSide) + 1} format={String} name="pixel row" />, column{' '}
        <Value value={(pixel % imageSide) + 1} format={String} name="pixel column" />:
      </span>{' '}
      <span className={styles.sum}>
        <Value value={moved} format={formatLevel} term="moved" name="pixel x̃" /> ={' '}
        {config.clipTrainingImages && 'clip('}
        <Value value={level} format={formatLevel} term="input" name="pixel x" /> +{' '}
        <Value value={epsilon} format={formatLevel} term="epsilon" name="pixel ε" /> ·{' '}
        <span data-term="sign">sign</span>(
        <Value value={gradient} term="gradient" name="pixel gradient" />)
        {config.clipTrainingImages && ', 0, 1)'}{' '}
        <span className={styles.place}>
          (sign <Value value={Math.sign(gradient)} format={describeSign} name="pixel sign" />
          {isClipped && gradient !== 0 && ', clipped'})
        </span>
      </span>
    </p>
  );
}
