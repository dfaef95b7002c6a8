import { type Evaluation, fullEvaluationSize, type Progress } from '../shared/metrics.ts';

/** Mean training loss of the steps between the point before it and `step`. */
export interface LossPoint {
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
}

/** What a run has measured so far, oldest first. */
export interface History {
  readonly losses: readonly LossPoint[];
  readonly evaluations: readonly Evaluation[];
}

export const emptyHistory: History = { losses: [], evaluations: [] };

/** Adds the loss of a report, unless it has none or tells of steps that are already recorded. */
export function appendProgress(history: History, progress: Progress): History {
  const { step, stepsPerEpoch, trainLoss } = progress;
  if (trainLoss === null || step <= (history.losses.at(-1)?.step ?? 0)) return history;
  const point = { step, epoch: step / stepsPerEpoch, loss: trainLoss };
  return { ...history, losses: [...history.losses, point] };
}

/** Adds an evaluation; one of the same moment under the same attack gives way if it saw no more images. */
export function appendEvaluation(history: History, evaluation: Evaluation): History {
  const last = history.evaluations.at(-1);
  const replaces =
    last?.step === evaluation.step &&
    last.attack.epsilon === evaluation.attack.epsilon &&
    last.sampleCount <= evaluation.sampleCount;
  const kept = replaces ? history.evaluations.slice(0, -1) : history.evaluations;
  return { ...history, evaluations: [...kept, evaluation] };
}

/** Whether an evaluation saw its whole split, as at the end of an epoch. */
export function isFullEvaluation({ sampleCount }: Pick<Evaluation, 'sampleCount'>): boolean {
  return sampleCount >= fullEvaluationSize;
}
