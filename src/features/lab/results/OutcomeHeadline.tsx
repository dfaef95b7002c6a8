import { Button } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { flushSync } from 'react-dom';
import { findExperimentStatus, type Run } from '../../../experiment/runs/run.ts';
import type { PresetId } from '../../../experiment/setup/presets.ts';
import { useIsHidden } from '../../../experiment/useIsHidden.ts';
import { useLab, useLabActions, useThrottledLab } from '../../../experiment/useLab.ts';
import { formatEpsilon, keepTogether } from '../../../ui/format.ts';
import { Info } from '../../../ui/Info.tsx';
import { judgeOutcome, type Outcome } from './outcome.ts';
import { listResultRows } from './resultRows.ts';
import styles from './Outcome.module.css';

const noRuns: readonly Run[] = [];

/** The outcome of the experiment, or null until all of its runs are measured. */
export function useOutcome(): Outcome | null {
  // Nothing is drawn again because of it while networks train.
  const runs = useThrottledLab(
    (state) => (findExperimentStatus(state.runs) === 'finished' ? state.runs : noRuns),
    500,
  );
  const attackEpsilon = useThrottledLab((state) => state.attackEpsilon, 250);
  const isMeasuring = useLab(({ robustness }) => robustness.progress !== null);
  const isTimeShared = useLab(
    ({ engine }) => engine.status === 'ready' && engine.engine.name !== 'SIMD',
  );
  return useMemo(() => {
    const isFinished = findExperimentStatus(runs) === 'finished';
    // Without an attack nobody wins under attack.
    if (!isFinished || attackEpsilon === 0) return null;
    const measured = judgeOutcome(
      listResultRows(runs, [], attackEpsilon, isTimeShared),
      isFinished,
    );
    if (measured !== null || !isMeasuring) return measured;
    const headline = `Measuring all networks at ε = ${formatEpsilon(attackEpsilon)}…`;
    return { kind: 'measuring', headline, price: '' };
  }, [runs, attackEpsilon, isTimeShared, isMeasuring]);
}

interface OutcomeHeadlineProps {
  readonly outcome: Outcome;
  /** Opens the panel with the link to this experiment. */
  readonly onShare: () => void;
}

/** The verdict with its price, and what to try next. */
export function OutcomeHeadline({ outcome, onShare }: OutcomeHeadlineProps) {
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
    <div>
      <div role="status">
        <h2 className={styles.headline} data-testid="outcome" data-kind={outcome.kind}>
          {keepTogether(outcome.headline)}
        </h2>
      </div>
      {outcome.price !== '' && (
        <div className={styles.price}>
          {keepTogether(outcome.price)}
          {outcome.outlook !== undefined && (
            <Info label="With more training">{keepTogether(outcome.outlook)}</Info>
          )}
        </div>
      )}
      <div className={styles.next} role="group" aria-label="What next">
        <Next onPress={() => startOver('noise')}>Set up: is it just noise?</Next>
        <Next onPress={raiseEpsilon}>Raise ε</Next>
        {!isHowHidden && <Next onPress={() => lab.goTo('how')}>One step in slow motion</Next>}
        <Next onPress={() => startOver('paper-relu')}>Set up the paper’s network</Next>
        <Next onPress={onShare}>Share the result</Next>
      </div>
    </div>
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
