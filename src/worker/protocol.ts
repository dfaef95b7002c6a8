import type { ImageSet } from '../data/imageSet.ts';
import type { DataPart } from '../data/mnistFiles.ts';
import type { Checkpoint, LayerCheckpoint } from '../shared/checkpoint.ts';
import type { RunConfig } from '../shared/config.ts';
import type { DirectionMeasures } from '../shared/directionMeasures.ts';
import type { OwnData } from '../shared/dataSet.ts';
import type { ErrorReport } from '../shared/errors.ts';
import type { Inspected, InspectionKind, InspectionQuestion } from '../shared/inspection.ts';
import type {
  Attack,
  AttackedImages,
  EngineDescription,
  EnginePreference,
  Evaluation,
  LossPoint,
  Progress,
} from '../shared/metrics.ts';
import type { PreparedImages } from '../shared/preparedImages.ts';
import type { StepInspection } from '../shared/stepInspection.ts';

/**
 * How far a run goes before it pauses by itself; `none` makes its network and stands still. `half-step` makes
 * what the next step trains on or, where that is done, updates with it.
 */
export type Extent = 'end' | 'epoch' | 'step' | 'half-step' | 'none';

/**
 * Messages to a worker. Every run has an id of the page's making; a request about a run that the
 * worker does not (or no longer) hold is ignored, except `attack`, which is answered with an error.
 */
