import { useImageWord } from '../../experiment/useImageWord.ts';
import type { ReactNode } from 'react';
import type { InspectedStep } from '../../experiment/inspection/inspectionState.ts';
import type { OptimizerName } from '../../domain/settings/config.ts';
import { TermButton } from './Equations.tsx';
import styles from './Equations.module.css';
import { type StageNumber, stageTitles } from './stages/stages.ts';

const optimizerNames: Readonly<Record<OptimizerName, string>> = {
  sgd: 'gradient descent',
  momentum: 'momentum',
  rmsprop: 'RMSprop',
  adam: 'Adam',
};

interface CaptionProps {
  readonly step: InspectedStep;
  readonly number: StageNumber;
  readonly isPlaying: boolean;
}

/** Says what happens in the current stage; its marked words are parts of the equations. */
export function Caption({ step, number, isPlaying }: CaptionProps) {
  const word = useImageWord();
  const texts: Record<StageNumber, ReactNode> = {
    1: (
      <>
        The network reads <TermButton term="input">the {word} x</TermButton>, and{' '}
        <TermButton term="loss">the loss J</TermButton> compares its outputs with the label y. The
        network learns nothing from this pass: it only shows in which direction the loss rises.
      </>
    ),
    2: (
      <>
        <TermButton term="loss">The loss</TermButton> is propagated back through the layers to the
        pixels. <TermButton term="gradient">The gradient</TermButton> says, for each pixel, how fast
        the loss would rise if that pixel were brighter. No weight gradient is computed yet.
      </>
    ),
    3: (
      <>
        Only <TermButton term="sign">the sign</TermButton> of{' '}
        <TermButton term="gradient">the gradient</TermButton> is kept. Every pixel moves equally
        far, however small its gradient; only a pixel whose gradient is exactly 0 stays as it is.
      </>
    ),
    4: (
      <>
        Each pixel moves by <TermButton term="epsilon">ε</TermButton> in the direction that raises
        the loss: <TermButton term="moved">the new input x̃</TermButton>. To the eye it is the same
        {word} with a gray pattern; to first order, no other change within ± ε raises the loss more.
      </>
    ),
    5: (
      <>
        Ordinary back-propagation, on <TermButton term="moved">x̃</TermButton> with the same label y,
        gives <TermButton term="update">the weight gradient</TermButton>, and{' '}
        {optimizerNames[step.config.optimizer]} takes a step to lower the loss. Training does this
        with {step.config.batchSize} images at once; here it is done with this one image, on a copy
        of the weights.{' '}
        {!step.hasOptimizerMemory &&
          step.config.optimizer !== 'sgd' &&
          `The step is ${optimizerNames[step.config.optimizer]}’s first, so it has no earlier gradients to build on.`}
      </>
    ),
  };
  return (
    <div className={styles.caption} data-stage={number} aria-live={isPlaying ? 'off' : 'polite'}>
      <p>
        <strong>
          {number}. {stageTitles[number]}.
        </strong>{' '}
        {texts[number]}
      </p>
    </div>
  );
}
