import { trainingCost } from '../domain/cost.ts';
import type { LoadedData } from '../domain/dataSet.ts';
import type { RunConfig } from '../domain/settings/config.ts';
import type { EnginePreference } from '../domain/metrics.ts';
import { LabError, reportError } from '../domain/errors.ts';
import type { Extent, RunEvent, WorkerApi, WorkerEvent } from './api.ts';
import { connect, type Connection } from './rpc/connect.ts';
import type { Patience } from './rpc/watchdog.ts';

export interface PoolOptions {
  /** Creates a worker; called again when several runs compute at the same time. */
  readonly createWorker: () => Worker;
  /** Absolute URL of the folder with the data files, with a trailing slash. */
  readonly dataUrl: string;
  readonly engine: EnginePreference;
  /** Logical processors of the machine. */
  readonly cores: number;
  /** Whether workers can share memory (canShareMemory). */
  readonly canShare: boolean;
  /** How long workers may be silent; for tests. */
  readonly patience?: Partial<Patience>;
}

/** Maximum number of threads per worker: more gain little on networks of this size. */
const maxThreads = 4;

/** A worker and its runs. */
interface PooledWorker {
  readonly connection: Connection<WorkerApi>;
  /** The work of each run that has not ended. */
  readonly costs: Map<string, number>;
  /** Runs that were started or resumed and have not paused. */
  readonly training: Set<string>;
  threads: number | null;
}

/**
 * The workers, and which of them holds which network. On the CPU, runs are spread over as many workers as
 * there are cores, so that each has about the same work; on WebGL, all share one worker
 * and one GPU. The first worker represents all in matters of engine and data: it loads the data, and the
 * others use the same memory if the page may share it.
 */
export class WorkerPool {
  readonly #options: PoolOptions;
  readonly #onEvent: (event: WorkerEvent) => void;
  readonly #workers: PooledWorker[] = [];
  readonly #workerOf = new Map<string, PooledWorker>();
  /** The data that the first worker loaded, to share with the next. */
  readonly #shared: Parameters<WorkerApi['shareDataset']>[] = [];
  #canSpread = false;
  /** The files that the first worker received last, or null for MNIST. */
  #ownFiles: readonly File[] | null = null;
  #isTransposed: boolean | null = null;

  /** @param onEvent called with all events for the page */
  constructor(options: PoolOptions, onEvent: (event: WorkerEvent) => void) {
    this.#options = options;
    this.#onEvent = onEvent;
    this.#open();
  }

  /** The worker that represents all. */
  get first(): Connection<WorkerApi> {
    return this.#workers[0]!.connection;
  }

  /** The worker that holds a network, or undefined if none does. */
  find(runId: string): Connection<WorkerApi> | undefined {
    return this.#workerOf.get(runId)?.connection;
  }

  /** The worker that holds a network. @throws LabError 'network-gone' if none does */
  require(runId: string): Connection<WorkerApi> {
    const found = this.find(runId);
    if (found) return found;
    throw new LabError('network-gone', `There is no run ${runId}.`, 'Train a network first.');
  }

  /** Assigns an untrained network to the first worker. */
  hold(runId: string): Connection<WorkerApi> {
    this.#workerOf.set(runId, this.#workers[0]!);
    return this.first;
  }

  /** Assigns runs to workers: the most costly first, each to the worker with the least work. */
  assign(runs: readonly { readonly runId: string; readonly config: RunConfig }[]): void {
    const wanted = this.#canSpread ? Math.min(runs.length, this.#options.cores) : 1;
    while (this.#workers.length < wanted) this.#open();
    const sorted = [...runs].sort((a, b) => trainingCost(b.config) - trainingCost(a.config));
    for (const { runId, config } of sorted) {
      const worker = this.#workers.reduce((least, other) =>
        workOf(other) < workOf(least) ? other : least,
      );
      worker.costs.set(runId, trainingCost(config));
      worker.training.add(runId);
      this.#workerOf.set(runId, worker);
    }
    this.#divideThreads();
  }

