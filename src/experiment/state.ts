import type { CustomData } from '../domain/dataSet.ts';
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
import { defaultSetup } from './setup/presets.ts';
import { idleQuery, type QueryStatus } from './queries/createQuery.ts';
import type { Measurement } from './runs/measurements.ts';
import type { SmallestChanges } from './queries/smallestChanges.ts';
import type { PretrainedNetwork } from './queries/pretrainedNetwork.ts';
import type { AttackKind } from './runs/measurements.ts';
import { noRepeats, type Repeats } from './runs/repeats.ts';
import type { Run } from './runs/run.ts';
import { initialAttackEpsilon } from './initialAttackEpsilon.ts';
import type { Place } from './places.ts';
import { initialSelectedDigit, type SelectedDigit } from './selectedDigit.ts';
import type { Setup } from './setup/setup.ts';
import type { ExperimentSummary, ListedExperiment, UnreadableExperiment } from './storage/types.ts';
import { firstTabs, type OpenTabs } from './tabs.ts';
import type { TourStep } from './link/tour.ts';

export type { LabelledImages };
export type DataPart = Extract<ClientEvent, { type: 'dataReady' }>['part'];

/** Download progress of one part of MNIST; bytes as they travel, or of the user’s own files as they are read. */
export type DataState =
  | { readonly status: 'idle' | 'ready' }
  | { readonly status: 'loading'; readonly loadedBytes: number; readonly totalBytes: number }
  | { readonly status: 'failed'; readonly error: ErrorReport };

export type EngineState =
  | { readonly status: 'starting' }
  | { readonly status: 'ready'; readonly engine: EngineDescription }
  | { readonly status: 'failed'; readonly error: ErrorReport };

/** Filters the loaded digits by how many of the runs the attack fools. */
export const exampleFilters = ['all', 'fooled-any', 'fooled-all', 'fooled-none'] as const;
export type ExampleFilter = (typeof exampleFilters)[number];

/** Some test digits and every network's predictions for them, with the status of these results. */
export interface Examples extends QueryStatus {
  /** Index of the first one in the test set. */
  readonly first: number;
  readonly images: LabelledImages | null;
  /** Index of the first loaded image; differs from `first` while others are being loaded. */
  readonly loadedFirst: number;
  /** The newest results by id of the run or pretrained network; missing if it has not seen these images. */
  readonly results: Readonly<Record<string, AttackedImages>>;
}

/** The user's view of the experiment: part of a link, but never of a result. */
export interface View {
  readonly isLogarithmic: boolean;
  /** Weight of the past in the curves' moving average, 0 (measured values) to below 1. */
  readonly smoothing: number;
  readonly isCurveTable: boolean;
  readonly isRobustnessTable: boolean;
  readonly exampleFilter: ExampleFilter;
  /** Only examples of this digit, or null for all. */
  readonly exampleDigit: number | null;
}

/** Panels that a link may hide (`hide=…`), so that students see only what their lesson is about. */
export const hideablePanels = [
  'train',
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
  'experiments',
] as const;
export type HideablePanel = (typeof hideablePanels)[number];

/** Error rates of adversarial images crafted on one run and tested on another. */
export interface Transfer {
  readonly kind: AttackKind;
  readonly epsilon: number;
  readonly sampleCount: number;
  /** Runs in the order of rows (source networks) and columns (target networks). */
  readonly runIds: readonly string[];
  /** Weight updates of each run's network at the time of measurement. */
  readonly steps: readonly number[];
  /** errorRates[source][target], 0 to 1. */
  readonly errorRates: readonly (readonly number[])[];
}

/** Robustness measurements: sweeps over attack ε, and transfer between runs. Each run stores its own curves. */
export interface Robustness {
  /** Completed and total measurements in progress, or null while nothing is measured. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly transfer: Transfer | null;
  /** The smallest changes that fool each network, by its id. */
  readonly smallest: Readonly<Record<string, SmallestChanges>>;
  /**
   * Each run's curve under PGD in the Euclidean norm. Beside its other measurements, not among them: its ε is another
   * quantity.
   */
  readonly l2: Readonly<Record<string, readonly Measurement[]>>;
  readonly error: ErrorReport | null;
}

/** Experiments that are listed until more are asked for. */
export const newestCount = 4;

/** Experiments of earlier visits. */
export interface ArchiveState {
  /** Null until they were loaded. */
  readonly experiments: readonly ListedExperiment[] | null;
  /** Experiments that take up storage but can only be deleted. */
  readonly unreadable: readonly UnreadableExperiment[];
  /** How many are listed, the newest. */
  readonly atMost: number;
  /** Of all saved experiments, listed or not. */
  readonly count: number;
  /** Their approximate size in storage. */
  readonly bytes: number;
  /** Why nothing can be saved; training continues without. */
  readonly error: ErrorReport | null;
}

