import type { NormalizedDigit } from '../../data/drawing/normalizeDigit.ts';
import type { ErrorReport } from '../../shared/errors.ts';
import type { Attack } from '../../shared/metrics.ts';
import type { AttackKind } from '../readings.ts';
import type { SmallestEpsilon } from '../smallestEpsilon.ts';
import type { Answer } from './answer.ts';
import { emptyPad, type Pad, penThickness } from './pad.ts';
import { noTransform, type Transform } from './transform.ts';

/** How the drawing is attacked; ε is the page's. */
export interface DrawingAttack {
  readonly kind: AttackKind;
  /** The digit that answers shall become; null: any other than before. Random signs know no aim. */
  readonly towards: number | null;
}

/** One network's answer to the drawing before and after an attack on it. */
export interface AttackedDrawing {
  readonly before: Answer;
  readonly after: Answer;
  /** [784] */
  readonly image: Float32Array;
}

/** An attack on every network, and each attack tried on the others. */
export interface DrawingAttackResult {
  /** [784] what was attacked. */
  readonly input: Float32Array;
  readonly attack: Attack;
  /** By network. */
  readonly results: Readonly<Record<string, AttackedDrawing>>;
  /** transfer[made on][tried on] */
  readonly transfer: Readonly<Record<string, Readonly<Record<string, Answer>>>>;
}

/** What was found on one network. */
export interface SearchResult extends SmallestEpsilon {
  readonly before: Answer;
  /** Weight updates of the run when it was searched; null: of a network that does not train. */
  readonly step: number | null;
}

/** A search of the smallest ε on every network in turn. */
export interface DrawingSearch {
  readonly towards: number | null;
  readonly results: Readonly<Record<string, SearchResult>>;
  /** What is being tried; null when the search has ended. */
  readonly trial: {
    readonly networkId: string;
    /** Null while the network is brought to stand still. */
    readonly epsilon: number | null;
    /** Of all networks together, 0 to 1. */
    readonly done: number;
  } | null;
  /** Why it ended early. */
  readonly error: ErrorReport | null;
}

export interface DrawingState {
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
  /** The input that the answers are to: for a moment an older one, while somebody draws. */
  readonly answeredInput: Float32Array | null;
  /** [10] probabilities by network. */
  readonly answers: Readonly<Record<string, Float32Array>>;
  readonly attack: DrawingAttack;
  /** Whether attacks on the drawing are looked at, and so to be kept up to date. */
  readonly isAttackShown: boolean;
  readonly attacked: DrawingAttackResult | null;
  readonly search: DrawingSearch | null;
  readonly error: ErrorReport | null;
}

export const initialDrawing: DrawingState = {
  pad: emptyPad,
  past: [],
  isPenDown: false,
  thickness: penThickness.initial,
  normalized: null,
  transform: noTransform,
  input: null,
  answeredInput: null,
  answers: {},
  attack: { kind: 'fgsm', towards: null },
  isAttackShown: true,
  attacked: null,
  search: null,
  error: null,
};
