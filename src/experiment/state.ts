import { defaultAttackEpsilon } from '../domain/settings/config.ts';
import type { OwnData } from '../domain/dataSet.ts';
import type { ErrorReport } from '../domain/errors.ts';
import type { AttackedImages, EngineDescription, EnginePreference } from '../domain/metrics.ts';
import type { ClientEvent, LabelledImages } from '../worker/client.ts';
import { type DrawingState, initialDrawing } from './drawing/drawingState.ts';
import {
  type DirectionsState,
  initialDirections,
  initialInspection,
  type InspectionState,
} from './inspection/inspectionState.ts';
import { defaultPreset, setupOfPreset } from './setup/presets.ts';
import { idleQuery, type QueryStatus } from './queries/createQuery.ts';
import type { PretrainedNetwork } from './queries/pretrainedNetwork.ts';
import type { AttackKind } from './runs/measurements.ts';
import type { Run } from './runs/run.ts';
import { initialSelectedDigit, type SelectedDigit } from './selectedDigit.ts';
import type { Setup } from './setup/setup.ts';
import type { ExperimentSummary, UnreadableExperiment } from './storage/types.ts';
import type { TourStep } from './link/tour.ts';

export type { LabelledImages };
export type DataPart = Extract<ClientEvent, { type: 'dataReady' }>['part'];

/** Loading of one part of MNIST; bytes are counted after decompression. */
export type DataState =
  | { readonly status: 'idle' | 'ready' }
  | { readonly status: 'loading'; readonly loadedBytes: number; readonly totalBytes: number }
  | { readonly status: 'failed'; readonly error: ErrorReport };

export type EngineState =
  | { readonly status: 'starting' }
  | { readonly status: 'ready'; readonly engine: EngineDescription }
  | { readonly status: 'failed'; readonly error: ErrorReport };

/** Which of the loaded digits are shown, by how many of the runs the attack fools. */
export const exampleFilters = ['all', 'fooled-any', 'fooled-all', 'fooled-none'] as const;
export type ExampleFilter = (typeof exampleFilters)[number];

/** Some digits of the test set and what each network predicts for them, with the status of these results. */
export interface Examples extends QueryStatus {
  /** Place of the first one in the test set. */
  readonly first: number;
  readonly images: LabelledImages | null;
  /** Place of the first of the loaded images; another one than `first` while others are being loaded. */
  readonly loadedFirst: number;
  /** The newest results by run, or by pretrained network; missing for those that have not seen these images. */
  readonly results: Readonly<Record<string, AttackedImages>>;
}

/** How a person looks at the race: part of a link, and never of a result. */
export interface View {
  readonly isLogarithmic: boolean;
  /** Weight of the past in the curves' moving average, 0 (measured values) to below 1. */
  readonly smoothing: number;
  readonly isCurveTable: boolean;
  readonly isRobustnessTable: boolean;
  readonly exampleFilter: ExampleFilter;
  /** Only examples of this digit; null: of all. */
  readonly exampleDigit: number | null;
}

/** Panels that a link may hide (`hide=…`), so that a class sees only what its lesson is about. */
export const hideablePanels = [
  'setup',
  'advanced',
  'curves',
  'draw',
  'examples',
  'robustness',
  'how',
  'inside',
  'paper',
  'code',
  'results',
  'races',
] as const;
export type HideablePanel = (typeof hideablePanels)[number];

/** Error rates of examples made on one run and tested on another. */
export interface Transfer {
  readonly kind: AttackKind;
  readonly epsilon: number;
  readonly sampleCount: number;
  /** Runs in the order of rows (source networks) and columns (target networks). */
  readonly runIds: readonly string[];
  /** Weight updates of each run's network at that moment. */
  readonly steps: readonly number[];
  /** errorRates[source][target], 0 to 1. */
  readonly errorRates: readonly (readonly number[])[];
}

