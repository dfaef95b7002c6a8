import { orderPixels, selectImages } from '../data/imageSet.ts';
import { loadMnist } from '../data/mnist.ts';
import type { DataPart } from '../data/mnistFiles.ts';
import { splitTraining } from '../data/splits.ts';
import type { ImageSet } from '../data/imageSet.ts';
import type { Backend } from '../engine/backends/backend.ts';
import type { SelectedBackend } from '../engine/backends/chooseBackend.ts';
import type { RunConfig } from '../domain/settings/config.ts';
import { isSameData, type CustomData, type LoadedData } from '../domain/dataSet.ts';
import { type ErrorReport, LabError, reportError } from '../domain/errors.ts';
import type { Attack, EnginePreference } from '../domain/metrics.ts';
import type {
  Extent,
  LabelledImages,
  NetworkQuestions,
  NetworkToLoad,
  RunEvent,
  RunStart,
  WorkerApi,
  WorkerEvent,
} from './api.ts';
import { DataParts } from './dataParts.ts';
import { LoadedNetwork } from './loadedNetwork.ts';
import type { NetworkQueries } from './networkQueries.ts';
import { type Emit, transfer } from './rpc/expose.ts';
import { invoke, withCalls } from './rpc/messages.ts';
import type { RunData } from './run/networkInTraining.ts';
import { Run } from './run/run.ts';

/** Holds the engine, the data, the runs and the loaded networks of one worker. */
export class TrainingHost implements Omit<WorkerApi, keyof NetworkQuestions> {
  readonly #emit: Emit<WorkerEvent>;
  readonly #selectBackend: (preference: EnginePreference) => Promise<SelectedBackend>;
  readonly #parts: DataParts;
  readonly #runs = new Map<string, Run>();
  readonly #loaded = new Map<string, LoadedNetwork>();
  #backend: Promise<Backend> | null = null;
  #hasFailed = false;

  constructor(
    emit: Emit<WorkerEvent>,
    selectBackend: (preference: EnginePreference) => Promise<SelectedBackend>,
    loadPart = loadMnist,
  ) {
    this.#emit = emit;
    this.#selectBackend = selectBackend;
    this.#parts = new DataParts(emit, loadPart);
  }

  /** Queries for one of its networks. @throws LabError 'network-gone' */
  queriesOf(runId: string): NetworkQueries {
    const network = this.#loaded.get(runId) ?? this.#runs.get(runId);
    if (network) return network.queries;
    throw new LabError(
      'network-gone',
      `There is no run ${runId} in this worker.`,
      'Train a network first.',
    );
  }

  /** Reports an engine error once: nothing computes here afterwards. Other errors are left to the caller. */
  failIfEngine(thrown: unknown): void {
    if (reportError(thrown).code === 'engine-failed') this.#failEngine(thrown);
  }

