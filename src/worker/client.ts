import { LabError } from '../shared/errors.ts';
import type { Checkpoint } from '../shared/checkpoint.ts';
import type { OwnData } from '../shared/dataSet.ts';
import type { RunConfig } from '../shared/config.ts';
import type { DirectionMeasures } from '../shared/directionMeasures.ts';
import type { Inspected, InspectionKind, QuestionOf } from '../shared/inspection.ts';
import type { Attack, AttackedImages, Evaluation } from '../shared/metrics.ts';
import type { StepInspection } from '../shared/stepInspection.ts';
import { type LaneOptions, Lanes } from './lanes.ts';
import { Lockstep } from './lockstep.ts';
import type { Extent, Request } from './protocol.ts';
import type { ClientEvent, WorkerLink } from './workerLink.ts';

export type { ClientEvent };

/** Images with their labels: [n × features] pixels in 0 to 1, [n] classes. */
export interface LabelledImages {
  readonly images: Float32Array;
  readonly labels: Uint8Array;
}

/** A run to start: at step 0, or where a checkpoint of it was taken. */
export interface RunStart {
  readonly runId: string;
  readonly config: RunConfig;
  readonly checkpoint: Checkpoint | null;
}

/** A network that was trained elsewhere, under an id of the page's making that no run has. */
export type LoadedNetwork = Omit<Extract<Request, { type: 'load' }>, 'type' | 'requestId'>;

/**
 * The page's side of training: runs by their ids, whichever worker holds them. Promises reject with
 * a LabError when the run is unknown, the request is malformed, or the worker dies.
 */
export interface TrainingClient {
  /** Starts runs that go on together: none is more than one evaluation ahead of another. */
  start(runs: readonly RunStart[], attack: Attack, extent: Extent): void;
  /**
   * Holds a network that was trained elsewhere: from then on it is asked, measured and forgotten by its id
   * as a run is (`attack`, `classify`, `freeze`, `measure`, `reset`). No training images are needed.
   *
   * @throws LabError 'data-corrupt' when its layers do not fit its settings
   */
  load(network: LoadedNetwork, signal?: AbortSignal): Promise<void>;
  resume(runId: string, extent: Extent): void;
  pause(runId: string): void;
  /** Forgets a run and frees its memory. */
  reset(runId: string): void;
  setAttack(runId: string, attack: Attack): void;
  attack(
    runId: string,
    images: LabelledImages,
    attack: Attack,
    signal?: AbortSignal,
  ): Promise<AttackedImages>;
  /** @param images [n × features] @returns [n × 10] probabilities */
  classify(runId: string, images: Float32Array, signal?: AbortSignal): Promise<Float32Array>;
  /**
   * The step that training would take now on one image [784] of the digit `label`; nothing is trained by it.
   *
   * @param epsilon training ε of the step
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
  /** Keeps a copy of the run's present network for `measure`. @returns its step */
  freeze(runId: string, signal?: AbortSignal): Promise<number>;
  /**
   * Scores of the frozen network on the first `count` images of the run's split; training goes on.
   *
   * @throws LabError 'given-up' after the signal was aborted
   */
  measure(runId: string, attack: Attack, count: number, signal?: AbortSignal): Promise<Evaluation>;
  /**
   * Looks into a network as it is now; see shared/inspection.ts.
   *
   * @throws LabError 'given-up' after the signal was aborted
   */
  inspect<K extends InspectionKind>(
    runId: string,
    question: QuestionOf<K>,
    signal?: AbortSignal,
  ): Promise<Inspected<K>>;
  /** The run's state between two steps. */
  checkpoint(runId: string, signal?: AbortSignal): Promise<Checkpoint>;
  /**
   * Puts a person's own files, or with null MNIST, in the place of the present data; while there is no run.
   * Data that cannot be read leave the present ones.
   *
   * @param isTransposed whether the images of IDX files lie transposed, and are to be turned upright
   * @returns which data set they are
   * @throws LabError that names the file, what was expected and what was found
   */
  useData(files: readonly File[] | null, isTransposed?: boolean): Promise<OwnData | null>;
  /** Test images `first` to `first + count − 1`. */
  testImages(first: number, count: number, signal?: AbortSignal): Promise<LabelledImages>;
  /** Calls the listener with every event until the returned function is called. */
  subscribe(listener: (event: ClientEvent) => void): () => void;
  /** Ends all workers; pending requests are rejected. */
  terminate(): void;
}

/**
 * Starts the workers that train and answer (`Lanes`), and keeps runs that were started together in step with
 * each other. When a worker fails, all end, and listeners hear `engineFailed`.
 */
