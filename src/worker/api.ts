import type { ImageSet } from '../data/imageSet.ts';
import type { DataPart } from '../data/mnistFiles.ts';
import type { Checkpoint, LayerCheckpoint } from '../domain/checkpoint.ts';
import type { RunConfig } from '../domain/settings/config.ts';
import type { CustomData, LoadedData } from '../domain/dataSet.ts';
import type { DirectionMeasures } from '../domain/analysis/directionMeasures.ts';
import type { ErrorReport } from '../domain/errors.ts';
import type { Inspected, InspectionKind, QuestionOf } from '../domain/analysis/inspection.ts';
import type {
  Attack,
  AttackedImages,
  EngineDescription,
  EnginePreference,
  Evaluation,
  LossPoint,
  Progress,
  StrongestAttack,
  TrainingErrors,
} from '../domain/metrics.ts';
import type { PreparedImages } from '../domain/analysis/preparedImages.ts';
import type { ImageBounds } from '../engine/strongest/boundImages.ts';
import type { StepInspection } from '../domain/analysis/stepInspection.ts';

/*
 * The protocol between the page and a worker. A method that returns a promise is a question; the others are
 * commands (rpc/messages.ts). A new question about a network is a method of NetworkQuestions here and one of
 * NetworkQueries: everything between them follows from the types.
 */

/**
 * How far a run trains before it pauses; `none` creates its network and pauses. `half-step` computes the next
 * training batch or, if that is done, updates the weights with it.
 */
export type Extent = 'end' | 'epoch' | 'step' | 'half-step' | 'none';

/** Images with their labels: [n × features] pixels in 0 to 1, [n] classes. */
export interface LabelledImages {
  readonly images: Float32Array;
  readonly labels: Uint8Array;
}

/** A run to start: at step 0, or from one of its checkpoints. */
export interface RunStart {
  /** Chosen by the page; unique among runs and loaded networks. */
  readonly runId: string;
  readonly config: RunConfig;
  readonly checkpoint: Checkpoint | null;
}

/** A network that was trained elsewhere. */
export interface NetworkToLoad {
  readonly runId: string;
  readonly config: RunConfig;
  /** Weight updates so far. */
  readonly step: number;
  /** Input side first. */
  readonly layers: readonly Pick<LayerCheckpoint, 'rows' | 'columns' | 'parameters'>[];
}

/**
 * Questions about one network: that of a run in its present state, or a loaded one.
 *
 * @throws LabError 'network-gone' if there is no such network, 'canceled' as soon as the signal is aborted
 */
export interface NetworkQuestions {
  /** Attacks images. */
  attack(
    runId: string,
    images: LabelledImages,
    attack: Attack,
    signal?: AbortSignal,
  ): Promise<AttackedImages>;
  /** @param images [n × features] @returns [n × classes] probabilities */
  classify(runId: string, images: Float32Array, signal?: AbortSignal): Promise<Float32Array>;
  /**
   * The step that training would take now on one image [784] of the class `label`; it does not train the network.
   *
   * @param epsilon the step's training ε
   */
  inspectStep(
    runId: string,
    image: Float32Array,
    label: number,
    epsilon: number,
    signal?: AbortSignal,
  ): Promise<StepInspection>;
  /** How the loss behaves around images, in steps of size ε. */
  measureDirections(
    runId: string,
    images: LabelledImages,
    epsilon: number,
    signal?: AbortSignal,
  ): Promise<DirectionMeasures>;
  /** Keeps a copy of the present weights for `measure`. @returns their step */
  freeze(runId: string, signal?: AbortSignal): Promise<number>;
  /** Scores and mistakes of the copy on the first `count` images of the run's split; training continues meanwhile. */
  measure(runId: string, attack: Attack, count: number, signal?: AbortSignal): Promise<Evaluation>;
  /**
   * Errors of the copy on the first `count` training images, as they are and under FGSM at the run's training ε; null for a
   * network that was not trained here.
   */
  measureTraining(
    runId: string,
    count: number,
    signal?: AbortSignal,
  ): Promise<TrainingErrors | null>;
  /**
   * Proves images `first` to `first + candidates.length − 1` of the run's split safe, or attacks them with the strongest
   * attack; on the copy that `freeze` made.
   *
   * @param candidates 0 for images that a smaller ε has fooled
   */
  bound(
    runId: string,
    attack: StrongestAttack,
    first: number,
    candidates: Uint8Array,
    signal?: AbortSignal,
  ): Promise<ImageBounds>;
  /**
   * The largest ε, a multiple of 1/255, for which an image [784] is proven to keep the prediction `label`; 0 if there is
   * none.
   */
  provenEpsilon(
    runId: string,
    image: Float32Array,
    label: number,
    signal?: AbortSignal,
  ): Promise<number>;
  /** Inspects a network in its present state; see domain/analysis/inspection.ts. */
  inspect<K extends InspectionKind>(
    runId: string,
    question: QuestionOf<K>,
    signal?: AbortSignal,
  ): Promise<Inspected<K>>;
  /** The run's state between two steps. */
  checkpoint(runId: string, signal?: AbortSignal): Promise<Checkpoint>;
}

