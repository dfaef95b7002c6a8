import type { StoreApi } from 'zustand/vanilla';
import type { EnginePreference } from '../../domain/metrics.ts';
import type { Extent } from '../../worker/api.ts';
import { findDisabledReason, isSetupOfRuns, longerEpochs } from './commands.ts';
import type { Connection } from './connection.ts';
import { makeAttack } from '../runs/measurements.ts';
import {
  createRun,
  failRun,
  findExperimentStatus,
  reduceRun,
  resumeRun,
  type Run,
  type RunEvent,
} from '../runs/run.ts';
import { findConfigs, setupOf } from '../setup/setup.ts';
import { idleRobustness, type LabState } from '../state.ts';
import type { SavedExperiment } from '../storage/types.ts';
import { type Checkpointer, toSavedRun } from '../storage/checkpointer.ts';

/** The present experiment: its runs receive commands together and are saved together. */
export interface Experiment {
  /** Starts an experiment with the present setup, resumes a paused one, or trains a finished one for longer. */
  go(extent: Extent): void;
  pause(): void;
  reset(): void;
  /** Resumes a saved experiment. */
  resume(experiment: SavedExperiment): void;
  /** Resumes every run from where it was last saved, on another engine. */
  resumeFromCheckpoints(preference: EnginePreference, why: string | null): void;
  /** Applies an event of a run. @returns the updated run, or null if its experiment was reset */
  take(event: RunEvent): Run | null;
  /** Sends the workers the attack ε for evaluations, if it has changed. */
  sendAttack(): void;
}

/** Code that queries the present experiment's networks and must know when they are released. */
interface Askers {
  stop(): void;
  onNetworksReleased(gone: readonly Run[]): void;
}

