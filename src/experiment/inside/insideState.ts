import type { ErrorReport } from '../../domain/errors.ts';
import type {
  Inspected,
  InspectionKind,
  Pictures,
  QuestionOf,
} from '../../domain/analysis/inspection.ts';
import { idleQuery, type QueryStatus } from '../queries/createQuery.ts';
import type { AttackKind } from '../runs/measurements.ts';

/** The results of all networks for one query. */
export interface Inspection<K extends InspectionKind> extends QueryStatus {
  /** The query that the results belong to; null before the first ones. */
  readonly question: QuestionOf<K> | null;
  /** By network id. */
  readonly answers: Readonly<Record<string, Inspected<K>>>;
}

export type InsideView = Exclude<InspectionKind, 'samples'>;

/** Units on a page of weights; the larger number means all. */
export const unitsPerPage = 24;
export const allUnits = 2048;

export const predictionSizes = { quick: 1000, full: 10_000 } as const;
export type PredictionSize = keyof typeof predictionSizes;

export interface InsideChoices {
  readonly firstUnit: number;
  readonly areAllUnitsShown: boolean;
  readonly attackKind: AttackKind;
  readonly predictionSize: PredictionSize;
}

/** The position of a cell in the confusion matrices. */
export interface CellPlace {
  readonly networkId: string;
  readonly isAttacked: boolean;
  readonly label: number;
  readonly prediction: number;
}

/** A cell whose images are shown. */
export interface OpenCell extends CellPlace {
  readonly wanted: number;
  /** Indices of all its images in the set. */
  readonly indices: readonly number[];
  /** The first of them; null until they are loaded. */
  readonly samples: Pictures | null;
  readonly error: ErrorReport | null;
}

export type Inspections = { readonly [K in InsideView]: Inspection<K> };

export interface InsideState extends Inspections {
  /** The visible view; null if none is, and then nothing is computed. */
  readonly view: InsideView | null;
  readonly choices: InsideChoices;
  readonly cell: OpenCell | null;
}

const noInspection = { question: null, answers: {}, ...idleQuery } as const;

export const initialInside: InsideState = {
  weights: noInspection,
  gradients: noInspection,
  attackPredictions: noInspection,
  losses: noInspection,
  view: null,
  choices: {
    firstUnit: 0,
    areAllUnitsShown: false,
    attackKind: 'fgsm',
    predictionSize: 'quick',
  },
  cell: null,
};
