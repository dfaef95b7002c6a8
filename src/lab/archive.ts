import type { Checkpoint } from '../shared/checkpoint.ts';
import type { EnginePreference } from '../shared/metrics.ts';
import type { Run } from './run.ts';

/** A run as it is kept: what it had measured when its checkpoint was taken, and the checkpoint. */
export interface SavedRun extends Pick<
  Run,
  'id' | 'name' | 'slot' | 'config' | 'progress' | 'history' | 'readings'
> {
  /** Null until the first checkpoint: the run starts anew. */
  readonly checkpoint: Checkpoint | null;
  /** Name of the engine that computed up to the checkpoint: exactly the same numbers follow there alone. */
  readonly engine: string | null;
}

/** A race as it is kept. */
export interface SavedRace {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly isPaused: boolean;
  readonly attackEpsilon: number;
  readonly enginePreference: EnginePreference;
  /** In the race's order. */
  readonly runs: readonly SavedRun[];
}

/** A kept race without its weights, for a list and for comparison. */
export interface RaceSummary extends Omit<SavedRace, 'runs'> {
  readonly runs: readonly Omit<SavedRun, 'checkpoint'>[];
  /** What it takes in the storage, about. */
  readonly bytes: number;
}

/**
 * Where races are kept between visits. Methods reject with a LabError 'storage-failed' that says why
 * (no room left, private browsing, storage blocked) and what to do.
 */
export interface Archive {
  /** Writes a race whole; it is the present one from then on. */
  saveRace(race: SavedRace): Promise<void>;
  /** Replaces one run of a kept race, in one piece: its checkpoint and its measurements belong together. */
  saveRun(raceId: string, run: SavedRun): Promise<void>;
  /** Replaces the measurements of a kept run; its checkpoint stays. */
  saveReadings(raceId: string, runId: string, readings: Run['readings']): Promise<void>;
  setPaused(raceId: string, isPaused: boolean): Promise<void>;
  setAttackEpsilon(raceId: string, attackEpsilon: number): Promise<void>;
  /** Kept races, newest first. Those that cannot be read are left out. */
  list(): Promise<readonly RaceSummary[]>;
  /** Null if there is no such race, or what is kept is not one. */
  load(raceId: string): Promise<SavedRace | null>;
  /**
   * The race that a reload goes on with, held for this tab: null after a reset, or while another tab
   * trains it.
   */
  loadPresent(): Promise<SavedRace | null>;
  /** Holds a race for this tab, in the place of another. False while another tab holds it. */
  claim(raceId: string): Promise<boolean>;
  /** Lets other tabs have the race that this one holds. */
  release(): void;
  /** Keeps the race, but no longer goes on with it after a reload; one without a checkpoint is dropped. */
  close(raceId: string): Promise<void>;
  /** Deletes a race for good; rejects while another tab holds it. */
  remove(raceId: string): Promise<void>;
}