export function createTraining(
  { getState, setState }: Pick<StoreApi<LabState>, 'getState' | 'setState'>,
  connection: Connection,
  checkpointer: Checkpointer,
  askers: Askers,
): Experiment {
  const { getClient } = connection;
  let runCount = 0;
  /** How far the experiment is to train. */
  let lastExtent: Extent = 'none';
  /** The ε that the workers last received for the present experiment. */
  let evaluatedEpsilon: number | null = null;

  function go(extent: Extent): void {
    const { runs, setup, attackEpsilon, enginePreference } = getState();
    if (getClient() === null || findDisabledReason(getState(), 'train') !== null) return;
    // A reload resumes without a click only if the experiment was started to train to the end.
    const isPaused = extent !== 'end';
    if (findExperimentStatus(runs) === 'paused') {
      lastExtent = extent;
      checkpointer.setPaused(isPaused);
      const paused = runs.filter(({ status }) => status === 'paused');
      const going = extent === 'epoch' ? inEarliestEpoch(paused) : paused;
      setState({ runs: runs.map((run) => (going.includes(run) ? resumeRun(run) : run)) });
      for (const { id } of going) getClient()?.resume(id, extent);
      return;
    }
    if (findExperimentStatus(runs) === 'finished' && isSetupOfRuns({ runs, setup })) {
      if (extent === 'end') trainLonger();
      return;
    }
    const configs = findConfigs(setup);
    if (configs === null) return;
    reset();
    const id = newId();
    const fresh = setup.entries.map(({ name, paletteIndex }, index) =>
      createRun(`${id}-${++runCount}`, { name, paletteIndex, config: configs[index]! }),
    );
    begin(
      {
        id,
        startedAt: Date.now(),
        isPaused,
        attackEpsilon,
        enginePreference,
        runs: fresh.map(toSavedRun),
      },
      extent,
    );
  }

  /**
   * Continues a finished experiment for as many epochs again. Its weights are those of a run that was started with all
   * of them; its curves keep the evaluation at the former end.
   */
  function trainLonger(): void {
    const { runs, attackEpsilon, enginePreference } = getState();
    const saved = runs.flatMap(({ id }) => checkpointer.findSaved(id) ?? []);
    if (saved.length < runs.length || saved.some(({ checkpoint }) => checkpoint === null)) return;
    const id = newId();
    const configs = saved.map(({ config }) => ({ ...config, epochs: longerEpochs(config.epochs) }));
    const setup = setupOf(configs);
    const longer = saved.map((run, index) => ({
      ...run,
      id: `${id}-${++runCount}`,
      name: setup.entries[index]!.name, // a name may have the epochs
      config: configs[index]!,
    }));
    reset();
    setState({ setup });
    const isPaused = false;
    begin(
      { id, startedAt: Date.now(), isPaused, attackEpsilon, enginePreference, runs: longer },
      'end',
    );
  }

  function begin(experiment: SavedExperiment, extent: Extent): void {
    setState({ experimentId: experiment.id });
    checkpointer.begin(experiment);
    startFrom(experiment.runs, extent);
  }

  function startFrom(saved: SavedExperiment['runs'], extent: Extent): void {
    lastExtent = extent;
    const { attackEpsilon } = getState();
    evaluatedEpsilon = attackEpsilon;
    setState({
      runs: saved.map((one) => {
        const { progress, history, measurements, damage } = one;
        const run = { ...createRun(one.id, one), progress, history, measurements };
        return damage ? failRun(run, damage) : run;
      }),
    });
    const whole = saved.filter(({ damage }) => damage === undefined);
    if (whole.length === 0) return;
    getClient()?.start(
      whole.map(({ id, config, checkpoint }) => ({ runId: id, config, checkpoint })),
      makeAttack('fgsm', attackEpsilon),
      extent,
    );
  }

  function reset(): void {
    const { runs } = getState();
    askers.stop();
    for (const { id } of runs) getClient()?.reset(id);
    checkpointer.close();
    setState({ experimentId: null, runs: [], robustness: idleRobustness });
    askers.onNetworksReleased(runs);
  }

  return {
    go,
    pause: () => {
      if (findDisabledReason(getState(), 'pause') !== null) return;
      checkpointer.setPaused(true);
      setState({
        runs: getState().runs.map((run) => {
          const canPause = run.status === 'running' || run.status === 'starting';
          if (canPause) getClient()?.pause(run.id);
          return canPause ? { ...run, status: 'pausing' } : run;
        }),
      });
    },
    reset,
    resume: (experiment) => {
      reset();
      const setup = setupOf(experiment.runs.map(({ config }) => config));
      setState({ attackEpsilon: experiment.attackEpsilon, setup });
      begin(experiment, experiment.isPaused ? 'none' : 'end');
    },
    resumeFromCheckpoints: (preference, why) => {
      const { runs } = getState();
      const wasBusy = findExperimentStatus(runs) === 'busy';
      // A requested step or epoch is not repeated: the experiment stays where it was saved.
      const extent = wasBusy && lastExtent === 'end' ? 'end' : 'none';
      connection.reopen(preference, why);
      const saved = runs.flatMap(({ id }) => checkpointer.findSaved(id) ?? []);
      startFrom(saved, extent);
    },
    take: (event) => {
      const { runs, engine } = getState();
      const run = runs.find(({ id }) => id === event.runId);
      if (run === undefined) return null;
      const next = reduceRun(run, event);
      if (next !== run) setState({ runs: runs.map((one) => (one.id === run.id ? next : one)) });
      if (event.type === 'checkpointed') {
        const engineName = engine.status === 'ready' ? engine.engine.name : null;
        checkpointer.saveCheckpoint(next, event.checkpoint, engineName);
      }
      return next;
    },
    sendAttack: () => {
      const { runs, attackEpsilon } = getState();
      const client = getClient();
      if (client === null || evaluatedEpsilon === attackEpsilon) return;
      evaluatedEpsilon = attackEpsilon;
      for (const { id } of runs) client.setAttack(id, makeAttack('fgsm', attackEpsilon));
    },
  };
}

function newId(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
}

/**
 * The runs that are still in the epoch of the slowest run. A pause may have come when some runs had just
 * passed the end of an epoch and others had not: then only the others train to its end.
 */
function inEarliestEpoch(runs: readonly Run[]): Run[] {
  const epochOf = ({ progress }: Run): number =>
    progress === null ? 0 : Math.floor(progress.step / Math.max(1, progress.stepsPerEpoch));
  const earliest = Math.min(...runs.map(epochOf));
  return runs.filter((run) => epochOf(run) === earliest);
}
