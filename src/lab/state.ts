import { defaultAttackEpsilon, defaultConfig } from '../shared/config.ts';
import type { ErrorReport } from '../shared/errors.ts';
import type {
  Attack,
  AttackedImages,
  EngineDescription,
  EnginePreference,
} from '../shared/metrics.ts';
import type { ClientEvent, LabelledImages } from '../worker/client.ts';
import type { Run } from './run.ts';
import { draftOf, readDraft, type Settings } from './settings.ts';

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

/** Some digits of the test set and what the run's network answers to them. */
export interface Examples {
  /** Place of the first one in the test set. */
  readonly first: number;
  readonly images: LabelledImages | null;
  /** The newest answer; null while no network has seen these images. */
  readonly result: AttackedImages | null;
  readonly isAttacking: boolean;
  readonly error: ErrorReport | null;
}

/** Everything the page knows. */
export interface LabState {
  readonly settings: Settings;
  /** Largest change of a pixel under attack, for evaluations and examples alike. */
  readonly attackEpsilon: number;
  /** Which engine the person wants. */
  readonly enginePreference: EnginePreference;
  readonly engine: EngineState;
  readonly data: Readonly<Record<DataPart, DataState>>;
  readonly run: Run | null;
  readonly examples: Examples;
}

/** Digits shown at once, and images in the test set. */
export const exampleCount = 8;
export const testSetSize = 10_000;

/** The one attack of this page; what a person sees is always clipped to the valid pixel range. */
export function makePageAttack(epsilon: number): Attack {
  return { kind: 'fgsm', epsilon, clip: true };
}

export const idleData: LabState['data'] = {
  test: { status: 'idle' },
  training: { status: 'idle' },
};

export function createInitialState(): LabState {
  return {
    settings: readDraft(draftOf(defaultConfig)),
    attackEpsilon: defaultAttackEpsilon,
    enginePreference: 'auto',
    engine: { status: 'starting' },
    data: idleData,
    run: null,
    examples: { first: 0, images: null, result: null, isAttacking: false, error: null },
  };
}
