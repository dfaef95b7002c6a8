import type { ErrorReport } from '../../shared/errors.ts';
import type { Inspected, InspectionKind, Pictures, QuestionOf } from '../../shared/inspection.ts';
import type { AttackKind } from '../readings.ts';

/** What networks answered to a question, all in one round. */
export interface Look<K extends InspectionKind> {
  /** The question that the answers are to; null before the first ones. */
  readonly question: QuestionOf<K> | null;
  /** By network. */
  readonly answers: Readonly<Record<string, Inspected<K>>>;
  /** Networks that have answered in the round under way, of how many; null while there is none. */
  readonly round: { readonly done: number; readonly total: number } | null;
  readonly error: ErrorReport | null;
}

/** Views of which one at a time is looked at and kept up to date. */
export const insideViews = ['weights', 'gradients', 'outcomes', 'losses'] as const;
export type InsideView = (typeof insideViews)[number];

/** The digit that gradients and losses are of. */
export type Subject =
  | {
      readonly kind: 'test';
      /** Among the loaded examples. */
      readonly index: number;
    }
  | {
      readonly kind: 'drawing';
      /** The digit that it shall be; null: what most networks read. */
      readonly label: number | null;
    };

/** Units on a page of weights; the larger number stands for all. */
export const unitsPerPage = 24;
export const allUnits = 2048;

/** Images that outcomes are counted on. */
export const outcomeSizes = { quick: 1000, full: 10_000 } as const;
export type OutcomeSize = keyof typeof outcomeSizes;

export interface InsideChoices {
  readonly firstUnit: number;
  readonly areAllUnitsShown: boolean;
  readonly subject: Subject;
  readonly attackKind: AttackKind;
  readonly outcomeSize: OutcomeSize;
}

/** A cell of a confusion matrix whose images are looked at. */
export interface OpenCell {
  readonly networkId: string;
  readonly isAttacked: boolean;
  readonly label: number;
  readonly answer: number;
  /** How many of its images are wanted. */
  readonly wanted: number;
  /** Places of all its images in the set. */
  readonly indices: readonly number[];
  /** The first of them; null until they are there. */
  readonly pictures: Pictures | null;
  readonly error: ErrorReport | null;
}

export type Looks = { readonly [K in InsideView]: Look<K> };

export interface InsideState extends Looks {
  /** What is looked at now; null: nothing, and nothing is computed. */
  readonly view: InsideView | null;
  readonly choices: InsideChoices;
  readonly cell: OpenCell | null;
}

const noLook = { question: null, answers: {}, round: null, error: null } as const;

export const initialInside: InsideState = {
  weights: noLook,
  gradients: noLook,
  outcomes: noLook,
  losses: noLook,
  view: null,
  choices: {
    firstUnit: 0,
    areAllUnitsShown: false,
    subject: { kind: 'test', index: 0 },
    attackKind: 'fgsm',
    outcomeSize: 'quick',
  },
  cell: null,
};
