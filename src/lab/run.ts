import type { RunConfig } from '../shared/config.ts';
import type { ErrorReport } from '../shared/errors.ts';
import type { Progress } from '../shared/metrics.ts';
import type { ClientEvent } from '../worker/client.ts';
import { appendEvaluation, appendProgress, emptyHistory, type History } from './history.ts';

export type RunStatus = 'starting' | 'running' | 'pausing' | 'paused' | 'finished' | 'failed';

export type RunEvent = Extract<ClientEvent, { runId: string }>;

/** What a run does while it does not step. */
export type Activity = Extract<RunEvent, { type: 'preparing' }>['activity'];

/** One training, from its start to its end. */
export interface Run {
  readonly id: string;
  /** The settings it was started with; later changes of the form do not reach it. */
  readonly config: RunConfig;
  readonly status: RunStatus;
  readonly activity: Activity | null;
  readonly progress: Progress | null;
  readonly history: History;
  /** Whether the worker holds a network of this run that can be asked about images. */
  readonly hasNetwork: boolean;
  readonly error: ErrorReport | null;
}

export function createRun(id: string, config: RunConfig): Run {
  return {
    id,
    config,
    status: 'starting',
    activity: null,
    progress: null,
    history: emptyHistory,
    hasNetwork: false,
    error: null,
  };
}

/** A run after an event of its own. */
export function reduceRun(run: Run, event: RunEvent): Run {
  if (run.status === 'finished' || run.status === 'failed') return run; // nothing follows an end
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
      return {
        ...run,
        activity: null,
        progress: event.progress,
        history: appendProgress(run.history, event.progress),
      };
    case 'evaluated':
      return {
        ...run,
        activity: null,
        history: appendEvaluation(run.history, event.evaluation),
      };
    case 'epochCompleted':
      return run;
    case 'paused':
      return { ...run, status: 'paused', activity: null, progress: event.progress };
    case 'finished':
      return { ...run, status: 'finished', activity: null, progress: event.progress };
    case 'failed':
      return failRun(run, event.error);
  }
}

/** A paused run that goes on; one that was paused before its network existed is still starting. */
export function resumeRun(run: Run): Run {
  return { ...run, status: run.hasNetwork ? 'running' : 'starting' };
}

/** A run that cannot go on; what it measured stays. */
export function failRun(run: Run, error: ErrorReport): Run {
  return { ...run, status: 'failed', activity: null, error };
}

/** A run whose worker is gone: a finished one stays finished, the others cannot go on. */
export function loseNetwork(run: Run, error: ErrorReport): Run {
  const lost = { ...run, hasNetwork: false };
  return run.status === 'finished' || run.status === 'failed' ? lost : failRun(lost, error);
}
