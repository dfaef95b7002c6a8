import { Button } from '@mantine/core';
import { findDisabledReason } from '../../../experiment/training/commands.ts';
import { isFullEvaluation } from '../../../experiment/runs/history.ts';
import { findMeasurement } from '../../../experiment/runs/measurements.ts';
import { findExperimentStatus } from '../../../experiment/runs/run.ts';
import type { LabState } from '../../../experiment/state.ts';
import { useLab, useLabActions } from '../../../experiment/useLab.ts';
import { wholeCountOf } from '../../../experiment/runs/wholeCount.ts';
import { formatCount, formatEpsilon } from '../../../ui/format.ts';
import styles from './Results.module.css';

/** Whether any current network of the experiment was not measured on all images at the page's ε. */
function isUnmeasured({ runs, attackEpsilon }: LabState): boolean {
  return runs.some(({ hasNetwork, measurements, progress, config }) => {
    const isDone = (['fgsm', 'margin-pgd'] as const).every((kind) => {
      const measurement = findMeasurement(measurements, kind, attackEpsilon);
      return (
        measurement !== null &&
        isFullEvaluation(measurement, config) &&
        measurement.mistakes !== undefined &&
        measurement.step === progress?.step
      );
    });
    return hasNetwork && !isDone;
  });
}

/** If numbers under attack are missing: says why and offers a button that measures them. */
export function MeasureAtEpsilon() {
  const lab = useLabActions();
  const isMissing = useLab(isUnmeasured);
  const epsilon = useLab((state) => formatEpsilon(state.attackEpsilon));
  const count = useLab((state) => formatCount(wholeCountOf(state)));
  const isTraining = useLab(({ runs }) => findExperimentStatus(runs) === 'busy');
  const progress = useLab(({ robustness }) => robustness.progress);
  const canMeasure = useLab((state) => findDisabledReason(state, 'measure') === null);
  if (!isMissing) return null;
  return (
    <div className={styles.measure}>
      {progress !== null ? (
        <span>
          {`Errors at ε ${epsilon} on all ${count} images are being measured: ${progress.done} of ${progress.total}.`}
        </span>
      ) : (
        <>
          <span>
            {isTraining
              ? `Errors at ε ${epsilon} are measured on all ${count} images after the last epoch, or now:`
              : `Not measured on all ${count} images at ε ${epsilon} yet.`}
          </span>
          {canMeasure && (
            <Button
              variant="default"
              onClick={({ currentTarget }) => {
                // The button goes, and the focus must not go with it.
                const panel = currentTarget.closest('section');
                if (panel) panel.tabIndex = -1;
                panel?.focus({ preventScroll: true });
                lab.measureAtEpsilon();
              }}
            >
              Measure at ε {epsilon}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
