import {
  findCleanError,
  measured,
  type MeasuredError,
} from '../../experiment/runs/measuredErrors.ts';
import type { Run } from '../../experiment/runs/run.ts';
import type { RunConfig } from '../../domain/settings/config.ts';
import type { Attack } from '../../domain/metrics.ts';
import type { DrawnRun } from '../../ui/charts/series/drawnRuns.ts';
import type { RunLook } from '../../ui/runLooks.ts';
import { isComparable, type Measure } from './measures.ts';

/** What a point needs of a run, present or kept. */
export type PointedRun = Pick<
  Run,
  'id' | 'name' | 'slot' | 'config' | 'progress' | 'history' | 'readings'
>;

/** A number of a person's own run. */
export interface OwnPoint {
  readonly id: string;
  readonly name: string;
  readonly look: RunLook;
  /** Of a kept race, or one from a file, that is shown beside the present one. */
  readonly isReference: boolean;
  readonly config: RunConfig;
  readonly error: MeasuredError;
  /** Under which attack; null without. */
  readonly attack: Attack | null;
  /** Whether epochs are still to come. */
  readonly isUnfinished: boolean;
}

/** The newest number of each run that belongs to the measure; runs that have none are left out. */
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
  const [newest] = run.readings
    .filter(({ attack }) => isComparable(attack, measure.attack))
    .sort((a, b) => b.step - a.step || b.sampleCount - a.sampleCount);
  if (newest === undefined) return null;
  return {
    error: measured(newest, newest.adversarial.errorRate, run.config),
    attack: newest.attack,
  };
}
