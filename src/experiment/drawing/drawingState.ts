import type { NormalizedDigit } from '../../digits/normalizeDigit.ts';
import type { ErrorReport } from '../../domain/errors.ts';
import type { Attack } from '../../domain/metrics.ts';
import { idleQuery, type QueryStatus } from '../queries/createQuery.ts';
import type { AttackKind } from '../runs/measurements.ts';
import type { SmallestEpsilon } from '../queries/smallestEpsilon.ts';
import { emptyPad, type Pad, penThickness } from './pad.ts';
import type { Prediction } from './prediction.ts';
import { noTransform, type Transform } from '../../digits/transform.ts';

/** How the drawing is attacked; ε is the page's attack ε. */
export interface DrawingAttack {
  readonly kind: AttackKind;
  /** The target digit, or null for an untargeted attack. Random signs have no target. */
  readonly target: number | null;
}

/** One network's predictions for the drawing before and after an attack on it. */
export interface AttackedDrawing {
  readonly before: Prediction;
  readonly after: Prediction;
  /** [784] */
  readonly image: Float32Array;
}

/** An attack on every network, with each attack tested on the others. */
export interface DrawingAttackResult {
  /** [784] the attacked image. */
  readonly input: Float32Array;
  readonly attack: Attack;
  /** By network id. */
  readonly results: Readonly<Record<string, AttackedDrawing>>;
  /** transfer[source network][target network] */
  readonly transfer: Readonly<Record<string, Readonly<Record<string, Prediction>>>>;
}

/** The search result for one network. */
export interface SearchResult extends SmallestEpsilon {
  readonly before: Prediction;
  /** The largest ε that is proven to leave the prediction unchanged; null if a target was searched for. */
  readonly provenEpsilon: number | null;
  /** Weight updates of the run at the time of the search, or null for a network that does not train. */
  readonly step: number | null;
}

/** A search for the smallest ε on every network one after another. */
export interface DrawingSearch {
  readonly target: number | null;
  readonly results: Readonly<Record<string, SearchResult>>;
  /** The present trial; null when the search has ended. */
  readonly trial: {
    readonly networkId: string;
    /** Null while the network is being pinned. */
    readonly epsilon: number | null;
    /** Over all networks, 0 to 1. */
    readonly done: number;
  } | null;
  /** Why it ended early. */
  readonly error: ErrorReport | null;
}

/** The drawing, with the status of its predictions for it. */
export interface DrawingState extends QueryStatus {
  readonly pad: Pad;
  /** The pad before each change, newest last. */
  readonly past: readonly Pad[];
  readonly isPenDown: boolean;
  /** Width of the pen as a fraction of the pad's side. */
  readonly thickness: number;
  /** The strokes in MNIST's format with the intermediate steps; null while there are none. */
  readonly normalized: NormalizedDigit | null;
  readonly transform: Transform;
  /** [784] the input to the networks; null while there is none. */
  readonly input: Float32Array | null;
  /** The input that the predictions belong to; briefly an older one while the user draws. */
  readonly predictedInput: Float32Array | null;
  /** [10] probabilities by network id. */
  readonly predictions: Readonly<Record<string, Float32Array>>;
  readonly attack: DrawingAttack;
  /** Whether attacks on the drawing are visible: they are computed only then. */
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
  attack: { kind: 'margin-pgd', target: null },
  isAttackShown: false,
  attacked: null,
  search: null,
  ...idleQuery,
};
