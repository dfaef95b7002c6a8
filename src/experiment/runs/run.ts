import type { RunConfig } from '../../domain/settings/config.ts';
import type { ErrorReport } from '../../domain/errors.ts';
import type { Progress } from '../../domain/metrics.ts';
import type { PreparedImages } from '../../domain/analysis/preparedImages.ts';
import type { ClientEvent } from '../../worker/client.ts';
import { appendEvaluation, appendLoss, emptyHistory, type History } from './history.ts';
import type { Measurement } from './measurements.ts';

export type RunStatus =
  | 'starting' // requested; data load, shaders compile
  | 'running'
  | 'pausing' // pause requested, not yet confirmed
  | 'paused'
  | 'finished' // all epochs are done
  | 'failed';

export type RunEvent = Extract<ClientEvent, { runId: string }>;
/** What a run does while it takes no steps. */
export type Activity = Extract<RunEvent, { type: 'preparing' }>['activity'];

/** One training, from its start to its end. */
export interface Run {
  readonly id: string;
  /** Display name: method and ε, and what else distinguishes it from the other runs of its experiment. */
  readonly name: string;
  /** Its index in the palette (paletteIndices.ts). */
  readonly paletteIndex: number;
  /** The settings it was started with; later changes of the form do not reach it. */
  readonly config: RunConfig;
  readonly status: RunStatus;
  readonly activity: Activity | null;
  readonly progress: Progress | null;
  readonly history: History;
  /** Scores measured on request, each at one step (measurements.ts). */
  readonly measurements: readonly Measurement[];
  /** Whether a worker holds a network of this run that can be queried. */
  readonly hasNetwork: boolean;
  /** The batch of the next step, if only its first half was taken; `step` counts the weight updates before it. */
  readonly prepared: (PreparedImages & { readonly step: number }) | null;
  readonly error: ErrorReport | null;
  /** From a file of weights: its settings may be invented, its training cannot be repeated or continued here. */
  readonly isOpened?: true;
}

export function createRun(
  id: string,
  {
    name,
    paletteIndex,
    config,
    isOpened,
  }: Pick<Run, 'name' | 'paletteIndex' | 'config' | 'isOpened'>,
): Run {
  return {
    id,
    name,
    paletteIndex,
    config,
    status: 'starting',
    activity: null,
    progress: null,
    history: emptyHistory,
    measurements: [],
    hasNetwork: false,
    prepared: null,
    error: null,
    ...(isOpened && { isOpened }),
  };
}

/** A run after one of its events. */
export function reduceRun(run: Run, event: RunEvent): Run {
  const next = reduceEvent(run, event);
  const isUsed = next.prepared !== null && (next.progress?.step ?? 0) > next.prepared.step;
  return isUsed ? { ...next, prepared: null } : next;
}

function reduceEvent(run: Run, event: RunEvent): Run {
  if (run.status === 'finished' || run.status === 'failed') return run; // nothing follows the end of a run
  switch (event.type) {
    case 'preparing':
      return { ...run, activity: event.activity };
    case 'started':
      return {
        ...run,
        status: run.status === 'starting' ? 'running' : run.status,
        activity: null,
        progress: event.progress,
        hasNetwork: true,
      };
    case 'resumed':
      return run.status === 'paused' ? resumeRun(run) : run;
    case 'progressed':
      return { ...run, activity: null, progress: event.progress };
    case 'stepPrepared':
      return { ...run, prepared: { ...event.prepared, step: event.step } };
    case 'lossMeasured':
      return { ...run, history: appendLoss(run.history, event.point) };
    case 'evaluated':
      return {
        ...run,
        activity: null,
        history: appendEvaluation(run.history, event.evaluation),
      };
    case 'epochCompleted':
    case 'checkpointed':
      return run;
    case 'paused':
      return { ...run, status: 'paused', activity: null, progress: event.progress };
    case 'finished':
      return { ...run, status: 'finished', activity: null, progress: event.progress };
    case 'failed':
      return failRun(run, event.error);
  }
}

/** A paused run that resumes; one that was paused before its network existed is still starting. */
export function resumeRun(run: Run): Run {
  return { ...run, status: run.hasNetwork ? 'running' : 'starting' };
}

/** A run that cannot continue; its measurements stay. A diverged network is no longer queried. */
export function failRun(run: Run, error: ErrorReport): Run {
  const hasNetwork = run.hasNetwork && error.code !== 'loss-not-finite';
  return { ...run, status: 'failed', activity: null, hasNetwork, error };
}

/** A run whose worker died: a finished one stays finished, the others cannot continue. */
export function loseNetwork(run: Run, error: ErrorReport): Run {
  const lost = { ...run, hasNetwork: false, prepared: null };
  return run.status === 'finished' || run.status === 'failed' ? lost : failRun(lost, error);
}

/** The state of an experiment as a whole. */
export type ExperimentStatus =
  | 'none' // nothing was started
  | 'busy' // a run trains or is about to
  | 'pausing'
  | 'paused' // some run can resume, none trains
  | 'finished' // no run can continue, some reached its end
  | 'failed'; // all runs failed

export function findExperimentStatus(runs: readonly Run[]): ExperimentStatus {
  if (runs.length === 0) return 'none';
  const has = (...wanted: RunStatus[]) => runs.some(({ status }) => wanted.includes(status));
  if (has('starting', 'running')) return 'busy';
  if (has('pausing')) return 'pausing';
  if (has('paused')) return 'paused';
  return has('finished') ? 'finished' : 'failed';
}

/** Whether an experiment is between the halves of its first step: its networks exist and are untrained. */
export function isBeforeFirstUpdate(runs: readonly Run[]): boolean {
  return runs.some(({ prepared }) => prepared?.step === 0);
}
