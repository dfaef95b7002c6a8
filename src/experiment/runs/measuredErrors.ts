import type { Attack, Evaluation } from '../../domain/metrics.ts';
import type { Mistakes } from '../../domain/mistakes.ts';
import type { RunConfig } from '../../domain/settings/config.ts';
import { isFullEvaluation } from './history.ts';
import type { Measurement } from './measurements.ts';
import type { Run } from './run.ts';

/** The parts of a current or saved run that its errors, and what they are based on, are read from. */
export type JudgedRun = Pick<
  Run,
  'id' | 'name' | 'paletteIndex' | 'config' | 'progress' | 'history' | 'measurements'
>;

/** An error rate and its basis. */
export interface MeasuredError extends Pick<
  Measurement,
  'sampleCount' | 'split' | 'step' | 'epoch'
> {
  /** 0 to 1 */
  readonly errorRate: number;
  /** Whether these are all images of the split. */
  readonly isWhole: boolean;
  /** Which of the images are misclassified; null where only their number is known. */
  readonly mistakes: Mistakes | null;
}

/** @param config the run's, which defines the data set and so the size of the split */
function measured(
  measurement: Measurement,
  kind: 'clean' | 'adversarial',
  config: Pick<RunConfig, 'dataSet'>,
): MeasuredError {
  const { sampleCount, split, step, epoch } = measurement;
  const isWhole = isFullEvaluation(measurement, config);
  const mistakes = measurement.mistakes?.[kind] ?? null;
  return {
    errorRate: measurement[kind].errorRate,
    sampleCount,
    split,
    isWhole,
    step,
    epoch,
    mistakes,
  };
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
    (a, b) =>
      b.step - a.step ||
      b.sampleCount - a.sampleCount ||
      Number('mistakes' in b) - Number('mistakes' in a),
  );
  return newest === undefined ? null : measured(newest, 'clean', config);
}

/**
 * A run's newest error rate under an attack, and that attack: its number of PGD steps may differ. Null if nothing was
 * measured under it.
 */
export function findAttackedError(
  { measurements, config }: Pick<Run, 'measurements' | 'config'>,
  { kind, epsilon, clip }: Pick<Attack, 'kind' | 'epsilon' | 'clip'>,
): { readonly error: MeasuredError; readonly attack: Attack } | null {
  const [newest] = measurements
    .filter((one): one is Evaluation => one.attack.kind === kind)
    .filter(({ attack: a }) => a.epsilon === epsilon && a.clip === clip)
    .sort((a, b) => b.step - a.step || b.sampleCount - a.sampleCount);
  if (newest === undefined) return null;
  return { error: measured(newest, 'adversarial', config), attack: newest.attack };
}
