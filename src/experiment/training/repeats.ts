import type { StoreApi } from 'zustand/vanilla';
import { type ErrorReport, reportError } from '../../domain/errors.ts';
import type { TrainingClient } from '../../worker/client.ts';
import { isExpectedFailure } from '../queries/isExpectedFailure.ts';
import { addMeasurement, findMeasurement, makeAttack, sweepSizes } from '../runs/measurements.ts';
import {
  findNextOffset,
  findTrainingStatus,
  hasEnded,
  keepNumbers,
  noRepeats,
  type Repeats,
  withLaterSeed,
} from '../runs/repeats.ts';
import { findDisabledReason } from './commands.ts';
import {
  createRun,
  loseNetwork,
  reduceRun,
  resumeRun,
  type Run,
  type RunEvent,
} from '../runs/run.ts';
import type { LabState } from '../state.ts';
import type { Checkpointer } from '../storage/checkpointer.ts';
import type { SavedRepeats } from '../storage/types.ts';

/** Attacks that every seed is measured under, at one ε, on all images. */
const kinds = ['fgsm', 'margin-pgd'] as const;

export type RepeatsController = ReturnType<typeof createRepeats>;

/**
 * Trains and measures a finished experiment again with further seeds, one after another.
 *
 * @param onProblem receives why a seed cannot be measured
 */