  initialize(dataUrl: string | null, engine: EnginePreference): void {
    if (this.#backend) throw new Error('The worker was initialized twice.');
    this.#parts.source = dataUrl;
    const selecting = this.#selectBackend(engine);
    this.#backend = selecting.then(({ backend }) => backend);
    selecting.then(
      ({ backend: { description, lost }, reason }) => {
        this.#emit({ type: 'engineReady', engine: { ...description, reason } });
        void lost.then((error) => this.#failEngine(error));
      },
      (error: unknown) => this.#failEngine(error),
    );
    this.#backend.catch(() => undefined); // engineFailed has notified the page
    // Data errors reach the page as dataFailed.
    if (dataUrl !== null) this.#parts.load('test').catch(() => undefined);
  }

  shareDataset(part: DataPart, set: ImageSet, dataSet: CustomData | null): void {
    this.#parts.takeShared(part, set, dataSet);
  }

  datasetFailed(part: DataPart, error: ErrorReport): void {
    this.#parts.takeFailure(part, error);
  }

  useData(
    files: readonly File[] | null,
    isTransposed?: boolean | null,
    signal?: AbortSignal,
  ): Promise<LoadedData | null> {
    return this.#parts.use(files, isTransposed, signal);
  }

  async testImages(first: number, count: number): Promise<LabelledImages> {
    const { images, labels } = selectImages(await this.#parts.load('test'), first, count);
    return transfer({ images, labels }, [images.buffer]);
  }

  useThreads(threads: number): void {
    this.#backend
      ?.then((backend) => backend.useThreads(threads))
      .catch((error: unknown) => this.#failEngine(error));
  }

  start(run: RunStart, attack: Attack, extent: Extent, isInLockstep: boolean): void {
    const backend = this.#backend;
    const { runId, config } = run;
    if (!backend || this.#runs.has(runId)) {
      throw new Error(`Run ${runId} was started twice, or before the worker was initialized.`);
    }
    this.#parts.tryAgain();
    const started = new Run(run, attack, extent, isInLockstep, (event) => this.#emitOfRun(event));
    this.#runs.set(runId, started);
    backend
      .then(
        (ready) => started.drive(() => this.#loadRunData(config), ready),
        () => undefined, // engineFailed has notified the page
      )
      .catch((error: unknown) => {
        // A run reports its own failures; anything else is a bug and must end the worker visibly.
        setTimeout(() => {
          throw error;
        });
      });
  }

  allow(runId: string, epoch: number): void {
    this.#runs.get(runId)?.allow(epoch);
  }

  resume(runId: string, extent: Extent): void {
    this.#runs.get(runId)?.resume(extent);
  }

  pause(runId: string): void {
    this.#runs.get(runId)?.pause();
  }

  reset(runId: string): void {
    this.#runs.get(runId)?.stop();
    this.#runs.delete(runId);
    this.#loaded.get(runId)?.stop();
    this.#loaded.delete(runId);
  }

  setAttack(runId: string, attack: Attack): void {
    this.#runs.get(runId)?.setAttack(attack);
  }

  async load(network: NetworkToLoad, signal?: AbortSignal): Promise<void> {
    const { runId } = network;
    const backend = await this.#backend;
    signal?.throwIfAborted();
    if (!backend || this.#runs.has(runId) || this.#loaded.has(runId)) {
      throw new Error(`Network ${runId} was loaded twice, or before the worker was initialized.`);
    }
    const loadTest = () => this.#parts.load('test');
    this.#loaded.set(runId, new LoadedNetwork(backend, network, loadTest));
  }

  #failEngine(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#emit({ type: 'engineFailed', error: reportError(error) });
  }

  /** An engine that failed in a run has failed for all runs, so none of them failed itself. */
  #emitOfRun(event: RunEvent): void {
    if (event.type !== 'failed' || event.error.code !== 'engine-failed') {
      this.#emit(event);
      return;
    }
    const { code, message, remedy } = event.error;
    this.#failEngine(new LabError(code, message, remedy));
  }

  async #loadRunData(config: RunConfig): Promise<RunData> {
    const [all, test] = await Promise.all([this.#parts.load('training'), this.#parts.load('test')]);
    if (!isSameData(config.dataSet, this.#parts.dataSet)) {
      throw new LabError(
        'data-corrupt',
        'The data that are loaded are not those that this run is trained on.',
        'Choose its data under Data, start over, and train again.',
      );
    }
    const { permutationSeed } = config;
    const { training, validation } = splitTraining(orderPixels(all, permutationSeed), config);
    return validation
      ? { training, evaluation: { set: validation, split: 'validation' } }
      : { training, evaluation: { set: orderPixels(test, permutationSeed), split: 'test' } };
  }
}

/** All methods of the worker: the host's own, and queries for the networks that it holds. */
export function workerApi(host: TrainingHost): WorkerApi {
  return withCalls<NetworkQuestions, TrainingHost>(host, async (method, [runId, ...args]) => {
    return await invoke(host.queriesOf(runId as string), method, args);
  });
}
