import type { Checkpoint } from '../../domain/checkpoint.ts';
import { type ErrorReport, reportError } from '../../domain/errors.ts';
import { cutHistory } from '../runs/history.ts';
import { addMeasurement } from '../runs/measurements.ts';
import type { Repeats } from '../runs/repeats.ts';
import type { Run } from '../runs/run.ts';
import type { ExperimentArchive } from './openArchive.ts';
import type { SavedExperiment, SavedRepeats, SavedRun } from './types.ts';

/** A run as it is saved before its first checkpoint. */
export function toSavedRun(run: Run): SavedRun {
  const { id, name, paletteIndex, config, progress, history, measurements, isOpened } = run;
  return {
    id,
    name,
    paletteIndex,
    config,
    progress,
    history,
    measurements,
    checkpoint: null,
    engine: null,
    ...(isOpened && { isOpened }),
  };
}

/** The present experiment, and its changes that are not yet in the archive. */
interface Saving {
  experiment: SavedExperiment;
  unsavedRunIds: Set<string>;
  isInArchive: boolean;
  /** A write is scheduled; it stores everything that is unsaved when it begins. */
  isWriteWaiting: boolean;
}

/**
 * Holds the newest checkpoint of each run with the measurements that belong to it: in memory, to resume when an
 * engine fails, and in the archive, to resume after a reload.
 */
export class Checkpointer {
  readonly #archive: ExperimentArchive | null;
  readonly #onError: (error: ErrorReport | null) => void;
  readonly #onGone: () => void;
  #present: Saving | null = null;

  /**
   * @param archive null if nothing is stored across visits
   * @param onError receives why the newest write failed, or null after a complete write
   * @param onGone is called when the saved experiment has disappeared, before it is saved again
   */
  constructor(
    archive: ExperimentArchive | null,
    onError: (error: ErrorReport | null) => void,
    onGone: () => void = () => undefined,
  ) {
    this.#onGone = onGone;
    this.#archive = archive;
    this.#onError = onError;
  }

  /** An experiment starts, or resumes from its saved state. */
  begin(experiment: SavedExperiment): void {
    const unsavedRunIds = new Set(experiment.runs.map(({ id }) => id));
    const present = { experiment, unsavedRunIds, isInArchive: false, isWriteWaiting: false };
    this.#present = present;
    this.#archive?.remember(experiment.id, experiment.isPaused);
    void this.#archive?.claim(experiment.id);
    void this.#write(present);
  }

  /**
   * Takes a checkpoint, with the run's measurements up to its step.
   *
   * @param engine name of the engine that computed it
   */
  saveCheckpoint(run: Run, checkpoint: Checkpoint, engine: string | null): void {
    this.#saveRun({
      ...toSavedRun(run),
      progress: run.progress && { ...run.progress, step: checkpoint.step },
      history: cutHistory(run.history, checkpoint.step),
      measurements: run.measurements.filter(({ step }) => step <= checkpoint.step),
      checkpoint,
      engine,
    });
  }

  /** The seeds of the experiment after its first: what is finished, and what starts. */
  setRepeats({ seedCount, attackEpsilon, finished, runs }: Repeats): void {
    if (this.#present === null) return;
    const before = this.#present.experiment.repeats;
    const known = new Set(before?.finished.flat());
    const added = [...finished.flat().filter((run) => !known.has(run)), ...runs];
    for (const { id } of added) this.#present.unsavedRunIds.add(id);
    const repeats = { seedCount, attackEpsilon, finished, runs: runs.map(toSavedRun) };
    this.#change(this.#present, { repeats });
  }

  get repeats(): SavedRepeats | undefined {
    return this.#present?.experiment.repeats;
  }

  /** Takes measurements of the network in the newest checkpoint that were made after it was saved. */
  saveMeasurements({ id, measurements }: Run): void {
    const saved = this.findSaved(id);
    if (!saved?.checkpoint) return;
    const { step } = saved.checkpoint;
    const upToCheckpoint = measurements.filter((measurement) => measurement.step <= step);
    const merged = upToCheckpoint.reduce(addMeasurement, saved.measurements);
    if (merged.some((measurement) => !saved.measurements.includes(measurement))) {
      this.#saveRun({ ...saved, measurements: merged });
    }
  }

  setPaused(isPaused: boolean): void {
    if (this.#present === null) return;
    this.#archive?.remember(this.#present.experiment.id, isPaused);
    this.#change(this.#present, { isPaused });
  }

  setAttackEpsilon(attackEpsilon: number): void {
    if (this.#present !== null) this.#change(this.#present, { attackEpsilon });
  }

  /** The page no longer shows the experiment; its saved state stays in the archive. */
  close(): void {
    const id = this.#present?.experiment.id;
    this.#present = null;
    if (id === undefined) return;
    this.#archive?.close(id).catch((thrown: unknown) => this.#onError(reportError(thrown)));
  }

  /** Null if the run was never started. */
  findSaved(runId: string): SavedRun | null {
    if (this.#present === null) return null;
    const { runs, repeats } = this.#present.experiment;
    return [...runs, ...(repeats?.runs ?? [])].find(({ id }) => id === runId) ?? null;
  }

  #saveRun(saved: SavedRun): void {
    if (this.#present === null) return;
    this.#present.unsavedRunIds.add(saved.id);
    const { runs, repeats } = this.#present.experiment;
    const replace = (all: readonly SavedRun[]) =>
      all.map((run) => (run.id === saved.id ? saved : run));
    this.#change(this.#present, {
      runs: replace(runs),
      ...(repeats && { repeats: { ...repeats, runs: replace(repeats.runs) } }),
    });
  }

  #change(saving: Saving, changes: Partial<SavedExperiment>): void {
    saving.experiment = { ...saving.experiment, ...changes };
    void this.#write(saving);
  }

  /** Stores everything unsaved. After a failure it stays unsaved, and the next write tries again. */
  async #write(saving: Saving): Promise<void> {
    if (this.#archive === null || saving.isWriteWaiting) return;
    saving.isWriteWaiting = true;
    let runIds = new Set<string>();
    try {
      const isThere = await this.#archive.save(saving.experiment.id, () => {
        saving.isWriteWaiting = false;
        runIds = saving.unsavedRunIds;
        saving.unsavedRunIds = new Set();
        return { experiment: saving.experiment, runIds, isNew: !saving.isInArchive };
      });
      if (!isThere) {
        // Its user closed it, or the browser has removed the site's data: what is shown is saved again, whole.
        if (saving !== this.#present) return;
        saving.isInArchive = false;
        for (const { id } of saving.experiment.runs) saving.unsavedRunIds.add(id);
        this.#archive.remember(saving.experiment.id, saving.experiment.isPaused);
        this.#onGone();
        void this.#write(saving);
        return;
      }
      saving.isInArchive = true;
      this.#onError(null);
    } catch (thrown) {
      saving.isWriteWaiting = false;
      for (const id of runIds) saving.unsavedRunIds.add(id);
      this.#onError(reportError(thrown));
    }
  }
}
