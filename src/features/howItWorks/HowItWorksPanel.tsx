import { useReducedMotion } from '@mantine/hooks';
import {
  memo,
  startTransition,
  type SyntheticEvent,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { type InspectedStep } from '../../experiment/inspection/inspectionState.ts';
import { findMissing } from '../../experiment/inspection/inspectedQuestion.ts';
import { hasColorImages } from '../../experiment/runs/answering.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import { Panel } from '../../ui/Panel.tsx';
import { ErrorNotice } from '../../ui/ProblemNotice.tsx';
import { UnavailablePanel } from '../../ui/UnavailablePanel.tsx';
import { useOnScreen } from '../../ui/useOnScreen.ts';
import { Caption } from './Caption.tsx';
import { Choices } from './Choices.tsx';
import { Equations, PixelLine } from './Equations.tsx';
import { HalfStep } from './HalfStep.tsx';
import styles from './HowItWorks.module.css';
import { Methods } from './Methods.tsx';
import { Stages } from './stages/Stages.tsx';
import { stageAt, stageHues } from './stages/stages.ts';
import { describeSource, isFiniteStep, summarizePixels } from './numbers.ts';
import { PlayerBar } from './PlayerBar.tsx';
import { usePlayer } from './usePlayer.ts';
import { Why } from './why/Why.tsx';

/** One training step of adversarial back-propagation on one digit, in slow motion. */
export function HowItWorksPanel() {
  const isColored = useLab(hasColorImages);
  if (!isColored) return <Lesson />;
  return (
    <UnavailablePanel title="How it works">
      The step is shown on images of 28 × 28 grey pixels, and these networks take images in colour.
      It is back with MNIST.
    </UnavailablePanel>
  );
}

function Lesson() {
  const place = useRef<HTMLDivElement>(null);
  const { inspection } = useLabActions();
  useOnScreen(place, inspection.show);
  const { step, error } = useDeferredValue(useLab((state) => state.inspection));
  const missing = useLab(findMissing);
  return (
    <Panel title="How it works">
      <div ref={place}>
        <p className={styles.lead}>
          One training step of adversarial back-propagation on one digit, computed by the engine of
          this page with the weights as they are now. Point at a part of the equation, a word or a
          picture, and what belongs to it lights up.
        </p>
        <Choices />
        <ErrorNotice title="The step could not be computed" error={error} />
        {missing === 'drawing' ? (
          <p className={styles.waiting}>
            Nothing is drawn: draw a digit on the pad in the Lab, or choose a test digit.
          </p>
        ) : step === null || missing !== null ? (
          <p className={styles.waiting}>
            The step appears here as soon as a network and the test digits are there.
          </p>
        ) : isFiniteStep(step) ? (
          <StepView step={step} />
        ) : (
          <p className={styles.waiting}>
            {step.networkName} has diverged: its loss on this digit is not a finite number, and
            there is no step to show. A lower learning rate, or a smaller ε, keeps training from it.
          </p>
        )}
        <HalfStep />
        <Why />
      </div>
    </Panel>
  );
}

const StepView = memo(function StepView({ step }: { readonly step: InspectedStep }) {
  const { inspection } = useLabActions();
  const isStill = useReducedMotion(undefined, { getInitialValueInEffect: false });
  const player = usePlayer(isStill);
  const [chosenPixel, setPixel] = useState<number | null>(null);
  const numbers = useMemo(() => summarizePixels(step), [step]);
  const pixel = chosenPixel ?? numbers.largestAt;
  const { position, isPlaying, goTo } = player;
  const { number } = stageAt(position);
  const parts = useOneByOne(3);
  function goToPressed({ target }: SyntheticEvent): void {
    const button = (target as Element).closest<HTMLElement>('button[data-moment]');
    if (button !== null) goTo(Number(button.dataset.moment));
  }
  useEffect(() => {
    inspection.hold(isPlaying);
    return () => inspection.hold(false);
  }, [inspection, isPlaying]);
  return (
    <div
      className={styles.view}
      style={stageHues}
      onPointerOver={light}
      onPointerLeave={putOut}
      onFocus={light}
      onBlur={putOut}
      onClick={goToPressed}
    >
      <Equations isClipped={step.config.clipTrainingImages} />
      <PixelLine step={step} pixel={pixel} />
      <PlayerBar player={player} isStill={isStill} />
      <Caption step={step} number={number} isPlaying={isPlaying} />
      {parts > 1 && (
        <Stages
          step={step}
          numbers={numbers}
          position={position}
          pixel={pixel}
          onPoint={setPixel}
        />
      )}
      {parts > 2 && (
        <>
          <p
            className={styles.source}
            data-testid="step-source"
            data-network={step.networkName}
            data-step={step.step}
          >
            {describeSource(step)}
          </p>
          <Methods step={step} />
        </>
      )}
    </div>
  );
});

/**
 * The number of parts to render: one at first, then one more each time the browser has drawn the previous ones.
 * Rendering all of them at once would block the page for too long.
 */
function useOneByOne(count: number): number {
  const [parts, setParts] = useState(1);
  useEffect(() => {
    if (parts < count) startTransition(() => setParts(parts + 1));
  }, [parts, count]);
  return parts;
}

/**
 * Highlights all parts with the name of the one pointed at. It only sets an attribute of the view, and the style
 * sheet does the rest, so React does not render again.
 */
function light({ currentTarget, target }: SyntheticEvent<HTMLElement>): void {
  const term = (target as Element).closest('[data-term]')?.getAttribute('data-term');
  if (term) currentTarget.setAttribute('data-lit', term);
  else currentTarget.removeAttribute('data-lit');
}

function putOut({ currentTarget }: SyntheticEvent<HTMLElement>): void {
  currentTarget.removeAttribute('data-lit');
}