/** The methods of a worker. Commands about a run that it does not hold are ignored. */
export interface WorkerApi extends NetworkQuestions {
  /**
   * Must be called first.
   *
   * @param dataUrl absolute URL of the data with a trailing slash, or null if another worker shares them
   */
  initialize(dataUrl: string | null, engine: EnginePreference): void;
  /** Another worker has loaded a part of the data, into shared memory. */
  shareDataset(part: DataPart, set: ImageSet, dataSet: CustomData | null): void;
  /** Another worker could not load a part of the data: runs that wait for it fail with this error. */
  datasetFailed(part: DataPart, error: ErrorReport): void;
  /**
   * Replaces the data set by the user's own files, or with null by MNIST; only while there is no run. Files that
   * cannot be read leave the data set unchanged.
   *
   * @param isTransposed whether rows and columns are swapped in the files, as in EMNIST's; null: by their names
   * @returns the data set and how it was read, or null for MNIST
   * @throws LabError that names the file, what was expected and what was found
   */
  useData(
    files: readonly File[] | null,
    isTransposed?: boolean | null,
    signal?: AbortSignal,
  ): Promise<LoadedData | null>;
  /** Test images `first` to `first + count − 1`. */
  testImages(first: number, count: number, signal?: AbortSignal): Promise<LabelledImages>;
  /** Sets the number of threads, if the engine has threads. */
  useThreads(threads: number): void;
  /**
   * Creates a run and trains it up to `extent`.
   *
   * @param attack for the run's evaluations
   * @param isInLockstep whether the run waits after each evaluation for `allow`
   */
  start(run: RunStart, attack: Attack, extent: Extent, isInLockstep: boolean): void;
  /** Lets a run in lockstep train past evaluations up to this epoch (a fraction within an epoch). */
  allow(runId: string, epoch: number): void;
  /** Continues a paused run. */
  resume(runId: string, extent: Extent): void;
  /** Acknowledged at once by `paused`; it takes effect after at most one further step and its evaluation. */
  pause(runId: string): void;
  /** Forgets a run or a loaded network, and frees its memory. */
  reset(runId: string): void;
  /** Sets the attack for all later evaluations of the run. */
  setAttack(runId: string, attack: Attack): void;
  /**
   * Loads a network that was trained elsewhere: its id works like a run's in questions and in `reset`. Needs
   * no training images.
   *
   * @throws LabError 'data-corrupt' if its layers do not fit its settings
   */
  load(network: NetworkToLoad, signal?: AbortSignal): Promise<void>;
}

/** Events about the worker as a whole. */
export type WorkerEvent =
  /** The engine works; sent once, before any event of a run. */
  | { readonly type: 'engineReady'; readonly engine: EngineDescription }
  /** The engine does not start, or the worker has stopped; no run works after this event. */
  | { readonly type: 'engineFailed'; readonly error: ErrorReport }
  /** Loading of a part of the data; bytes as they travel, or of the user’s own files as they are read. */
  | {
      readonly type: 'dataProgress';
      readonly part: DataPart;
      readonly loadedBytes: number;
      readonly totalBytes: number;
    }
  /** A part is loaded; `set` is in memory that workers can share, or null. */
  | {
      readonly type: 'dataReady';
      readonly part: DataPart;
      readonly set: ImageSet | null;
      readonly dataSet: CustomData | null;
    }
  | { readonly type: 'dataFailed'; readonly part: DataPart; readonly error: ErrorReport }
  | RunEvent;

export type RunEvent = RunReport & { readonly runId: string };

/** Events about one run. */
export type RunReport =
  /** The activity of a run that does not step yet or briefly. */
  | {
      readonly type: 'preparing';
      readonly activity: 'loading-data' | 'compiling' | 'evaluating';
    }
  /** The first step is about to start: the data are loaded, the shaders compiled. */
  | { readonly type: 'started'; readonly progress: Progress }
  /** A few times a second while the run trains. */
  | { readonly type: 'progressed'; readonly progress: Progress }
  /** The first half of a step is done, after `step` weight updates. The run pauses. */
  | { readonly type: 'stepPrepared'; readonly step: number; readonly prepared: PreparedImages }
  /** At steps that depend only on the run's config. */
  | { readonly type: 'lossMeasured'; readonly point: LossPoint }
  | { readonly type: 'evaluated'; readonly evaluation: Evaluation }
  | { readonly type: 'epochCompleted'; readonly epoch: number }
  /** A few times a minute, at the ends of epochs and when the run pauses; never after later events. */
  | { readonly type: 'checkpointed'; readonly checkpoint: Checkpoint }
  /** The run pauses: on request, or at the end of its extent. */
  | { readonly type: 'paused'; readonly progress: Progress }
  | { readonly type: 'resumed' }
  /** All epochs are done and evaluated; the network can still be queried. */
  | { readonly type: 'finished'; readonly progress: Progress }
  /** The run cannot continue. Its network, if it has one, can still be queried. */
  | { readonly type: 'failed'; readonly error: ErrorReport };