/** A message for the user, until it is dismissed. */
export interface Notice {
  readonly id: number;
  readonly kind: 'link' | 'recovery' | 'continued' | 'kept' | 'import';
  readonly sentences: readonly string[];
  /** A saved experiment that a button opens. */
  readonly opens?: { readonly experimentId: string; readonly label: string };
}

/** The user's own files, and how they are read. */
export interface ChosenFiles {
  readonly files: readonly File[];
  /** Null: by the names of the files. */
  readonly isTransposed: boolean | null;
}

/** The user's own files instead of MNIST. */
export interface CustomDataState {
  /** The data set for training, or null for MNIST. */
  readonly loaded: CustomData | null;
  /** Its files, or null for MNIST. */
  readonly files: readonly File[] | null;
  /**
   * Whether images are transposed while they are read: the loaded ones, or, while there are none, the
   * next ones.
   */
  readonly isTransposed: boolean;
  /** Sentences about how they were read. */
  readonly notes: readonly string[];
  readonly isReading: boolean;
  /** Files that the user chose and that are still being read; null if none are, or a folder is still being listed. */
  readonly reading: ChosenFiles | null;
  /** Files that MNIST replaced, or that an engine failed on. The user can choose them again. Null if there are none. */
  readonly previousFiles: ChosenFiles | null;
  /** How often the user chose data, so that results of an earlier choice can be ignored. */
  readonly turn: number;
  /** Why the files that were chosen last are invalid. */
  readonly error: ErrorReport | null;
  /** A saved experiment that resumes when its files are chosen. */
  readonly awaitedExperimentId: string | null;
}

export const initialCustomData: CustomDataState = {
  loaded: null,
  files: null,
  isTransposed: false,
  notes: [],
  isReading: false,
  reading: null,
  previousFiles: null,
  turn: 0,
  error: null,
  awaitedExperimentId: null,
};

/** The state of the whole page. */
export interface LabState {
  readonly setup: Setup;
  /** Largest change of a pixel in attacks, for evaluations, examples and results alike. */
  readonly attackEpsilon: number;
  readonly view: View;
  readonly hiddenPanels: readonly HideablePanel[];
  /** The part of the page that is shown. */
  readonly place: Place;
  readonly openTabs: OpenTabs;
  /** The step of the guided tour, or null if it is not open. */
  readonly tourStep: TourStep | null;
  /** Whether the lab's first screen is shown alone and large, for a projector. */
  readonly isPresenting: boolean;
  /** The engine that the user prefers. */
  readonly enginePreference: EnginePreference;
  readonly engine: EngineState;
  readonly data: Readonly<Record<DataPart, DataState>>;
  readonly customData: CustomDataState;
  /** Identifies this experiment here and in the archive; null while there is none. */
  readonly experimentId: string | null;
  /** The experiment: 1 to 4 runs, or none before the first. */
  readonly runs: readonly Run[];
  /** The same experiment with further seeds. */
  readonly repeats: Repeats;
  /** Pretrained networks; empty until they have been loaded once. */
  readonly pretrained: readonly PretrainedNetwork[];
  /** Why they could not be loaded. */
  readonly pretrainedError: ErrorReport | null;
  readonly examples: Examples;
  readonly drawing: DrawingState;
  readonly selectedDigit: SelectedDigit;
  readonly inspection: InspectionState;
  readonly directions: DirectionsState;
  readonly robustness: Robustness;
  readonly archive: ArchiveState;
  /** Saved experiments that are shown beside the present one. */
  readonly references: readonly ExperimentSummary[];
  readonly notices: readonly Notice[];
}

/** Number of examples loaded at once. */
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

export const idleRobustness: Robustness = {
  progress: null,
  transfer: null,
  smallest: {},
  l2: {},
  error: null,
};

export function createInitialState(): LabState {
  return {
    setup: defaultSetup,
    attackEpsilon: initialAttackEpsilon,
    view: defaultView,
    hiddenPanels: [],
    place: 'lab',
    openTabs: firstTabs,
    tourStep: null,
    isPresenting: false,
    enginePreference: 'auto',
    engine: { status: 'starting' },
    data: idleData,
    customData: initialCustomData,
    experimentId: null,
    runs: [],
    repeats: noRepeats,
    pretrained: [],
    pretrainedError: null,
    examples: emptyExamples,
    drawing: initialDrawing,
    selectedDigit: initialSelectedDigit,
    inspection: initialInspection,
    directions: initialDirections,
    robustness: idleRobustness,
    archive: {
      experiments: null,
      unreadable: [],
      atMost: newestCount,
      count: 0,
      bytes: 0,
      error: null,
    },
    references: [],
    notices: [],
  };
}
