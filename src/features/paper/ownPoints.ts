import {
  findCleanError,
  measured,
  type MeasuredError,
} from '../../experiment/runs/measuredErrors.ts';
import type { Run } from '../../experiment/runs/run.ts';
import type { RunConfig } from '../../domain/settings/config.ts';
import type { Attack } from '../../domain/metrics.ts';
import type { DrawnRun } from '../../ui/charts/series/drawnRuns.ts';
import type { RunStyle } from '../../ui/runStyles.ts';
import { isComparable, type Measure } from './measures.ts';

/** The parts of a current or saved run that a point needs. */
export type PointedRun = Pick<
  Run,
  'id' | 'name' | 'paletteIndex' | 'config' | 'progress' | 'history' | 'measurements'
>;

/** A measurement of one of the user's runs. */
export interface OwnPoint {
  readonly id: string;
  readonly name: string;
  readonly runStyle: RunStyle;
  /** Belongs to a saved or opened experiment that is shown beside the current one. */
  readonly isReference: boolean;
  readonly config: RunConfig;
  readonly error: MeasuredError;
  /** The attack, or null for the clean error. */
  readonly attack: Attack | null;
  /** Whether some epochs are not trained yet. */
  readonly isUnfinished: boolean;
}

/** The newest measurement of each run for the measure; runs without one are left out. */
export function listOwnPoints(runs: readonly DrawnRun<PointedRun>[], measure: Measure): OwnPoint[] {
  return runs.flatMap(({ run, ...drawn }) => {
    const found = findPoint(run, measure);
    if (found === null) return [];
    const { progress, config } = run;
    const isUnfinished = progress === null || progress.step < progress.totalSteps;
    return [{ ...drawn, ...found, config, isUnfinished }];
  });
}

function findPoint(run: PointedRun, measure: Measure): Pick<OwnPoint, 'error' | 'attack'> | null {
  if (measure.kind === 'clean') {
    const error = findCleanError(run);
    return error === null ? null : { error, attack: null };
  }
  const [newest] = run.measurements
    .filter(({ attack }) => isComparable(attack, measure.attack))
    .sort((a, b) => b.step - a.step || b.sampleCount - a.sampleCount);
  if (newest === undefined) return null;
  return {
    error: measured(newest, newest.adversarial.errorRate, run.config),
    attack: newest.attack,
  };
}
