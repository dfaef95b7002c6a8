import { type ErrorReport, reportError } from '../shared/errors.ts';
import type { Checkpoint } from '../shared/checkpoint.ts';
import type { Archive, SavedRace, SavedRun } from './archive.ts';
import { cutHistory } from './history.ts';
import { addReading } from './readings.ts';
import type { Run } from './run.ts';
import type { LabState } from './state.ts';

/** A run as it is kept before its first checkpoint. */
export function savedOf(run: Run): SavedRun {
  const { id, name, slot, config, progress, history, readings } = run;
  return { id, name, slot, config, progress, history, readings, checkpoint: null, engine: null };
}

/**
 * Remembers for each run the newest checkpoint with the measurements that belong to it: in memory, to
 * go on when an engine fails, and in the archive, to go on after a reload.
 */
export class Keeper {
  readonly #archive: Archive | null;
  readonly #onError: (error: LabState['archive']['error']) => void;
  readonly #saved = new Map<string, SavedRun>();
  #raceId: string | null = null;
  /** The race as it began, with what a person has changed since: it may have to be written anew. */
  #race: SavedRace | null = null;
  /** What could not be written, by what it was: one success says nothing about the others. */
  readonly #failures = new Map<string, ErrorReport>();

  /** @param archive null: nothing outlives the page */
  constructor(archive: Archive | null, onError: (error: LabState['archive']['error']) => void) {
    this.#archive = archive;
    this.#onError = onError;
  }

  /** A race begins, or goes on from what was saved. */
  begin(race: SavedRace): void {
    this.#raceId = race.id;
    this.#race = race;
    this.#saved.clear();
    this.#failures.clear();
    for (const run of race.runs) this.#saved.set(run.id, run);
    this.#write('race', (archive) => archive.saveRace(race));
  }

  /**
   * Takes a checkpoint; the run's measurements up to its step go with it.
   *
   * @param engine name of the engine that it comes from
   */
  keep(run: Run, checkpoint: Checkpoint, engine: string | null): void {
    const saved: SavedRun = {
      ...savedOf(run),
      progress: run.progress && { ...run.progress, step: checkpoint.step },
      history: cutHistory(run.history, checkpoint.step),
      readings: run.readings.filter(({ step }) => step <= checkpoint.step),
      checkpoint,
      engine,
    };
    this.#saved.set(run.id, saved);
    const raceId = this.#raceId;
    if (raceId === null) return;
    // Runs of a race that could not be written have nowhere to go: once there is room, it goes first.
    if (this.#race !== null && this.#failures.has('race')) {
      const race = {
        ...this.#race,
        runs: this.#race.runs.map((one) => this.recall(one.id) ?? one),
      };
      this.#write('race', (archive) => archive.saveRace(race));
    }
    this.#write(run.id, (archive) => archive.saveRun(raceId, saved));
  }

  /** Takes measurements that were asked for after the newest checkpoint, of the network that it holds. */
  keepReadings({ id, readings }: Run): void {
    const saved = this.#saved.get(id);
    const raceId = this.#raceId;
    if (!saved?.checkpoint || raceId === null) return;
    const { step } = saved.checkpoint;
    const kept = readings.filter((one) => one.step <= step).reduce(addReading, saved.readings);
    if (kept.every((one) => saved.readings.includes(one))) return;
    this.#saved.set(id, { ...saved, readings: kept });
    this.#write(`readings ${id}`, (archive) => archive.saveReadings(raceId, id, kept));
  }

  setPaused(isPaused: boolean): void {
    const raceId = this.#raceId;
    if (raceId === null) return;
    this.#race = this.#race && { ...this.#race, isPaused };
    this.#write('paused', (archive) => archive.setPaused(raceId, isPaused));
  }

  setAttackEpsilon(attackEpsilon: number): void {
    const raceId = this.#raceId;
    if (raceId === null) return;
    this.#race = this.#race && { ...this.#race, attackEpsilon };
    this.#write('attackEpsilon', (archive) => archive.setAttackEpsilon(raceId, attackEpsilon));
  }

  /** The race is over for the page; what was saved of it stays in the archive. */
  close(): void {
    const raceId = this.#raceId;
    this.#raceId = null;
    this.#saved.clear();
    if (raceId !== null) this.#write('close', (archive) => archive.close(raceId));
  }

  /** What is remembered of a run; null if it was never begun. */
  recall(runId: string): SavedRun | null {
    return this.#saved.get(runId) ?? null;
  }

  #write(what: string, save: (archive: Archive) => Promise<void>): void {
    if (this.#archive === null) return;
    save(this.#archive).then(
      () => {
        this.#failures.delete(what);
        this.#tell();
      },
      (thrown: unknown) => {
        this.#failures.delete(what);
        this.#failures.set(what, reportError(thrown));
        this.#tell();
      },
    );
  }

  #tell(): void {
    this.#onError([...this.#failures.values()].at(-1) ?? null);
  }
}
