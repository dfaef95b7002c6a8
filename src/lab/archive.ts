import type { Checkpoint } from '../shared/checkpoint.ts';
import type { ErrorReport } from '../shared/errors.ts';
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
  /** Why the run cannot go on: what was kept of its network is damaged. Missing: it can. */
  readonly damage?: ErrorReport;
}

/** A kept run without its weights. */
export type KeptRun = Omit<SavedRun, 'checkpoint' | 'damage'>;

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
  readonly runs: readonly KeptRun[];
  /** What it takes in the storage, about. */
  readonly bytes: number;
}

/** A race that is kept, but whose records are not those of a race: it takes room all the same. */
export interface UnreadableRace {
  readonly id: string;
  /** Null where even that cannot be read. */
  readonly startedAt: number | null;
  /** What it takes in the storage, about, as far as that can be read. */
  readonly bytes: number;
}

/** All that is kept, newest first. */
export interface RaceList {
  readonly races: readonly RaceSummary[];
  readonly unreadable: readonly UnreadableRace[];
}

/** The race that a visit goes on with. */
export type PresentRace =
  /** There is none: nothing was trained, or it was reset. */
  | { readonly status: 'none' }
  /** Another tab has it open. `isOwn`: this tab had it, too, and was duplicated. */
  | { readonly status: 'elsewhere'; readonly isOwn: boolean }
  | { readonly status: 'unreadable' }
  /** It is held for this tab. */
  | { readonly status: 'kept'; readonly race: SavedRace };

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
  list(): Promise<RaceList>;
  /**
   * Null if there is no such race, or what is kept is not one. A network that is damaged concerns its run alone,
   * which says so.
   */
  load(raceId: string): Promise<SavedRace | null>;
  /** The race that a reload goes on with. */
  loadPresent(): Promise<PresentRace>;
  /** Holds a race for this tab, in the place of another. False while another tab holds it. */
  claim(raceId: string): Promise<boolean>;
  /** Lets other tabs have the race that this one holds. */
  release(): void;
  /** Keeps the race, but no longer goes on with it after a reload; one without a checkpoint is dropped. */
  close(raceId: string): Promise<void>;
  /** Deletes a race for good; rejects while another tab holds it. */
  remove(raceId: string): Promise<void>;
}
