import type { NormalizedDigit } from '../../digits/normalizeDigit.ts';
import type { ErrorReport } from '../../domain/errors.ts';
import type { Attack } from '../../domain/metrics.ts';
import { idleQuery, type QueryStatus } from '../queries/createQuery.ts';
import type { AttackKind } from '../runs/measurements.ts';
import type { SmallestEpsilon } from '../queries/smallestEpsilon.ts';
import { emptyPad, type Pad, penThickness } from './pad.ts';
import type { Prediction } from './prediction.ts';
import { noTransform, type Transform } from '../../digits/transform.ts';

/** How the drawing is attacked; ε is the page's. */
export interface DrawingAttack {
  readonly kind: AttackKind;
  /** The digit that networks should predict; null: any other than before. Random signs have no target. */
  readonly target: number | null;
}

/** One network's predictions for the drawing before and after an attack on it. */
export interface AttackedDrawing {
  readonly before: Prediction;
  readonly after: Prediction;
  /** [784] */
  readonly image: Float32Array;
}

/** An attack on every network, and each attack tested on the others. */
export interface DrawingAttackResult {
  /** [784] what was attacked. */
  readonly input: Float32Array;
  readonly attack: Attack;
  /** By network. */
  readonly results: Readonly<Record<string, AttackedDrawing>>;
  /** transfer[source network][target network] */
  readonly transfer: Readonly<Record<string, Readonly<Record<string, Prediction>>>>;
}

/** What was found on one network. */
export interface SearchResult extends SmallestEpsilon {
  readonly before: Prediction;
  /** Weight updates of the run when it was searched; null: of a network that does not train. */
  readonly step: number | null;
}

/** A search of the smallest ε on every network in turn. */
export interface DrawingSearch {
  readonly target: number | null;
  readonly results: Readonly<Record<string, SearchResult>>;
  /** What is being tried; null when the search has ended. */
  readonly trial: {
    readonly networkId: string;
    /** Null while the network is being pinned. */
    readonly epsilon: number | null;
    /** Of all networks together, 0 to 1. */
    readonly done: number;
  } | null;
  /** Why it ended early. */
  readonly error: ErrorReport | null;
}

/** The drawing, with the status of the predictions for it. */
export interface DrawingState extends QueryStatus {
  readonly pad: Pad;
  /** The pad before each change, newest last. */
  readonly past: readonly Pad[];
  readonly isPenDown: boolean;
  /** Of the pen, as a part of the pad's side. */
  readonly thickness: number;
  /** The pad as MNIST would have it, with the steps on the way; null while the pad is empty. */
  readonly normalized: NormalizedDigit | null;
  readonly transform: Transform;
  /** [784] what the networks are asked about; null while there is nothing. */
  readonly input: Float32Array | null;
  /** The input that the predictions are for: for a moment an older one, while someone draws. */
  readonly predictedInput: Float32Array | null;
  /** [10] probabilities by network. */
  readonly predictions: Readonly<Record<string, Float32Array>>;
  readonly attack: DrawingAttack;
  /** Whether someone looks at attacks on the drawing: only then are they made. */
  readonly isAttackShown: boolean;
  readonly attacked: DrawingAttackResult | null;
  readonly search: DrawingSearch | null;
}

export const initialDrawing: DrawingState = {
  pad: emptyPad,
  past: [],
  isPenDown: false,
  thickness: penThickness.initial,
  normalized: null,
  transform: noTransform,
  input: null,
  predictedInput: null,
  predictions: {},
  attack: { kind: 'fgsm', target: null },
  isAttackShown: true,
  attacked: null,
  search: null,
  ...idleQuery,
};
