import { trainingCost } from '../../../domain/cost.ts';
import { evaluatedCount } from '../../../domain/dataSet.ts';
import { quickEvaluationSize } from '../../../domain/metrics.ts';
import type { RunConfig, TrainingMethod } from '../../../domain/settings/config.ts';
import { pgdSteps } from '../../../experiment/runs/measurements.ts';
import type { Run } from '../../../experiment/runs/run.ts';

/** What takes time besides multiply-adds (loading an image, activations), in multiply-adds that take as long. */
const overhead = 200_000;
/** Training images between two evaluations on all images, and between two on the first thousand. */
const evaluationInterval = { full: 10_000, quick: 5000 };
/** Passes of an evaluation: clean, forward and back to the pixels, and attacked. */
const evaluationPasses = 4;

/** Multiply-adds of one pass of an image through the network. */
function passOf(config: RunConfig): number {
  const costOf = (method: TrainingMethod): number => trainingCost({ ...config, method });
  return (costOf('adversarial') - costOf('plain')) / 2;
}

/** Images that a run is evaluated on. */
function countEvaluated({ dataSet, holdOutValidation }: RunConfig): number {
  return evaluatedCount(dataSet, holdOutValidation ? 'validation' : 'test');
}

/** Multiply-adds for each training image, with the run's share of evaluations. */
function workPerImage(config: RunConfig): number {
  const { full, quick } = evaluationInterval;
  const evaluated =
    quickEvaluationSize / quick + countEvaluated(config) / Math.max(full, config.trainingSetSize);
  return trainingCost(config) + evaluationPasses * passOf(config) * evaluated + overhead;
}

/** The work of training a run. */
export function trainingWork(config: RunConfig): number {
  return workPerImage(config) * config.trainingSetSize * config.epochs;
}

/** The work of measuring a trained run under FGSM and PGD on all images. */
export function measuringWork(config: RunConfig): number {
  const passes = 2 * evaluationPasses + 2 * pgdSteps;
  return passes * passOf(config) * countEvaluated(config);
}

/** The work of the steps that runs have taken. */
export function workDone(runs: readonly Pick<Run, 'config' | 'progress'>[]): number {
  const works = runs.map(({ config, progress }) => {
    return workPerImage(config) * config.batchSize * (progress?.step ?? 0);
  });
  return works.reduce((sum, work) => sum + work, 0);
}

/** @param speed work per second of whole experiments, whose runs may share the processor */
export function estimateSeconds(configs: readonly RunConfig[], speed: number): number {
  return configs.map(trainingWork).reduce((sum, work) => sum + work, 0) / speed;
}

/** How long it takes to train and measure these runs with each of some seeds. */
export function estimateSeeds(configs: readonly RunConfig[], seeds: number, speed: number): number {
  const measuring = configs.map(measuringWork).reduce((sum, work) => sum + work, 0) / speed;
  return seeds * (estimateSeconds(configs, speed) + measuring);
}

/** "about 20 s", "about 3 min", "about 2 h": no more digits than an estimate has. */
export function formatEstimate(seconds: number): string {
  if (seconds < 55) return `about ${Math.max(5, 5 * Math.round(seconds / 5))} s`;
  const minutes = seconds / 60;
  if (minutes < 9.5) return `about ${Math.round(minutes)} min`;
  if (minutes < 55) return `about ${5 * Math.round(minutes / 5)} min`;
  const hours = seconds / 3600;
  return `about ${hours < 2.75 ? Math.round(2 * hours) / 2 : Math.round(hours)} h`;
}
