import { useImageWord } from '../../experiment/useImageWord.ts';
import { type ComponentType, type ReactNode, useDeferredValue, useRef } from 'react';
import { findMissing } from '../../experiment/inspection/inspectedQuestion.ts';
import type { InspectedStep } from '../../experiment/inspection/inspectionState.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import { ErrorNotice } from '../../ui/ProblemNotice.tsx';
import { useOnScreen } from '../../ui/useOnScreen.ts';
import { DigitChoice, EpsilonChoice, NetworkChoice } from './Choices.tsx';
import choiceStyles from './Choices.module.css';
import styles from './HowItWorks.module.css';
import { describeSource, isFiniteStep } from './numbers.ts';

type View = ComponentType<{ readonly step: InspectedStep }>;

/** A view of one training step on one digit, which the engine computes with the weights as they are now. */
export function ofStep(StepView: View): () => ReactNode {
  return function OfStep() {
    const place = useRef<HTMLDivElement>(null);
    const { inspection } = useLabActions();
    useOnScreen(place, inspection.show);
    const { step, error } = useDeferredValue(useLab((state) => state.inspection));
    const missing = useLab(findMissing);
    const word = useImageWord();
    return (
      <div ref={place}>
        <div className={choiceStyles.choices}>
          <DigitChoice />
          <NetworkChoice />
          <EpsilonChoice />
        </div>
        <ErrorNotice title="The step could not be computed" error={error} />
        {missing === 'drawing' ? (
          <p className={styles.waiting}>
            The pad is empty: draw a digit in the Lab, or choose a test {word}.
          </p>
        ) : step === null || missing !== null ? (
          <p className={styles.waiting}>
            The step appears here as soon as a network and the test {word}s are loaded.
          </p>
        ) : isFiniteStep(step) ? (
          <>
            <StepView step={step} />
            <Source step={step} />
          </>
        ) : (
          <p className={styles.waiting}>
            {step.networkName} has diverged: its loss on this {word} is not finite, so there is no
            step to show. Train with a lower learning rate or a smaller ε.
          </p>
        )}
      </div>
    );
  };
}

function Source({ step }: { readonly step: InspectedStep }) {
  return (
    <p
      className={styles.source}
      data-testid="step-source"
      data-network={step.networkName}
      data-step={step.step}
    >
      {describeSource(step)}
    </p>
  );
}
