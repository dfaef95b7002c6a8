import type { RunConfig } from '../../domain/settings/config.ts';
import { evaluatedCount } from '../../domain/dataSet.ts';
import type { Evaluation, LossPoint } from '../../domain/metrics.ts';

export type { LossPoint };

/** What a run has measured so far, oldest first. */
export interface History {
  readonly losses: readonly LossPoint[];
  readonly evaluations: readonly Evaluation[];
}

export const emptyHistory: History = { losses: [], evaluations: [] };

export function appendLoss(history: History, point: LossPoint): History {
  return { ...history, losses: [...history.losses, point] };
}

/** Adds an evaluation; it replaces one at the same step under the same attack that saw no more images. */
export function appendEvaluation(history: History, evaluation: Evaluation): History {
  const last = history.evaluations.at(-1);
  const replaces =
    last?.step === evaluation.step &&
    last.attack.epsilon === evaluation.attack.epsilon &&
    last.sampleCount <= evaluation.sampleCount;
  const kept = replaces ? history.evaluations.slice(0, -1) : history.evaluations;
  return { ...history, evaluations: [...kept, evaluation] };
}

/** The measurements up to `step` updates: where a run resumes from a checkpoint. */
export function cutHistory({ losses, evaluations }: History, step: number): History {
  return {
    losses: losses.filter((point) => point.step <= step),
    evaluations: evaluations.filter((evaluation) => evaluation.step <= step),
  };
}

/** Whether an evaluation covers its whole split of the run's data, as at the end of an epoch. */
export function isFullEvaluation(
  { sampleCount, split }: Pick<Evaluation, 'sampleCount' | 'split'>,
  { dataSet }: Pick<RunConfig, 'dataSet'>,
): boolean {
  return sampleCount >= evaluatedCount(dataSet, split);
}

/**
 * Whether an evaluation was made at the end of an epoch. If a split is small, evaluations within an epoch also
 * cover all of it.
 */
export function isEpochEnd(
  evaluation: Pick<Evaluation, 'sampleCount' | 'split' | 'epoch'>,
  config: Pick<RunConfig, 'dataSet'>,
): boolean {
  const { epoch } = evaluation;
  return epoch > 0 && Number.isInteger(epoch) && isFullEvaluation(evaluation, config);
}

/** The newest evaluation of a run at the end of an epoch, on its whole split. */
export function findFullEvaluation(
  { evaluations }: Pick<History, 'evaluations'>,
  config: Pick<RunConfig, 'dataSet'>,
): Evaluation | undefined {
  return evaluations.findLast((evaluation) => isEpochEnd(evaluation, config));
}
