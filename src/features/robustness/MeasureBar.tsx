import { Progress } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { findDisabledReason } from '../../experiment/training/commands.ts';
import { useLab, useLabActions } from '../../experiment/useLab.ts';
import { wholeCountOf } from '../../experiment/runs/wholeCount.ts';
import { SteadyButton } from '../../ui/fields/SteadyButton.tsx';
import { formatCount } from '../../ui/format.ts';
import { ErrorNotice } from '../../ui/ProblemNotice.tsx';
import styles from './Robustness.module.css';

/** Measures all curves on the whole test set. */
export function MeasureCurves() {
  const lab = useLabActions();
  const count = useLab(wholeCountOf);
  return (
    <MeasureBar onMeasure={() => lab.sweep('full')}>Measure on all {formatCount(count)}</MeasureBar>
  );
}

interface MeasureBarProps {
  readonly command?: MeasureCommand;
  readonly onMeasure: () => void;
  /** The button's label. */
  readonly children: ReactNode;
}

/** Starts a measurement, shows the progress, and can cancel it. */
export function MeasureBar({ command, onMeasure, children }: MeasureBarProps) {
  const lab = useLabActions();
  const progress = useLab(({ robustness }) => robustness.progress);
  return (
    <div className={styles.bar}>
      {progress !== null && (
        <>
          <Progress
            className={styles.progress}
            value={(100 * progress.done) / progress.total}
            aria-label="Measuring"
            transitionDuration={0}
          />
          <span className={styles.count} translate="no">
            Measuring: {progress.done} of {progress.total}
          </span>
        </>
      )}
      {/* One button for both, which keeps the keyboard's focus. */}
      <MeasureButton
        command={command}
        onPress={onMeasure}
        onCancel={progress === null ? undefined : () => lab.cancelMeasurement()}
      >
        {children}
      </MeasureButton>
    </div>
  );
}

export function MeasureFailure() {
  const error = useLab(({ robustness }) => robustness.error);
  return <ErrorNotice title="A measurement failed" error={error} />;
}

type MeasureCommand = 'measure' | 'measureSmallest' | 'measureTransfer';

interface MeasureButtonProps {
  readonly command?: MeasureCommand | undefined;
  readonly onPress: () => void;
  /** Cancels the measurement under way, if this is its button. */
  readonly onCancel?: (() => void) | undefined;
  readonly children: ReactNode;
}

/** A button that starts a measurement and may cancel it. When it is disabled, it says why and keeps the keyboard's focus. */
export function MeasureButton({
  command = 'measure',
  onPress,
  onCancel,
  children,
}: MeasureButtonProps) {
  const reasonId = useId();
  const whyNotMeasure = useLab((state) => findDisabledReason(state, command));
  const disabledReason = onCancel === undefined ? whyNotMeasure : null;
  return (
    <>
      <SteadyButton
        size="sm"
        isAvailable={disabledReason === null}
        describedBy={disabledReason === null ? undefined : reasonId}
        onPress={onCancel ?? onPress}
      >
        {onCancel === undefined ? children : 'Cancel'}
      </SteadyButton>
      {disabledReason !== null && (
        <span id={reasonId} className={styles.reason}>
          {disabledReason}
        </span>
      )}
    </>
  );
}