export function createRepeats(
  { getState, setState }: Pick<StoreApi<LabState>, 'getState' | 'setState'>,
  getClient: () => TrainingClient | null,
  checkpointer: Checkpointer,
  onProblem: (sentences: readonly string[]) => void,
) {
  /** The measurement of the present seed. */
  let measuring: AbortController | null = null;

  const present = (): Repeats => getState().repeats;

  function change(changes: Partial<Repeats>): void {
    setState({ repeats: { ...present(), ...changes } });
  }

  function changeRun(id: string, changed: (run: Run) => Run): void {
    change({ runs: present().runs.map((run) => (run.id === id ? changed(run) : run)) });
  }

  /** Starts the next seed, or ends after the last one. */
  function trainNext(): void {
    const { experimentId, runs } = getState();
    const { seedCount, finished } = present();
    const isDone = finished.length + 1 >= seedCount;
    const offset = findNextOffset(runs, finished);
    // The same seed may be trained twice: late messages of a run that was stopped must not reach its successor.
    const turn = Math.random().toString(36).slice(2, 8);
    const fresh = isDone
      ? []
      : runs.map(({ name, paletteIndex, config }, index) =>
          createRun(`${experimentId}-seed${offset}-${index + 1}-${turn}`, {
            name,
            paletteIndex,
            config: withLaterSeed(config, offset),
          }),
        );
    change({ runs: fresh });
    checkpointer.setRepeats(present());
    if (isDone) return;
    getClient()?.start(
      fresh.map(({ id, config }) => ({ runId: id, config, checkpoint: null })),
      makeAttack('fgsm', present().attackEpsilon),
      present().isPaused ? 'none' : 'end',
    );
  }

  /** Measures the seed whose runs have all come to their end, keeps its numbers, and starts the next one. */
  async function measure(): Promise<void> {
    const client = getClient();
    if (client === null || measuring !== null) return;
    const controller = new AbortController();
    measuring = controller;
    const { signal } = controller;
    try {
      // Runs are in different workers, which measure at the same time.
      await Promise.all(present().runs.map((run) => measureRun(client, run, signal)));
    } catch (thrown) {
      if (signal.aborted || isExpectedFailure(thrown)) return;
      change({ isPaused: true });
      checkpointer.setPaused(true);
      const { message, remedy } = reportError(thrown);
      onProblem([message, remedy]);
      return;
    } finally {
      if (measuring === controller) measuring = null;
    }
    if (signal.aborted) return;
    const { finished, runs } = present();
    change({ finished: [...finished, runs.map(keepNumbers)] });
    release();
    trainNext();
  }

  async function measureRun(client: TrainingClient, run: Run, signal: AbortSignal): Promise<void> {
    if (run.status !== 'finished') return; // it diverged: its seed has no numbers of it
    const { id } = run;
    const { attackEpsilon } = present();
    await client.freeze(id, signal);
    for (const kind of kinds) {
      if (findMeasurement(run.measurements, kind, attackEpsilon)) continue;
      const attack = makeAttack(kind, attackEpsilon);
      const found = await client.measure(id, attack, sweepSizes.full, signal);
      signal.throwIfAborted();
      changeRun(id, (one) => ({ ...one, measurements: addMeasurement(one.measurements, found) }));
    }
  }

  function measureIfEnded(): void {
    const { runs, isPaused } = present();
    if (runs.length > 0 && !isPaused && runs.every(hasEnded)) void measure();
  }

  function stopMeasuring(): void {
    measuring?.abort();
    measuring = null;
  }

  /** Frees the networks of the present seed. */
  function release(): void {
    stopMeasuring();
    for (const { id } of present().runs) getClient()?.reset(id);
    change({ runs: [] });
  }

  return {
    isActive: () => present().runs.length > 0,
    /** @param seedCount seeds in all; those that are finished at the page's attack ε count */
    start: (seedCount: number) => {
      const { attackEpsilon } = getState();
      if (findDisabledReason(getState(), 'repeat') !== null) return;
      const finished = present().attackEpsilon === attackEpsilon ? present().finished : [];
      change({ seedCount, attackEpsilon, finished, isPaused: false });
      checkpointer.setPaused(false);
      trainNext();
    },
    pause: () => {
      if (findTrainingStatus(getState()) !== 'busy') return;
      stopMeasuring();
      checkpointer.setPaused(true);
      const canPause = ({ status }: Run) => status === 'running' || status === 'starting';
      for (const run of present().runs) if (canPause(run)) getClient()?.pause(run.id);
      change({
        isPaused: true,
        runs: present().runs.map((run) => (canPause(run) ? { ...run, status: 'pausing' } : run)),
      });
    },
    resume: () => {
      if (findTrainingStatus(getState()) !== 'paused' || getState().engine.status === 'failed')
        return;
      checkpointer.setPaused(false);
      const paused = present().runs.filter(({ status }) => status === 'paused');
      change({
        isPaused: false,
        runs: present().runs.map((run) => (paused.includes(run) ? resumeRun(run) : run)),
      });
      for (const { id } of paused) getClient()?.resume(id, 'end');
      measureIfEnded();
    },
    /** Stops the seed in training and those after it; the finished ones stay. */
    stop: () => {
      if (present().runs.length === 0) return;
      release();
      change({ seedCount: present().finished.length + 1, isPaused: false });
      checkpointer.setRepeats(present());
    },
    /** The experiment is no longer on the page. */
    clear: () => {
      release();
      setState({ repeats: noRepeats });
    },
    /** The engine has failed for good: the seed waits for another one. */
    suspend: (error: ErrorReport) => {
      stopMeasuring();
      if (present().runs.length === 0) return;
      change({ isPaused: true, runs: present().runs.map((run) => loseNetwork(run, error)) });
    },
    /** Continues saved repeats from their checkpoints. */
    restore: (saved: SavedRepeats | undefined, isPaused: boolean) => {
      stopMeasuring();
      if (saved === undefined) return;
      const { seedCount, attackEpsilon, finished } = saved;
      // What is damaged is trained again.
      const starts = saved.runs.map((run) =>
        run.damage ? { ...run, checkpoint: null, progress: null } : run,
      );
      const runs = starts.map((one) => {
        const { progress, history, measurements, checkpoint } = one;
        const run = createRun(one.id, one);
        return checkpoint === null ? run : { ...run, progress, history, measurements };
      });
      setState({ repeats: { seedCount, attackEpsilon, finished, runs, isPaused } });
      if (runs.length === 0) {
        trainNext();
        return;
      }
      getClient()?.start(
        starts.map(({ id, config, checkpoint }) => ({ runId: id, config, checkpoint })),
        makeAttack('fgsm', attackEpsilon),
        isPaused ? 'none' : 'end',
      );
    },
    /** Applies an event of a run. @returns whether it is a run of the present seed */
    take: (event: RunEvent): boolean => {
      const run = present().runs.find(({ id }) => id === event.runId);
      if (run === undefined) return false;
      const next = reduceRun(run, event);
      if (next !== run) changeRun(run.id, () => next);
      if (event.type === 'checkpointed') {
        const { engine } = getState();
        const engineName = engine.status === 'ready' ? engine.engine.name : null;
        checkpointer.saveCheckpoint(next, event.checkpoint, engineName);
      }
      if (event.type === 'finished' || event.type === 'failed') measureIfEnded();
      return true;
    },
  };
}