export function connectTraining(options: LaneOptions): TrainingClient {
  const listeners = new Set<(event: ClientEvent) => void>();
  const groupOf = new Map<string, Lockstep>();
  /** What was asked before it was known which engine computes. */
  let waiting: (() => void)[] | null = [];
  const lanes = new Lanes(options, hear);

  function emit(event: ClientEvent): void {
    for (const listener of [...listeners]) listener(event);
  }

  function hear(event: ClientEvent): void {
    if (event.type === 'engineFailed') terminate();
    if ('runId' in event) follow(event);
    emit(event);
    if (event.type === 'engineReady') doWhatWaits();
  }

  /** Tells the others of a group how far a run has come. */
  function follow(event: Extract<ClientEvent, { runId: string }>): void {
    const group = groupOf.get(event.runId);
    if (event.type === 'started' || event.type === 'progressed') {
      const { step, stepsPerEpoch } = event.progress;
      group?.reach(event.runId, step / stepsPerEpoch);
    }
    if (event.type === 'finished' || event.type === 'failed') {
      group?.leave(event.runId);
      lanes.rest(event.runId);
    }
  }

  function whenReady(task: () => void): void {
    if (waiting) waiting.push(task);
    else task();
  }

  function doWhatWaits(): void {
    const tasks = waiting ?? [];
    waiting = null;
    for (const task of tasks) task();
  }

  function sendTo(runId: string, request: Parameters<WorkerLink['send']>[0]): void {
    whenReady(() => lanes.linkOf(runId)?.send(request));
  }

  function ask(runId: string): Promise<WorkerLink> {
    return new Promise((resolve, reject) =>
      whenReady(() => {
        const link = lanes.linkOf(runId);
        if (link) resolve(link);
        else {
          const message = `There is no run ${runId}.`;
          reject(new LabError('network-gone', message, 'Train a network first.'));
        }
      }),
    );
  }

  function terminate(): void {
    lanes.terminate();
    doWhatWaits(); // nothing hears it; who asked is rejected
  }

  return {
    start: (runs, attack, extent) =>
      whenReady(() => {
        lanes.assign(runs);
        const isInLockstep = runs.length > 1;
        const group = new Lockstep((runId, epoch) =>
          lanes.linkOf(runId)?.send({ type: 'allow', runId, epoch }),
        );
        for (const { runId } of runs) {
          groupOf.set(runId, group);
          group.join(runId);
        }
        for (const run of runs) {
          const request = { type: 'start', ...run, attack, extent, isInLockstep } as const;
          lanes.linkOf(run.runId)?.send(request);
        }
      }),
    load: (network) =>
      new Promise((resolve, reject) =>
        whenReady(() => {
          const link = lanes.hold(network.runId);
          link.ask('loaded', { type: 'load', ...network }).then(() => resolve(), reject);
        }),
      ),
    resume: (runId, extent) => sendTo(runId, { type: 'resume', runId, extent }),
    pause: (runId) => sendTo(runId, { type: 'pause', runId }),
    reset: (runId) =>
      whenReady(() => {
        groupOf.get(runId)?.leave(runId);
        groupOf.delete(runId);
        lanes.linkOf(runId)?.send({ type: 'reset', runId });
        lanes.forget(runId);
      }),
    setAttack: (runId, attack) => sendTo(runId, { type: 'setAttack', runId, attack }),
    attack: async (runId, { images, labels }, attack) => {
      const link = await ask(runId);
      return (await link.ask('attacked', { type: 'attack', runId, images, labels, attack })).result;
    },
    classify: async (runId, images) => {
      const link = await ask(runId);
      return (await link.ask('classified', { type: 'classify', runId, images })).probabilities;
    },
    inspectStep: async (runId, image, label, epsilon) => {
      const link = await ask(runId);
      const question = { type: 'inspectStep', runId, image, label, epsilon } as const;
      return (await link.ask('stepInspected', question)).inspection;
    },
    measureDirections: async (runId, { images, labels }, epsilon) => {
      const link = await ask(runId);
      const question = { type: 'measureDirections', runId, images, labels, epsilon } as const;
      return (await link.ask('directionsMeasured', question)).measures;
    },
    freeze: async (runId) => {
      const link = await ask(runId);
      return (await link.ask('frozen', { type: 'freeze', runId })).step;
    },
    measure: async (runId, attack, count, signal) => {
      const link = await ask(runId);
      const question = { type: 'measure', runId, attack, count } as const;
      return (await link.ask('measured', question, signal)).measurement;
    },
    inspect: async <K extends InspectionKind>(
      runId: string,
      question: QuestionOf<K>,
      signal?: AbortSignal,
    ) => {
      const link = await ask(runId);
      const request = { type: 'inspect', runId, question } as const;
      const { result } = await link.ask('inspected', request, signal);
      return result as Inspected<K>; // the worker answers a question of a kind in that kind
    },
    checkpoint: async (runId) => {
      const link = await ask(runId);
      return (await link.ask('checkpoint', { type: 'checkpoint', runId })).checkpoint;
    },
    useData: (files, isTransposed) => lanes.useData(files, isTransposed),
    testImages: async (first, count) =>
      await lanes.first.ask('testImages', { type: 'testImages', first, count }),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    terminate,
  };
}
