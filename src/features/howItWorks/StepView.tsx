import { useReducedMotion } from '@mantine/hooks';
import { memo, startTransition, type SyntheticEvent, useEffect, useMemo, useState } from 'react';
import type { InspectedStep } from '../../experiment/inspection/inspectionState.ts';
import { useLabActions } from '../../experiment/useLab.ts';
import { Caption } from './Caption.tsx';
import { Equations, PixelLine } from './Equations.tsx';
import styles from './HowItWorks.module.css';
import { summarizePixels } from './numbers.ts';
import { PlayerBar } from './PlayerBar.tsx';
import { Stages } from './stages/Stages.tsx';
import { stageAt, stageHues } from './stages/stages.ts';
import { usePlayer } from './usePlayer.ts';

/** One training step of adversarial back-propagation on one digit, in slow motion. */
export const StepView = memo(function StepView({ step }: { readonly step: InspectedStep }) {
  const { inspection } = useLabActions();
  const isStill = useReducedMotion(undefined, { getInitialValueInEffect: false });
  const player = usePlayer(isStill);
  const [chosenPixel, setPixel] = useState<number | null>(null);
  const numbers = useMemo(() => summarizePixels(step), [step]);
  const pixel = chosenPixel ?? numbers.largestAt;
  const { position, isPlaying, goTo } = player;
  const { number } = stageAt(position);
  const areStagesDue = useAfterFirstPaint();
  function goToPressed({ target }: SyntheticEvent): void {
    const button = (target as Element).closest<HTMLElement>('button[data-stage]');
    if (button !== null) goTo(Number(button.dataset.stage));
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
      {areStagesDue && (
        <Stages
          step={step}
          numbers={numbers}
          position={position}
          pixel={pixel}
          onPoint={setPixel}
        />
      )}
    </div>
  );
});

/** False at first, true once the browser has drawn that: all at once would block the page for too long. */
function useAfterFirstPaint(): boolean {
  const [isDue, setDue] = useState(false);
  useEffect(() => startTransition(() => setDue(true)), []);
  return isDue;
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
