import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import type { PresetId } from '../../../experiment/setup/presets.ts';
import type { LabState } from '../../../experiment/state.ts';
import { findDisabledReason } from '../../../experiment/training/commands.ts';
import { useIsHidden } from '../../../experiment/useIsHidden.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { keepTogether } from '../../../ui/format.ts';
import { Info } from '../../../ui/Info.tsx';
import { focusTrainButton } from '../training/focusTrainButton.ts';
import { RepeatProgress } from '../training/RepeatProgress.tsx';
import { useRepeatEstimate } from '../training/useEstimate.ts';
import type { Outcome } from './outcome.ts';
import styles from './Outcome.module.css';

interface WhatNextProps {
  /** Null while other seeds train and the networks are not measured at the page's ε. */
  readonly outcome: Outcome | null;
  /** Opens the panel with the link to this experiment. */
  readonly onShare: () => void;
}

/** What the winner costs, and what to try next. */
export function WhatNext({ outcome, onShare }: WhatNextProps) {
  const { price = '', outlook } = outcome ?? {};
  const lab = useLabActions();
  const isHowHidden = useIsHidden('how');
  const isRepeating = useLab(({ repeats }) => repeats.runs.length > 0);
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
    focusTrainButton();
  }

  function repeat(seedCount: number): void {
    flushSync(() => lab.repeat(seedCount));
    focusTrainButton();
  }
  return (
    <>
      <div className={styles.price} data-testid="price">
        {keepTogether(price)}
        {outlook !== undefined && <Info label="With more training">{keepTogether(outlook)}</Info>}
      </div>
      {isRepeating ? (
        <RepeatProgress />
      ) : (
        <div className={styles.next} role="group" aria-label="What next">
          <RepeatButton onRepeat={repeat} />
          <Next onPress={() => startOver('noise')}>Set up: is it just noise?</Next>
          <Next onPress={raiseEpsilon}>Raise ε</Next>
          {!isHowHidden && <Next onPress={() => lab.openTab('step')}>One step in slow motion</Next>}
          <Next onPress={() => startOver('paper-relu')}>Set up the paper’s network</Next>
          <Next onPress={onShare}>Share the result</Next>
        </div>
      )}
    </>
  );
}

/** Numbers of seeds that are offered, one after the other. */
const seedCounts = [5, 10];

/** The next larger number of seeds than are measured at the page's ε; null if there are enough. */
function findSeedCount(state: LabState): number | null {
  if (findDisabledReason(state, 'repeat') !== null) return null;
  return seedCounts.find((count) => count > countSeeds(state)) ?? null;
}

/** Seeds that are measured at the page's ε, with the experiment's own. */
function countSeeds({ repeats, attackEpsilon }: LabState): number {
  return repeats.attackEpsilon === attackEpsilon ? repeats.finished.length + 1 : 1;
}

function RepeatButton({ onRepeat }: { readonly onRepeat: (seedCount: number) => void }) {
  const seedCount = useLab(findSeedCount);
  const done = useLab(countSeeds);
  const estimate = useRepeatEstimate(seedCount ?? 1);
  const whyNot = useLab((state) =>
    state.runs.some(({ isOpened }) => isOpened) ? findDisabledReason(state, 'repeat') : null,
  );
  if (whyNot !== null) return <Info label="Why not with other seeds">{whyNot}</Info>;
  if (seedCount === null) return null;
  return (
    <Next
      onPress={() => onRepeat(seedCount)}
      description={`Trains the same setup with ${seedCount - done} more seeds, ${seedCount} in all, and shows means with 95 % intervals.`}
    >
      Repeat with {seedCount} seeds{estimate !== null && ` · ${estimate}`}
    </Next>
  );
}

interface NextProps {
  readonly onPress: () => void;
  readonly description?: string;
  readonly children: ReactNode;
}

function Next({ onPress, description, children }: NextProps) {
  return (
    <Button
      className={styles.step}
      size="compact-sm"
      variant="default"
      title={description}
      onClick={onPress}
    >
      {children}
    </Button>
  );
}
