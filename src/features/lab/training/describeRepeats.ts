import { hasEnded, type Repeats } from '../../../experiment/runs/repeats.ts';
import type { ExperimentStatus, Run } from '../../../experiment/runs/run.ts';
import { findPosition } from './describeRun.ts';
import { measuringWork, trainingWork } from './estimate.ts';
import type { Waiting } from './waiting.ts';

/** What the present seed does, and how much of it is done, by the work that it takes. */
export function describeSeed(
  { runs }: Pick<Repeats, 'runs'>,
  status: ExperimentStatus,
): Waiting & { readonly fraction: number } {
  const configs = runs.map(({ config }) => config);
  const [training, measuring] = [sum(configs.map(trainingWork)), sum(configs.map(measuringWork))];
  const all = training + measuring;
  const trained = sum(runs.map((run) => fractionOf(run) * trainingWork(run.config)));
  const measured = sum(
    runs.map(({ measurements, config }) => (measurements.length / 2) * measuringWork(config)),
  );
  const fraction = all === 0 ? 0 : Math.min(1, (trained + measured) / all);
  return { text: describeActivity(runs, status), fraction };
}

function describeActivity(runs: readonly Run[], status: ExperimentStatus): string {
  const isMeasuring = runs.every(hasEnded);
  const position = isMeasuring ? 'Measuring' : describeSlowest(runs);
  if (status === 'paused') return `Paused · ${position}`;
  return status === 'pausing' ? 'Pausing' : position;
}

/** The epoch of the run that has the farthest to go. */
function describeSlowest(runs: readonly Run[]): string {
  const [slowest] = [...runs].sort((a, b) => fractionOf(a) - fractionOf(b));
  const position = slowest?.progress && findPosition(slowest.progress);
  return position ? `Epoch ${position.epoch} of ${slowest.config.epochs}` : 'Starting';
}

/** How much of a run's training is done, 0 to 1. */
function fractionOf({ status, progress }: Run): number {
  if (hasEnded({ status })) return 1;
  return progress === null || progress.totalSteps === 0 ? 0 : progress.step / progress.totalSteps;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
