import type { RunConfig } from '../shared/config.ts';
import type { ErrorReport } from '../shared/errors.ts';
import type {
  Attack,
  AttackedImages,
  EngineDescription,
  EnginePreference,
  Evaluation,
  Progress,
} from '../shared/metrics.ts';

/** How far a run goes before it pauses by itself. */
export type Extent = 'end' | 'epoch' | 'step';

/**
 * Messages to the worker. Every run has an id of the page's making; a request about a run that the
 * worker does not (or no longer) hold is ignored, except `attack`, which is answered with an error.
 */
export type Request =
  /** First message: where the data are served, as an absolute URL with a trailing slash, and the engine. */
  | { readonly type: 'initialize'; readonly dataUrl: string; readonly engine: EnginePreference }
  /** Makes a run at step 0 and trains it as far as `extent`. */
  | {
      readonly type: 'start';
      readonly runId: string;
      readonly config: RunConfig;
      /** The attack that the run's evaluations use. */
      readonly attack: Attack;
      readonly extent: Extent;
    }
  /** Goes on with a paused run. */
  | { readonly type: 'resume'; readonly runId: string; readonly extent: Extent }
  /** Acknowledged at once by `paused`, which takes effect within one further step. */
  | { readonly type: 'pause'; readonly runId: string }
  /** Forgets the run and frees its memory. */
  | { readonly type: 'reset'; readonly runId: string }
  /** The attack of all later evaluations of the run. */
  | { readonly type: 'setAttack'; readonly runId: string; readonly attack: Attack }
  /** Attacks images with the run's present weights; answered by `attacked` with the same requestId. */
  | {
      readonly type: 'attack';
      readonly requestId: number;
      readonly runId: string;
      /** [n × 784], 0 to 1. */
      readonly images: Float32Array;
      /** [n], 0 to 9. */
      readonly labels: Uint8Array;
      readonly attack: Attack;
    }
  /** Asks for images of the test set; answered by `testImages` with the same requestId. */
  | {
      readonly type: 'testImages';
      readonly requestId: number;
      readonly first: number;
      readonly count: number;
    };

/** Messages from the worker. */
export type Event =
  /** The engine works; sent once, before any event of a run. */
  | { readonly type: 'engineReady'; readonly engine: EngineDescription }
  /** The engine does not start, or the worker cannot go on; no run works after it. */
  | { readonly type: 'engineFailed'; readonly error: ErrorReport }
  /** Loading of a part of the data; bytes are counted after decompression. */
  | {
      readonly type: 'dataProgress';
      readonly part: 'test' | 'training';
      readonly loadedBytes: number;
      readonly totalBytes: number;
    }
  | { readonly type: 'dataReady'; readonly part: 'test' | 'training' }
  | { readonly type: 'dataFailed'; readonly part: 'test' | 'training'; readonly error: ErrorReport }
  /** The run exists and its first step is about to start: data are there, shaders are compiled. */
  | { readonly type: 'started'; readonly runId: string; readonly progress: Progress }
  /** What a run that does not step yet, or for a moment, is doing. */
  | {
      readonly type: 'preparing';
      readonly runId: string;
      readonly activity: 'loading-data' | 'compiling' | 'evaluating';
    }
  /** A few times a second while the run trains. */
  | { readonly type: 'progressed'; readonly runId: string; readonly progress: Progress }
  | { readonly type: 'evaluated'; readonly runId: string; readonly evaluation: Evaluation }
  | { readonly type: 'epochCompleted'; readonly runId: string; readonly epoch: number }
  /** The run stands still: asked to, or at the end of its extent. */
  | { readonly type: 'paused'; readonly runId: string; readonly progress: Progress }
  | { readonly type: 'resumed'; readonly runId: string }
  /** All epochs are done and evaluated; the run's network stays available to `attack`. */
  | { readonly type: 'finished'; readonly runId: string; readonly progress: Progress }
  /** The run cannot go on. Its network, if any, stays available to `attack`. */
  | { readonly type: 'failed'; readonly runId: string; readonly error: ErrorReport }
  | { readonly type: 'attacked'; readonly requestId: number; readonly result: AttackedImages }
  | {
      readonly type: 'testImages';
      readonly requestId: number;
      /** [count × 784], 0 to 1. */
      readonly images: Float32Array;
      /** [count], 0 to 9. */
      readonly labels: Uint8Array;
    }
  /** The answer to a request with an id that could not be served. */
  | { readonly type: 'requestFailed'; readonly requestId: number; readonly error: ErrorReport };
