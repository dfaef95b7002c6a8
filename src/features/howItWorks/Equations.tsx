import type { ReactNode } from 'react';
import type { InspectedStep } from '../../experiment/inspection/inspectionState.ts';
import { imageSide } from '../../ui/images/pixels.ts';
import styles from './Equations.module.css';
import { stageOf, type Term, termNames } from './stages/stages.ts';
import { describeSign, formatLevel } from './numbers.ts';
import { Value } from './Value.tsx';

/** The two equations of the algorithm; each part is a button to its stage. */
export function Equations({ isClipped }: { readonly isClipped: boolean }) {
  return (
    <div
      className={styles.equations}
      role="group"
      aria-label="Equations; each part links to its stage"
    >
      <p className={styles.equation}>
        <TermButton term="moved">
          <i>x̃</i>
        </TermButton>{' '}
        = {isClipped && 'clip('}
        <TermButton term="input">
          <i>x</i>
        </TermButton>{' '}
        +{' '}
        <TermButton term="epsilon">
          <i>ε</i>
        </TermButton>{' '}
        · <TermButton term="sign">sign</TermButton>(
        <TermButton term="gradient">
          ∇<sub>x</sub>
        </TermButton>
        <TermButton term="loss">
          <i>J</i>(<i>θ</i>, <i>x</i>, <i>y</i>)
        </TermButton>
        ){isClipped && ', 0, 1)'}
      </p>
      <p className={styles.equation}>
        <TermButton term="update">
          <i>θ</i> ← <i>θ</i> − step(∇<sub>θ</sub> <i>J</i>(<i>θ</i>, <i>x̃</i>, <i>y</i>))
        </TermButton>
      </p>
    </div>
  );
}

interface TermButtonProps {
  readonly term: Term;
  readonly children: ReactNode;
}

/**
 * A part of the equations or a word for it, which leads to its stage (`goToPressed`). Its number gives the stage; its
 * color only repeats it.
 */
export function TermButton({ term, children }: TermButtonProps) {
  const stage = stageOf[term];
  return (
    <button
      type="button"
      className={styles.term}
      data-term={term}
      data-stage={stage}
      aria-label={`${termNames[term]}: stage ${stage}`}
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
