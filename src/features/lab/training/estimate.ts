import { trainingCost } from '../../../domain/cost.ts';
import type { RunConfig } from '../../../domain/settings/config.ts';
import type { Run } from '../../../experiment/runs/run.ts';

/** Multiply-adds of all training steps of a run, as the cost model counts them. */
function workOf(config: RunConfig): number {
  return trainingCost(config) * config.trainingSetSize * config.epochs;
}

/** Multiply-adds of the training steps that runs have taken. */
export function workDone(runs: readonly Pick<Run, 'config' | 'progress'>[]): number {
  const works = runs.map(({ config, progress }) => {
    return trainingCost(config) * config.batchSize * (progress?.step ?? 0);
  });
  return works.reduce((sum, work) => sum + work, 0);
}

/** @param speed multiply-adds of training steps per second, of whole experiments with their evaluations */
export function estimateSeconds(configs: readonly RunConfig[], speed: number): number {
  return configs.reduce((sum, config) => sum + workOf(config), 0) / speed;
}

/** "about 20 s", "about 3 min", "about 2 h": no more digits than an estimate has. */
export function formatEstimate(seconds: number): string {
  if (seconds < 55) return `about ${Math.max(5, 5 * Math.round(seconds / 5))} s`;
  if (seconds < 55 * 60) return `about ${Math.round(seconds / 60)} min`;
  const hours = seconds / 3600;
  return `about ${hours < 2.75 ? Math.round(2 * hours) / 2 : Math.round(hours)} h`;
}
