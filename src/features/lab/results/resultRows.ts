import {
  findAttackedError,
  findCleanError,
  type JudgedRun,
  type MeasuredError,
} from '../../../experiment/runs/measuredErrors.ts';
import { type Repeats, type SeedRun, withRepeats } from '../../../experiment/runs/repeats.ts';
import type { AttackKind } from '../../../experiment/runs/measurements.ts';
import { piecesPerUnit, type RunConfig } from '../../../domain/settings/config.ts';
import { trainingCost } from '../../../domain/cost.ts';
import { type DrawnRun, listDrawnRuns } from '../../../ui/charts/series/drawnRuns.ts';
import { findPaperError } from './paper.ts';

/** One run's results, null where they are not measured or do not exist. */
export interface ResultRow extends Omit<DrawnRun<JudgedRun>, 'run'>, Judgment {
  /** The same run with other seeds. */
  readonly repeats: readonly (Judgment & Pick<SeedRun, 'failure'>)[];
}

interface Judgment {
  readonly config: RunConfig;
  /** The error after the last epoch on all images, otherwise the newest on fewer images. Never the best one. */
  readonly clean: MeasuredError | null;
  /** Errors under attack at the page's ε, clipped to 0–1. */
  readonly fgsm: MeasuredError | null;
  readonly pgd: MeasuredError | null;
  /** Weight updates so far. */
  readonly step: number;
  readonly epochsDone: number;
  /** Seconds of training, without evaluations and pauses. */
  readonly trainSeconds: number | null;
  /** Time per step, relative to the plain run with the same network in the same experiment. */
  readonly measuredCost: number | null;
  /** Multiply-adds per step, relative to a plain step. */
  readonly arithmeticCost: number;
  readonly paperError: number | null;
}

/** With fewer steps, the time per step is not reliable. */
const minTimedSteps = 100;

/**
 * Rows of the current experiment, then of the experiments shown beside it.
 *
 * @param isTimeShared whether the current experiment's runs share one device (WebGL); the time of a step then
 *   includes work of the other runs and is not compared
 * @param finished the current experiment's other seeds
 */
export function listResultRows(
  runs: readonly JudgedRun[],
  references: readonly {
    readonly startedAt: number;
    readonly runs: readonly JudgedRun[];
    readonly repeats?: Pick<Repeats, 'finished'>;
  }[],
  attackEpsilon: number,
  isTimeShared = false,
  finished: Repeats['finished'] = [],
): ResultRow[] {
  const own = withRepeats(runs, finished);
  const others = references.map((one) => ({
    ...one,
    runs: withRepeats(one.runs, one.repeats?.finished ?? []),
  }));
  const experiments = [own, ...others.map((experiment) => experiment.runs)];
  return listDrawnRuns(own, others).map(({ run, ...drawn }) => {
    const experiment = experiments.find((one) => one.includes(run)) ?? [];
    const judged = judge(run, experiment, attackEpsilon);
    const isComparable = !isTimeShared || experiment !== own || runs.length === 1;
    return {
      ...drawn,
      ...judged,
      measuredCost: isComparable ? judged.measuredCost : null,
      repeats: run.repeats.map((one) => ({
        ...judge(one, [], attackEpsilon),
        ...(one.failure && { failure: one.failure }),
      })),
    };
  });
}

function judge(run: JudgedRun, experiment: readonly JudgedRun[], attackEpsilon: number): Judgment {
  const { config, progress } = run;
  const read = (kind: AttackKind): MeasuredError | null =>
    findAttackedError(run, { kind, epsilon: attackEpsilon, clip: true })?.error ?? null;
  const seconds = progress?.trainSeconds ?? 0;
  return {
    config,
    clean: findCleanError(run),
    fgsm: read('fgsm'),
    pgd: read('margin-pgd'),
    step: progress?.step ?? 0,
    epochsDone: progress && progress.stepsPerEpoch > 0 ? progress.step / progress.stepsPerEpoch : 0,
    trainSeconds: seconds > 0 ? seconds : null,
    measuredCost: compareTime(run, experiment),
    arithmeticCost: trainingCost(config) / trainingCost({ ...config, method: 'plain' }),
    paperError: findPaperError(config),
  };
}

function compareTime(run: JudgedRun, experiment: readonly JudgedRun[]): number | null {
  const plain = experiment.find(
    ({ config }) => config.method === 'plain' && hasSameSteps(config, run.config),
  );
  const own = timeOfStep(run);
  const plains = plain === undefined ? null : timeOfStep(plain);
  return own === null || plains === null ? null : own / plains;
}

/** Seconds per step, or null while too few steps were timed. */
function timeOfStep({ progress }: JudgedRun): number | null {
  if (progress === null || progress.step < minTimedSteps || progress.trainSeconds === 0)
    return null;
  return progress.trainSeconds / progress.step;
}

/** Whether a step of both runs is the same work except for the method. */
function hasSameSteps(a: RunConfig, b: RunConfig): boolean {
  const work = (config: RunConfig) =>
    JSON.stringify([
      config.networkType,
      config.hiddenLayers,
      piecesPerUnit(config),
      config.batchSize,
    ]);
  return work(a) === work(b);
}

/** Whether a row's errors under attack were measured on all images, image by image, with its current network. */
export function isMeasured({ fgsm, pgd, step }: ResultRow): boolean {
  return [fgsm, pgd].every(
    (one) => one !== null && one.isWhole && one.step === step && one.mistakes !== null,
  );
}