  /** Lets a run continue training. */
  resume(runId: string, extent: Extent): void {
    const worker = this.#workerOf.get(runId);
    if (worker?.costs.has(runId) && extent !== 'none') worker.training.add(runId);
    worker?.connection.commands.resume(runId, extent);
  }

  /** Removes a network that was reset. */
  forget(runId: string): void {
    const worker = this.#workerOf.get(runId);
    worker?.costs.delete(runId);
    worker?.training.delete(runId);
    this.#workerOf.delete(runId);
  }

  /** Replaces the data set, while there is no run. */
  async useData(
    files: readonly File[] | null,
    isTransposed: boolean | null = null,
    signal?: AbortSignal,
  ): Promise<LoadedData | null> {
    // The others have the previous data and no run: new workers are created when they are needed.
    for (const { connection } of this.#workers.splice(1)) connection.terminate();
    this.#shared.length = 0;
    const loaded = await this.first.questions.useData(files, isTransposed, signal);
    this.#ownFiles = files;
    this.#isTransposed = isTransposed;
    return loaded;
  }

  terminate(): void {
    for (const { connection } of this.#workers) connection.terminate();
  }

  #open(): void {
    const { createWorker, dataUrl, engine, canShare, patience } = this.#options;
    const isFirst = this.#workers.length === 0;
    const training = new Set<string>();
    const connection = connect<WorkerApi, WorkerEvent>(createWorker, {
      onEvent: (event) => {
        if ('runId' in event) this.#followRun(event);
        if (isFirst) this.#shareOfFirst(event);
        if (isFirst || 'runId' in event || event.type === 'engineFailed') this.#onEvent(event);
      },
      onDeath: (error) => this.#onEvent({ type: 'engineFailed', error: reportError(error) }),
      isStart: ({ type }) => type === 'engineReady' || type === 'engineFailed',
      isBusy: () => training.size > 0,
      patience,
    });
    this.#workers.push({ connection, costs: new Map(), training, threads: null });
    const url = isFirst || !canShare ? dataUrl : null;
    connection.commands.initialize(url, isFirst ? engine : 'simd');
    for (const part of this.#shared) connection.commands.shareDataset(...part);
    if (!isFirst && !canShare && this.#ownFiles !== null) {
      // If it fails, the runs that need the files report it.
      connection.questions.useData(this.#ownFiles, this.#isTransposed).catch(() => undefined);
    }
  }

  #followRun({ type, runId }: RunEvent): void {
    const worker = this.#workerOf.get(runId);
    if (type === 'finished' || type === 'failed') worker?.costs.delete(runId);
    if (type === 'paused' || type === 'finished' || type === 'failed')
      worker?.training.delete(runId);
  }

  /** The first worker loads the data for all, if they can share memory. */
  #shareOfFirst(event: WorkerEvent): void {
    const others = this.#workers.slice(1);
    if (event.type === 'engineReady') this.#canSpread = event.engine.name === 'SIMD';
    if (event.type === 'dataReady' && event.set) {
      const { part, set, dataSet } = event;
      this.#shared.push([part, set, dataSet]);
      for (const { connection } of others) connection.commands.shareDataset(part, set, dataSet);
    }
    if (event.type === 'dataFailed' && this.#options.canShare) {
      const { part, error } = event;
      for (const { connection } of others) connection.commands.datasetFailed(part, error);
    }
  }

  #divideThreads(): void {
    const { cores, canShare } = this.#options;
    if (!this.#canSpread || !canShare) return;
    const busy = this.#workers.filter(({ costs }) => costs.size > 0);
    const threads = Math.max(1, Math.min(maxThreads, Math.floor((cores - 1) / busy.length)));
    for (const worker of busy) {
      if (worker.threads === threads) continue;
      worker.threads = threads;
      worker.connection.commands.useThreads(threads);
    }
  }
}

function workOf({ costs }: PooledWorker): number {
  return [...costs.values()].reduce((sum, cost) => sum + cost, 0);
}
