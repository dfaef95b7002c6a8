import type { Checkpoint } from '../../domain/checkpoint.ts';
import type { ErrorReport } from '../../domain/errors.ts';
import type { EnginePreference } from '../../domain/metrics.ts';
import type { Repeats } from '../runs/repeats.ts';
import type { Run } from '../runs/run.ts';

/** A run at its newest checkpoint: the checkpoint, and the measurements up to it. */
export interface SavedRun extends Pick<
  Run,
  'id' | 'name' | 'paletteIndex' | 'config' | 'progress' | 'history' | 'measurements' | 'isOpened'
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
  /** Absent if it was never repeated. */
  readonly repeats?: SavedRepeats;
}

/** Further seeds: the numbers of finished ones, and the one in training. */
export interface SavedRepeats extends Pick<Repeats, 'seedCount' | 'attackEpsilon' | 'finished'> {
  readonly runs: readonly SavedRun[];
}

/** A saved experiment without its weights. */
export interface ExperimentSummary extends Omit<SavedExperiment, 'runs' | 'repeats'> {
  readonly repeats?: Pick<Repeats, 'attackEpsilon' | 'finished'>;
  readonly runs: readonly Omit<SavedRun, 'checkpoint' | 'damage'>[];
  /** Approximate size in storage. */
  readonly bytes: number;
}

/** What a list shows of a saved experiment: each history holds its newest evaluation only. */
export interface ListedExperiment extends Omit<ExperimentSummary, 'repeats'> {
  /** With the first one. */
  readonly seedCount: number;
}

/** An experiment whose record is damaged: it takes up space and can only be deleted. */
export interface UnreadableExperiment {
  readonly id: string;
  /** Null if the record does not say. */
  readonly startedAt: number | null;
  /** Approximate size in storage, if the record says. */
  readonly bytes: number;
}

/** The newest saved experiments, newest first. */
export interface ExperimentList {
  readonly experiments: readonly ListedExperiment[];
  readonly unreadable: readonly UnreadableExperiment[];
  /** Of all saved experiments, listed or not. */
  readonly count: number;
  /** Their approximate size in storage. */
  readonly bytes: number;
}

/** The experiment that a reload resumes. */
export type PresentExperiment =
  /** Nothing was trained, or it was reset. */
  | { readonly status: 'none' }
  /** Another tab has it open. `isOwn`: this tab had it too and was duplicated. */
  | { readonly status: 'elsewhere'; readonly isOwn: boolean }
  | { readonly status: 'unreadable' }
  /** This tab now holds it. */
  | { readonly status: 'saved'; readonly experiment: SavedExperiment };

/** What one write stores. */
export interface Changes {
  readonly experiment: SavedExperiment;
  /** Runs with a newer checkpoint or newer measurements. */
  readonly runIds: ReadonlySet<string>;
  /** Creates the experiment if it is missing; otherwise a deleted experiment stays deleted. */
  readonly isNew: boolean;
}
