import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { flushSync } from 'react-dom';
import { findExperimentStatus } from '../../../experiment/runs/run.ts';
import type { PresetId } from '../../../experiment/setup/presets.ts';
import { useIsHidden } from '../../../experiment/useIsHidden.ts';
import { useLab, useLabActions, useThrottledLab } from '../../../experiment/useLab.ts';
import { keepTogether } from '../../../ui/format.ts';
import { judgeOutcome, type Outcome } from './outcome.ts';
import { listResultRows } from './resultRows.ts';
import styles from './Outcome.module.css';

/** The outcome of the experiment, or null until all of its runs are measured. */
export function useOutcome(): Outcome | null {
  const runs = useThrottledLab((state) => state.runs, 500);
  const attackEpsilon = useThrottledLab((state) => state.attackEpsilon, 250);
  const isTimeShared = useLab(
    ({ engine }) => engine.status === 'ready' && engine.engine.name !== 'SIMD',
  );
  return useMemo(() => {
    const isFinished = findExperimentStatus(runs) === 'finished';
    // Without an attack nobody wins under attack.
    if (!isFinished || attackEpsilon === 0) return null;
    return judgeOutcome(listResultRows(runs, [], attackEpsilon, isTimeShared), isFinished);
  }, [runs, attackEpsilon, isTimeShared]);
}

/** The verdict with its price, and what to try next. */
export function OutcomeHeadline({ outcome }: { readonly outcome: Outcome }) {
  const lab = useLabActions();
  const isHowHidden = useIsHidden('how');
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
      {outcome.price !== '' && <p className={styles.price}>{keepTogether(outcome.price)}</p>}
      <div className={styles.next}>
        <Button size="compact-sm" variant="default" onClick={() => startOver('noise')}>
          Is it just noise?
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() =>
            lab.setAttackEpsilon(Math.min(0.5, lab.store.getState().attackEpsilon + 0.1))
          }
        >
          Raise ε until it breaks
        </Button>
        {!isHowHidden && (
          <Button size="compact-sm" variant="default" onClick={() => lab.goTo('how')}>
            One step in slow motion
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={() => startOver('paper-relu')}>
          Train the paper’s network
        </Button>
      </div>
    </div>
  );
}
