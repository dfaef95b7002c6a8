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
  const texts: Record<StageNumber, ReactNode> = {
    1: (
      <>
        The network reads <TermButton term="input">the digit x</TermButton>, and its answer is held
        against the label y: that is <TermButton term="loss">the loss J</TermButton>. Nothing is
        learnt from this pass; it only serves to find where the loss rises.
      </>
    ),
    2: (
      <>
        <TermButton term="loss">The loss</TermButton> is carried back through the layers to the
        pixels. <TermButton term="gradient">The gradient</TermButton> says for each pixel how fast
        the loss would rise if it were brighter. No weight gradient is computed here.
      </>
    ),
    3: (
      <>
        Only <TermButton term="sign">the sign</TermButton> of{' '}
        <TermButton term="gradient">the gradient</TermButton> is kept. Every pixel with a gradient
        counts alike, however small that is; a gradient of exactly 0 moves nothing.
      </>
    ),
    4: (
      <>
        Each pixel moves by <TermButton term="epsilon">ε</TermButton> to where the loss rises:{' '}
        <TermButton term="moved">the new input x̃</TermButton>. To the eye it is the same digit with
        a gray pattern; as far as the gradient can tell, no other change within ± ε raises the loss
        more.
      </>
    ),
    5: (
      <>
        Ordinary back-propagation, on <TermButton term="moved">x̃</TermButton> with the same label y,
        gives <TermButton term="update">the weight gradient</TermButton>, and{' '}
        {optimizerNames[step.config.optimizer]} makes a step against it, to where the loss falls.
        Training does so with {step.config.batchSize} images at once; here it is this one image, on
        a copy of the weights.{' '}
        {!step.hasOptimizerMemory &&
          step.config.optimizer !== 'sgd' &&
          `The step is ${optimizerNames[step.config.optimizer]}’s first: there are no earlier ones that it could remember.`}
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