/** Measuring robustness: sweeps over attack ε, and transfer between runs. Curves are in the runs' readings. */
export interface Robustness {
  /** Measurements done and to do of what is under way; null while nothing is measured. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly transfer: Transfer | null;
  readonly error: ErrorReport | null;
}

/** Races of earlier visits. */
export interface ArchiveState {
  /** Null until they were looked up. */
  readonly races: readonly ExperimentSummary[] | null;
  /** Races that take room, but can only be deleted. */
  readonly unreadable: readonly UnreadableExperiment[];
  /** Why nothing can be kept; training goes on without. */
  readonly error: ErrorReport | null;
}

/** Something that a person should know, until it is dismissed. */
export interface Notice {
  readonly id: number;
  readonly kind: 'link' | 'recovery' | 'continued' | 'kept' | 'import';
  readonly sentences: readonly string[];
  /** A kept race that a button opens. */
  readonly opens?: { readonly experimentId: string; readonly label: string };
}

/** A person's own files, and how they are read. */
export interface ChosenFiles {
  readonly files: readonly File[];
  readonly isTransposed: boolean;
}

/** A person's own files in the place of MNIST. */
export interface OwnDataState {
  /** The data set that training would use; null: MNIST. */
  readonly loaded: OwnData | null;
  /** Its files; null: MNIST. */
  readonly files: readonly File[] | null;
  /**
   * Whether images are transposed while they are read: those that are loaded, or, while there are none, those
   * that are chosen next.
   */
  readonly isTransposed: boolean;
  readonly isReading: boolean;
  /** Files that a person chose and that are still being read; null: none, or nobody knows yet what a folder holds. */
  readonly reading: ChosenFiles | null;
  /** Files that MNIST took the place of, or that an engine failed on. They can be chosen again; null: there are none. */
  readonly previousFiles: ChosenFiles | null;
  /** How often a person chose data: what was chosen before is not waited for any more. */
  readonly turn: number;
  /** Why the files that were chosen last are none. */
  readonly error: ErrorReport | null;
  /** A kept race that goes on when its files are chosen. */
  readonly awaitedExperimentId: string | null;
}

export const initialOwnData: OwnDataState = {
  loaded: null,
  files: null,
  isTransposed: false,
  isReading: false,
  reading: null,
  previousFiles: null,
  turn: 0,
  error: null,
  awaitedExperimentId: null,
};

/** Everything the page knows. */
export interface LabState {
  readonly setup: Setup;
  /** Largest change of a pixel under attack, for evaluations, examples and results alike. */
  readonly attackEpsilon: number;
  readonly view: View;
  readonly hiddenPanels: readonly HideablePanel[];
  /** Where the guided tour is; null: nobody takes it. */
  readonly tourStep: TourStep | null;
  /** Which engine the person wants. */
  readonly enginePreference: EnginePreference;
  readonly engine: EngineState;
  readonly data: Readonly<Record<DataPart, DataState>>;
  readonly ownData: OwnDataState;
  /** Tells this race from others, here and in the archive; null while there is none. */
  readonly experimentId: string | null;
  /** The race: 1 to 4 runs, or none before the first. */
  readonly runs: readonly Run[];
  /** Networks that came with the page; empty until they were loaded once. */
  readonly pretrained: readonly PretrainedNetwork[];
  /** Why there are none. */
  readonly pretrainedError: ErrorReport | null;
  readonly examples: Examples;
  readonly drawing: DrawingState;
  readonly selectedDigit: SelectedDigit;
  readonly inspection: InspectionState;
  readonly directions: DirectionsState;
  readonly robustness: Robustness;
  readonly archive: ArchiveState;
  /** Kept races that are shown beside the present one. */
  readonly references: readonly ExperimentSummary[];
  readonly notices: readonly Notice[];
}

/** Examples loaded at once. */
export const exampleCount = 48;

export const idleData: LabState['data'] = {
  test: { status: 'idle' },
  training: { status: 'idle' },
};

export const defaultView: View = {
  isLogarithmic: false,
  smoothing: 0,
  isCurveTable: false,
  isRobustnessTable: false,
  exampleFilter: 'all',
  exampleDigit: null,
};
export const emptyExamples: Examples = {
  first: 0,
  images: null,
  loadedFirst: 0,
  results: {},
  ...idleQuery,
};

export const idleRobustness: Robustness = { progress: null, transfer: null, error: null };

export function createInitialState(): LabState {
  return {
    setup: setupOfPreset(defaultPreset),
    attackEpsilon: defaultAttackEpsilon,
    view: defaultView,
    hiddenPanels: [],
    tourStep: null,
    enginePreference: 'auto',
    engine: { status: 'starting' },
    data: idleData,
    ownData: initialOwnData,
    experimentId: null,
    runs: [],
    pretrained: [],
    pretrainedError: null,
    examples: emptyExamples,
    drawing: initialDrawing,
    selectedDigit: initialSelectedDigit,
    inspection: initialInspection,
    directions: initialDirections,
    robustness: idleRobustness,
    archive: { races: null, unreadable: [], error: null },
    references: [],
    notices: [],
  };
}
