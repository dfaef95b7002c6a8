import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import type { PresetId } from '../../../experiment/setup/presets.ts';
import { useIsHidden } from '../../../experiment/useIsHidden.ts';
import { useLabActions } from '../../../experiment/useLab.ts';
import { keepTogether } from '../../../ui/format.ts';
import { Info } from '../../../ui/Info.tsx';
import type { Outcome } from './outcome.ts';
import styles from './Outcome.module.css';

interface WhatNextProps {
  readonly outcome: Outcome;
  /** Opens the panel with the link to this experiment. */
  readonly onShare: () => void;
}

/** What the winner costs, and what to try next. */
export function WhatNext({ outcome: { price, outlook }, onShare }: WhatNextProps) {
  const lab = useLabActions();
  const isHowHidden = useIsHidden('how');
  function raiseEpsilon(): void {
    const { attackEpsilon } = lab.store.getState();
    // In hundredths, as the slider has them.
    lab.setAttackEpsilon(
      Math.max(attackEpsilon, Math.min(50, Math.round(100 * attackEpsilon) + 10) / 100),
    );
    lab.measureAtEpsilon();
  }

  function startOver(preset: PresetId): void {
    flushSync(() => {
      lab.reset();
      lab.choosePreset(preset);
    });
    // The pressed button is gone.
    document.querySelector<HTMLElement>('[data-testid="train"]')?.focus({ preventScroll: true });
  }
  return (
    <>
      <div className={styles.price} data-testid="price">
        {keepTogether(price)}
        {outlook !== undefined && <Info label="With more training">{keepTogether(outlook)}</Info>}
      </div>
      <div className={styles.next} role="group" aria-label="What next">
        <Next onPress={() => startOver('noise')}>Set up: is it just noise?</Next>
        <Next onPress={raiseEpsilon}>Raise ε</Next>
        {!isHowHidden && <Next onPress={() => lab.openTab('step')}>One step in slow motion</Next>}
        <Next onPress={() => startOver('paper-relu')}>Set up the paper’s network</Next>
        <Next onPress={onShare}>Share the result</Next>
      </div>
    </>
  );
}

interface NextProps {
  readonly onPress: () => void;
  readonly children: ReactNode;
}

function Next({ onPress, children }: NextProps) {
  return (
    <Button className={styles.step} size="compact-sm" variant="default" onClick={onPress}>
      {children}
    </Button>
  );
}
