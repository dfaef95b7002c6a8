import type { RunConfig } from '../../domain/settings/config.ts';
import { isFullEvaluation } from './history.ts';
import type { Measurement } from './measurements.ts';
import type { Run } from './run.ts';

/** An error rate and its basis. */
export interface MeasuredError extends Pick<
  Measurement,
  'sampleCount' | 'split' | 'step' | 'epoch'
> {
  /** 0 to 1 */
  readonly errorRate: number;
  /** Whether these are all images of the split. */
  readonly isWhole: boolean;
}

/** @param config the run's, which defines the data set and so the size of the split */
export function measured(
  measurement: Measurement,
  errorRate: number,
  config: Pick<RunConfig, 'dataSet'>,
): MeasuredError {
  const { sampleCount, split, step, epoch } = measurement;
  const isWhole = isFullEvaluation(measurement, config);
  return { errorRate, sampleCount, split, isWhole, step, epoch };
}

/**
 * A run's error rate without attack: the newest on all images, otherwise the newest on fewer. Never the best.
 * Null before anything was measured.
 */
export function findCleanError({
  history,
  measurements,
  config,
}: Pick<Run, 'history' | 'measurements' | 'config'>): MeasuredError | null {
  const all = [...history.evaluations, ...measurements];
  const full = all.filter((one) => isFullEvaluation(one, config));
  const [newest] = (full.length > 0 ? full : all).sort(
    (a, b) => b.step - a.step || b.sampleCount - a.sampleCount,
  );
  return newest === undefined ? null : measured(newest, newest.clean.errorRate, config);
}
