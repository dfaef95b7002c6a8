import type { ErrorReport } from '../../domain/errors.ts';
import type {
  Inspected,
  InspectionKind,
  Pictures,
  QuestionOf,
} from '../../domain/analysis/inspection.ts';
import { idleQuery, type QueryStatus } from '../queries/createQuery.ts';
import type { AttackKind } from '../runs/measurements.ts';

/** What all networks answered to a question. */
export interface Inspection<K extends InspectionKind> extends QueryStatus {
  /** The question that the answers are to; null before the first ones. */
  readonly question: QuestionOf<K> | null;
  /** By network. */
  readonly answers: Readonly<Record<string, Inspected<K>>>;
}

/** Views of which one at a time is on the screen and kept fresh. */
export const insideViews = ['weights', 'gradients', 'outcomes', 'losses'] as const;
export type InsideView = (typeof insideViews)[number];

/** Units on a page of weights; the larger number stands for all. */
export const unitsPerPage = 24;
export const allUnits = 2048;

/** Images whose predictions are counted. */
export const predictionSizes = { quick: 1000, full: 10_000 } as const;
export type PredictionSize = keyof typeof predictionSizes;

export interface InsideChoices {
  readonly firstUnit: number;
  readonly areAllUnitsShown: boolean;
  readonly attackKind: AttackKind;
  readonly predictionSize: PredictionSize;
}

/** Where a cell is in the confusion matrices. */
export interface CellPlace {
  readonly networkId: string;
  readonly isAttacked: boolean;
  readonly label: number;
  readonly prediction: number;
}

/** A cell whose images are shown. */
export interface OpenCell extends CellPlace {
  /** How many of its images are wanted. */
  readonly wanted: number;
  /** Places of all its images in the set. */
  readonly indices: readonly number[];
  /** The first of them; null until they are there. */
  readonly samples: Pictures | null;
  readonly error: ErrorReport | null;
}

export type Inspections = { readonly [K in InsideView]: Inspection<K> };

export interface InsideState extends Inspections {
  /** What is on the screen; null: nothing, and nothing is computed. */
  readonly view: InsideView | null;
  readonly choices: InsideChoices;
  readonly cell: OpenCell | null;
}

const noInspection = { question: null, answers: {}, ...idleQuery } as const;

export const initialInside: InsideState = {
  weights: noInspection,
  gradients: noInspection,
  outcomes: noInspection,
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
