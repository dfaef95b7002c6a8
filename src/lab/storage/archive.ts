import type { Checkpoint } from '../../shared/checkpoint.ts';
import type { ErrorReport } from '../../shared/errors.ts';
import type { EnginePreference } from '../../shared/metrics.ts';
import type { Run } from '../run.ts';

/** A run as it was at its newest checkpoint: the checkpoint, and what had been measured by then. */
export interface SavedRun extends Pick<
  Run,
  'id' | 'name' | 'slot' | 'config' | 'progress' | 'history' | 'readings'
> {
  /** Null before the first checkpoint: the run starts from its initial weights. */
  readonly checkpoint: Checkpoint | null;
  /** Name of the engine that computed the checkpoint. Only the same engine continues to the last bit. */
  readonly engine: string | null;
  /** Set when the saved network is damaged; the run cannot resume. */
  readonly damage?: ErrorReport;
}

export interface SavedExperiment {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly isPaused: boolean;
  readonly attackEpsilon: number;
  readonly enginePreference: EnginePreference;
  /** In the order of the experiment. */
  readonly runs: readonly SavedRun[];
}

/** A saved experiment without its weights. In a list, each history holds its newest evaluation alone. */
export interface ExperimentSummary extends Omit<SavedExperiment, 'runs'> {
  readonly runs: readonly Omit<SavedRun, 'checkpoint' | 'damage'>[];
  /** Approximate size in storage. */
  readonly bytes: number;
}

/** An experiment whose record is damaged: it takes room, and can only be deleted. */
export interface UnreadableExperiment {
  readonly id: string;
  /** Null when the record does not say. */
  readonly startedAt: number | null;
  /** Approximate size in storage, as far as the record says. */
  readonly bytes: number;
}

/** All saved experiments, newest first. */
export interface ExperimentList {
  readonly experiments: readonly ExperimentSummary[];
  readonly unreadable: readonly UnreadableExperiment[];
}

/** The experiment that a reload resumes. */
export type PresentExperiment =
  /** Nothing was trained, or it was reset. */
  | { readonly status: 'none' }
  /** Another tab has it open. `isOwn`: this tab had it, too, and was duplicated. */
  | { readonly status: 'elsewhere'; readonly isOwn: boolean }
  | { readonly status: 'unreadable' }
  /** This tab now holds it. */
  | { readonly status: 'saved'; readonly experiment: SavedExperiment };

/** What one write stores. */
export interface Changes {
  readonly experiment: SavedExperiment;
  /** Runs with a newer checkpoint or newer measurements. */
  readonly runIds: ReadonlySet<string>;
  /** Creates the experiment if it is missing. Otherwise one that was deleted stays deleted. */
  readonly isNew: boolean;
}

/**
 * Saves experiments between visits. Operations take effect in the order of the calls. They reject with a
 * LabError 'storage-failed' that says why (quota, private browsing, blocked storage) and what to do.
 */
export interface ExperimentArchive {
  /** Tells this tab, at once, what a reload resumes: the page may be gone before the database has it. */
  remember(id: string, isPaused: boolean): void;
  /**
   * Stores changes in one transaction: all or nothing.
   *
   * @param takeChanges is called when the write begins, so a slow disk stores the newest state only
   */
  save(id: string, takeChanges: () => Changes): Promise<void>;
  /** Reads neither weights nor curves. */
  list(): Promise<ExperimentList>;
  /** Null if the experiment is missing or unreadable. A damaged network concerns its own run alone. */
  load(id: string): Promise<SavedExperiment | null>;
  /** As `load`, without weights: for a comparison. */
  loadCurves(id: string): Promise<ExperimentSummary | null>;
  loadPresent(): Promise<PresentExperiment>;
  /** Holds an experiment for this tab and releases the previous one. False while another tab holds it. */
  claim(id: string): Promise<boolean>;
  /** Lets other tabs have the experiment that this tab holds. */
  release(): void;
  /** A reload no longer resumes the experiment. It stays saved if it has a checkpoint. */
  close(id: string): Promise<void>;
  /** Deletes an experiment for good. Rejects while another tab holds it. */
  delete(id: string): Promise<void>;
}