export type Request =
  /** First message. */
  | {
      readonly type: 'initialize';
      /** Where the data are served, as an absolute URL with a trailing slash; null: they are provided. */
      readonly dataUrl: string | null;
      readonly engine: EnginePreference;
    }
  /** Data that another worker has loaded, in shared memory, and which data set they are of. */
  | {
      readonly type: 'provideData';
      readonly part: DataPart;
      readonly set: ImageSet;
      readonly dataSet: OwnData | null;
    }
  /**
   * Puts a person's own files, or with null MNIST, in the place of the present data set; before any run.
   * Answered by `dataUsed`; data that cannot be read leave the present ones.
   */
  | {
      readonly type: 'useData';
      readonly requestId: number;
      readonly files: readonly File[] | null;
      /** Whether the images of IDX files lie transposed, as EMNIST's do, and are to be turned upright. */
      readonly isTransposed: boolean;
    }
  /** Data that another worker could not load; those who wait for them fail with this error. */
  | { readonly type: 'withholdData'; readonly part: DataPart; readonly error: ErrorReport }
  /** Computes with so many threads from now on, where the engine has threads. */
  | { readonly type: 'useThreads'; readonly threads: number }
  /** Makes a run, at step 0 or where a checkpoint was taken, and trains it as far as `extent`. */
  | {
      readonly type: 'start';
      readonly runId: string;
      readonly config: RunConfig;
      /** The attack that the run's evaluations use. */
      readonly attack: Attack;
      readonly extent: Extent;
      readonly checkpoint: Checkpoint | null;
      /** Whether the run waits after each evaluation until `allow` lets it go on. */
      readonly isInLockstep: boolean;
    }
  /**
   * Holds a network that was trained elsewhere, which `attack`, `classify`, `inspectStep`, `freeze`, `measure`
   * and `reset` take for a run's; no training images are needed. Answered by `loaded`.
   */
  | {
      readonly type: 'load';
      readonly requestId: number;
      readonly runId: string;
      readonly config: RunConfig;
      /** Weight updates that made it. */
      readonly step: number;
      /** Input side first. */
      readonly layers: readonly Pick<LayerCheckpoint, 'rows' | 'columns' | 'parameters'>[];
    }
  /** A run in lockstep may leave evaluations up to this epoch (a fraction within an epoch). */
  | { readonly type: 'allow'; readonly runId: string; readonly epoch: number }
  /** Goes on with a paused run. */
  | { readonly type: 'resume'; readonly runId: string; readonly extent: Extent }
  /** Acknowledged at once by `paused`, which takes effect within one further step and the evaluation after it. */
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
      /** [n × features], 0 to 1. */
      readonly images: Float32Array;
      /** [n], 0 to 9. */
      readonly labels: Uint8Array;
      readonly attack: Attack;
    }
  /** Copies the run's present network, to be measured while training goes on; answered by `frozen`. */
  | { readonly type: 'freeze'; readonly requestId: number; readonly runId: string }
  /** Scores the run's frozen network under an attack; answered by `measured` with the same requestId. */
  | {
      readonly type: 'measure';
      readonly requestId: number;
      readonly runId: string;
      readonly attack: Attack;
      /** Images: the first so many of the run's split. */
      readonly count: number;
    }
  /** What the run's present network answers to images; answered by `classified`. */
  | {
      readonly type: 'classify';
      readonly requestId: number;
      readonly runId: string;
      /** [n × features] */
      readonly images: Float32Array;
    }
  /** One training step on one image, seen from inside; nothing is trained by it. Answered by `stepInspected`. */
  | {
      readonly type: 'inspectStep';
      readonly requestId: number;
      readonly runId: string;
      /** [784] */
      readonly image: Float32Array;
      /** 0 to 9. */
      readonly label: number;
      /** Training ε of the step. */
      readonly epsilon: number;
    }
  /** How the network's loss behaves around images, in steps of size ε; answered by `directionsMeasured`. */
  | {
      readonly type: 'measureDirections';
      readonly requestId: number;
      readonly runId: string;
      /** [n × 784] */
      readonly images: Float32Array;
      /** [n], 0 to 9. */
      readonly labels: Uint8Array;
      readonly epsilon: number;
    }
  /** Asks for the run's present state; answered by `checkpoint` with the same requestId. */
  | { readonly type: 'checkpoint'; readonly requestId: number; readonly runId: string }
  /** Looks into a network as it is now (shared/inspection.ts); answered by `inspected`. */
  | {
      readonly type: 'inspect';
      readonly requestId: number;
      readonly runId: string;
      readonly question: InspectionQuestion;
    }
  /**
   * Nobody waits for the answer to `measure` or `inspect` with this id any more: it fails with 'given-up' as soon
   * as its computation can be left. Ignored where it is answered already.
   */
  | { readonly type: 'giveUp'; readonly given: number }
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
      readonly part: DataPart;
      readonly loadedBytes: number;
      readonly totalBytes: number;
    }
  /** A part is there; `set` lies in memory that other workers can share, or is null. */
  | {
      readonly type: 'dataReady';
      readonly part: DataPart;
      readonly set: ImageSet | null;
      readonly dataSet: OwnData | null;
    }
  | { readonly type: 'dataFailed'; readonly part: DataPart; readonly error: ErrorReport }
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
  /** The first half of a step was taken; `step` weight updates before it. The run pauses. */
  | {
      readonly type: 'stepPrepared';
      readonly runId: string;
      readonly step: number;
      readonly prepared: PreparedImages;
    }
  /** At steps that follow from the run's config alone. */
  | { readonly type: 'lossMeasured'; readonly runId: string; readonly point: LossPoint }
  | { readonly type: 'evaluated'; readonly runId: string; readonly evaluation: Evaluation }
  | { readonly type: 'epochCompleted'; readonly runId: string; readonly epoch: number }
  /** A few times a minute, at the ends of epochs and when the run pauses; never follows later events. */
  | { readonly type: 'checkpointed'; readonly runId: string; readonly checkpoint: Checkpoint }
  /** The run stands still: asked to, or at the end of its extent. */
  | { readonly type: 'paused'; readonly runId: string; readonly progress: Progress }
  | { readonly type: 'resumed'; readonly runId: string }
  /** All epochs are done and evaluated; the run's network stays available to `attack`. */
  | { readonly type: 'finished'; readonly runId: string; readonly progress: Progress }
  /** The run cannot go on. Its network, if any, stays available to `attack`. */
  | { readonly type: 'failed'; readonly runId: string; readonly error: ErrorReport }
  /** The data set that runs are trained on from now on; null: MNIST. */
  | { readonly type: 'dataUsed'; readonly requestId: number; readonly dataSet: OwnData | null }
  /** A network that was trained elsewhere can be asked. */
  | { readonly type: 'loaded'; readonly requestId: number }
  /** The network after `step` updates is kept for measurements. */
  | { readonly type: 'frozen'; readonly requestId: number; readonly step: number }
  | { readonly type: 'measured'; readonly requestId: number; readonly measurement: Evaluation }
  | {
      readonly type: 'classified';
      readonly requestId: number;
      /** [n × 10] */
      readonly probabilities: Float32Array;
    }
  | {
      readonly type: 'stepInspected';
      readonly requestId: number;
      readonly inspection: StepInspection;
    }
  | {
      readonly type: 'directionsMeasured';
      readonly requestId: number;
      readonly measures: DirectionMeasures;
    }
  | { readonly type: 'checkpoint'; readonly requestId: number; readonly checkpoint: Checkpoint }
  | {
      readonly type: 'inspected';
      readonly requestId: number;
      readonly result: Inspected<InspectionKind>;
    }
  | { readonly type: 'attacked'; readonly requestId: number; readonly result: AttackedImages }
  | {
      readonly type: 'testImages';
      readonly requestId: number;
      /** [count × features], 0 to 1. */
      readonly images: Float32Array;
      /** [count], 0 to 9. */
      readonly labels: Uint8Array;
    }
  /** The answer to a request with an id that could not be served. */
  | { readonly type: 'requestFailed'; readonly requestId: number; readonly error: ErrorReport };
