import type { ReactNode } from 'react';
import type { InspectedStep } from '../../experiment/inspection/inspectionState.ts';
import type { OptimizerName } from '../../domain/settings/config.ts';
import { TermButton } from './Equations.tsx';
import styles from './Equations.module.css';
import { type StageNumber, stageTitles, type Term } from './stages/stages.ts';

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
  readonly onGo: (position: number) => void;
}

/** Says what happens in the current stage; its marked words are parts of the equations. */
export function Caption({ step, number, isPlaying, onGo }: CaptionProps) {
  const word = (term: Term, text: ReactNode) => (
    <TermButton term={term} onGo={onGo}>
      {text}
    </TermButton>
  );
  const texts: Record<StageNumber, ReactNode> = {
    1: (
      <>
        The network reads {word('input', 'the digit x')}, and its answer is held against the label
        y: that is {word('loss', 'the loss J')}. Nothing is learnt from this pass; it only serves to
        find where the loss rises.
      </>
    ),
    2: (
      <>
        {word('loss', 'The loss')} is carried back through the layers to the pixels.{' '}
        {word('gradient', 'The gradient')} says for each pixel how fast the loss would rise if it
        were brighter. No weight gradient is computed here.
      </>
    ),
    3: (
      <>
        Only {word('sign', 'the sign')} of {word('gradient', 'the gradient')} is kept. Every pixel
        with a gradient counts alike, however small that is; a gradient of exactly 0 moves nothing.
      </>
    ),
    4: (
      <>
        Each pixel moves by {word('epsilon', 'ε')} to where the loss rises:{' '}
        {word('moved', 'the new input x̃')}. To the eye it is the same digit with a grey pattern; as
        far as the gradient can tell, no other change within ± ε raises the loss more.
      </>
    ),
    5: (
      <>
        Ordinary back-propagation, on {word('moved', 'x̃')} with the same label y, gives{' '}
        {word('update', 'the weight gradient')}, and {optimizerNames[step.config.optimizer]} makes a
        step against it, to where the loss falls. Training does so with {step.config.batchSize}{' '}
        images at once; here it is this one image, on a copy of the weights.{' '}
        {!step.hasOptimizerMemory &&
          step.config.optimizer !== 'sgd' &&
          `The step is ${optimizerNames[step.config.optimizer]}’s first: there are no earlier ones that it could remember.`}
      </>
    ),
  };
  return (
    <div className={styles.caption} data-moment={number} aria-live={isPlaying ? 'off' : 'polite'}>
      <p>
        <strong>
          {number}. {stageTitles[number]}.
        </strong>{' '}
        {texts[number]}
      </p>
    </div>
  );
}
