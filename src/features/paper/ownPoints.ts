import {
  findAttackedError,
  findCleanError,
  type JudgedRun,
  type MeasuredError,
} from '../../experiment/runs/measuredErrors.ts';
import type { RunConfig } from '../../domain/settings/config.ts';
import type { Attack } from '../../domain/metrics.ts';
import type { DrawnRun } from '../../ui/charts/series/drawnRuns.ts';
import { formatEpsilon } from '../../ui/format.ts';
import type { Measure } from './measures.ts';

export interface OwnPoint extends Omit<DrawnRun<JudgedRun>, 'run'> {
  readonly config: RunConfig;
  readonly error: MeasuredError;
  /** The attack, or null for the clean error. */
  readonly attack: Attack | null;
  /** Whether some epochs are not trained yet. */
  readonly isUnfinished: boolean;
}

/** The newest measurement of each run for the measure; runs without one are left out. */
export function listOwnPoints(runs: readonly DrawnRun<JudgedRun>[], measure: Measure): OwnPoint[] {
  return runs.flatMap(({ run, ...drawn }) => {
    const found = findPoint(run, measure);
    if (found === null) return [];
    const { progress, config } = run;
    const isUnfinished = progress === null || progress.step < progress.totalSteps;
    return [{ ...drawn, ...found, config, isUnfinished }];
  });
}

function findPoint(run: JudgedRun, { attack }: Measure): Pick<OwnPoint, 'error' | 'attack'> | null {
  if (attack !== null) return findAttackedError(run, attack);
  const error = findCleanError(run);
  return error && { error, attack: null };
}

/** Why some or all of the user's runs are not among the rows. */
export function describeAbsence(
  runs: number,
  points: number,
  otherData: number,
  { attack }: Measure,
): string[] {
  if (runs === 0) return ['Your own runs appear here as soon as they train.'];
  const other = otherData === 1 ? '1 of your runs is' : `${otherData} of your runs are`;
  const notes = otherData === 0 ? [] : [`${other} on data other than MNIST, and not shown.`];
  if (points === runs) return notes;
  if (attack === null) return [...notes, 'Your runs appear once they are measured.'];
  return [
    ...notes,
    attack.clip
      ? `Your runs appear once they are measured at ε ${formatEpsilon(attack.epsilon)}: set the attack ε to this value, and measure under Results.`
      : 'Your runs are not shown here: all attacks of this page are clipped to 0–1.',
  ];
}
