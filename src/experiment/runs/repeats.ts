import type { RunConfig } from '../../domain/settings/config.ts';
import type { JudgedRun } from './measuredErrors.ts';
import { type ExperimentStatus, findExperimentStatus, type Run } from './run.ts';

/** Why a seed's run has no numbers. */
export const seedFailures = ['diverged', 'failed'] as const;
export type SeedFailure = (typeof seedFailures)[number];

/** What is kept of a run with another seed. */
export interface SeedRun extends JudgedRun {
  /** Absent if it was trained to its end and measured. */
  readonly failure?: SeedFailure;
}

/** Further seeds of an experiment. Each is the same setup again; only its numbers are kept, not its networks. */
export interface Repeats {
  /** Seeds in all, with the experiment's own; 1 if it is not repeated. */
  readonly seedCount: number;
  /** The attack ε at which every seed is measured: the page's when the first repeat began. */
  readonly attackEpsilon: number;
  /** Seeds that are trained and measured, or have failed, each with its runs in the experiment's order. */
  readonly finished: readonly (readonly SeedRun[])[];
  /** The seed that is trained and measured now; empty if none is. */
  readonly runs: readonly Run[];
  readonly isPaused: boolean;
}

export const noRepeats: Repeats = {
  seedCount: 1,
  attackEpsilon: 0,
  finished: [],
  runs: [],
  isPaused: false,
};

const seedRange = 2 ** 32;

/** The same run with a later seed. */
export function withLaterSeed(config: RunConfig, offset: number): RunConfig {
  return { ...config, seed: (config.seed + offset) % seedRange };
}

/** The smallest distance from the experiment's seeds at which no seed is finished. */
export function findNextOffset(
  runs: readonly Pick<Run, 'config'>[],
  finished: Repeats['finished'],
): number {
  const first = runs[0]?.config.seed ?? 0;
  const done = new Set(
    finished.map(([run]) => ((run?.config.seed ?? 0) - first + seedRange) % seedRange),
  );
  let offset = 1;
  while (done.has(offset)) offset++;
  return offset;
}

/** The seed in training and the number of all, both counted from 1; null if none is. */
export function findSeedInTraining({
  seedCount,
  finished,
  runs,
}: Repeats): { readonly seed: number; readonly seedCount: number } | null {
  return runs.length === 0 ? null : { seed: finished.length + 2, seedCount };
}

/** The state of what trains: the experiment, or its repeat with another seed. */
export function findTrainingStatus({
  runs,
  repeats,
}: {
  readonly runs: readonly Run[];
  readonly repeats: Repeats;
}): ExperimentStatus {
  if (repeats.runs.length === 0) return findExperimentStatus(runs);
  if (!repeats.isPaused) return 'busy';
  // A run that is restored is paused once its worker says so; only then it can be resumed.
  const isReady = repeats.runs.every(({ status }) => status !== 'pausing' && status !== 'starting');
  return isReady ? 'paused' : 'pausing';
}

/** Whether a run has come to its end. */
export function hasEnded({ status }: Pick<Run, 'status'>): boolean {
  return status === 'finished' || status === 'failed';
}

/** What is kept of a run once its seed is done. */
export function keepNumbers(run: Run): SeedRun {
  const { id, name, paletteIndex, config, progress, history, measurements, error } = run;
  const kept = { id, name, paletteIndex, config, progress, history, measurements };
  if (run.status !== 'failed') return kept;
  return { ...kept, failure: error?.code === 'loss-not-finite' ? 'diverged' : 'failed' };
}

/** The runs of the experiment, each with its repeats. */
export function withRepeats<T>(
  runs: readonly T[],
  finished: Repeats['finished'],
): readonly (T & { readonly repeats: readonly SeedRun[] })[] {
  return runs.map((run, index) => ({
    ...run,
    repeats: finished.flatMap((seed) => seed[index] ?? []),
  }));
}
