import { trainingCost } from '../shared/cost.ts';
import type { OwnData } from '../shared/dataSet.ts';
import type { RunConfig } from '../shared/config.ts';
import type { EnginePreference } from '../shared/metrics.ts';
import type { Request } from './protocol.ts';
import { type ClientEvent, linkWorker, type WorkerLink } from './workerLink.ts';

export interface LaneOptions {
  /** Makes a worker; called again when several runs shall compute at once. */
  readonly createWorker: () => Worker;
  /** Absolute URL of the folder with the data files, with a trailing slash. */
  readonly dataUrl: string;
  readonly engine: EnginePreference;
  /** Logical processors of the machine. */
  readonly cores: number;
  /** Whether workers can share memory: the page is cross-origin isolated. */
  readonly canShare: boolean;
}

/** Threads of one worker at most: more gain little on networks of this size. */
const maxThreads = 4;

/** A worker, and the work of the runs that it holds. */
interface Lane {
  readonly link: WorkerLink;
  readonly costs: Map<string, number>;
  threads: number | null;
}

/**
 * The workers, and which of them holds which network. Runs are spread over as many workers as there are cores
 * where the processor computes, so that each has about the same work; where WebGL computes, all share one worker
 * and one graphics processor. The first worker speaks for all about engine and data: it loads the data, and the
 * others see the same memory where the page may share it.
 */
export class WorkerPool {
  readonly #options: LaneOptions;
  readonly #emit: (event: ClientEvent) => void;
  readonly #lanes: Lane[] = [];
  readonly #laneOf = new Map<string, Lane>();
  /** What the first worker loaded, to provide to the next. */
  readonly #provided: Extract<Request, { type: 'provideData' }>[] = [];
  #canSpread = false;
  /** What the first worker was told to read last; null: MNIST. */
  #ownFiles: readonly File[] | null = null;
  #isTransposed = false;

  /** @param emit hears all that the page should know */
  constructor(options: LaneOptions, emit: (event: ClientEvent) => void) {
    this.#options = options;
    this.#emit = emit;
    this.#open();
  }

  /** The worker that speaks for all. */
  get first(): WorkerLink {
    return this.#lanes[0]!.link;
  }

  /** The worker that holds a network; undefined where none does. */
  linkOf(runId: string): WorkerLink | undefined {
    return this.#laneOf.get(runId)?.link;
  }

  /** The first worker holds a network that is not trained. */
  hold(runId: string): WorkerLink {
    this.#laneOf.set(runId, this.#lanes[0]!);
    return this.first;
  }

  /** Gives runs to workers: the most costly first, each to the worker with the least work. */
  assign(runs: readonly { readonly runId: string; readonly config: RunConfig }[]): void {
    const wanted = this.#canSpread ? Math.min(runs.length, this.#options.cores) : 1;
    while (this.#lanes.length < wanted) this.#open();
    const sorted = [...runs].sort((a, b) => trainingCost(b.config) - trainingCost(a.config));
    for (const { runId, config } of sorted) {
      const lane = this.#lanes.reduce((least, one) => (workOf(one) < workOf(least) ? one : least));
      lane.costs.set(runId, trainingCost(config));
      this.#laneOf.set(runId, lane);
    }
    this.#shareCores();
  }

  /** A run does not go on: it is no work any more, but its network stays. */
  rest(runId: string): void {
    this.#laneOf.get(runId)?.costs.delete(runId);
  }

  /** Nothing is asked of a network any more. */
  forget(runId: string): void {
    this.rest(runId);
    this.#laneOf.delete(runId);
  }

  /** Puts other data in the place of the present ones, while there is no run. */
  async useData(files: readonly File[] | null, isTransposed = false): Promise<OwnData | null> {
    // The others hold the former data and no run: they start anew when they are needed.
    for (const { link } of this.#lanes.splice(1)) link.terminate();
    this.#provided.length = 0;
    const request = { type: 'useData', files, isTransposed } as const;
    const { dataSet } = await this.first.ask('dataUsed', request);
    this.#ownFiles = files;
    this.#isTransposed = isTransposed;
    return dataSet;
  }

  terminate(): void {
    for (const { link } of this.#lanes) link.terminate();
  }

  #open(): void {
    const { createWorker, dataUrl, engine, canShare } = this.#options;
    const isFirst = this.#lanes.length === 0;
    const link = linkWorker(createWorker, {
      dataUrl: isFirst || !canShare ? dataUrl : null,
      engine: isFirst ? engine : 'simd',
    });
    this.#lanes.push({ link, costs: new Map(), threads: null });
    link.subscribe((event) => (isFirst ? this.#hearFirst(event) : this.#hearOther(event)));
    for (const request of this.#provided) link.send(request);
    if (!isFirst && !canShare && this.#ownFiles !== null) {
      // It tells of failures by its runs.
      const own = { files: this.#ownFiles, isTransposed: this.#isTransposed };
      link.ask('dataUsed', { type: 'useData', ...own }).catch(() => undefined);
    }
  }

  #hearFirst(event: ClientEvent): void {
    const others = this.#lanes.slice(1);
    if (event.type === 'engineReady') this.#canSpread = event.engine.name === 'SIMD';
    if (event.type === 'dataReady' && event.set) {
      const { part, set, dataSet } = event;
      const request = { type: 'provideData', part, set, dataSet } as const;
      this.#provided.push(request);
      for (const { link } of others) link.send(request);
    }
    if (event.type === 'dataFailed' && this.#options.canShare) {
      const { part, error } = event;
      for (const { link } of others) link.send({ type: 'withholdData', part, error });
    }
    this.#emit(event);
  }

  #hearOther(event: ClientEvent): void {
    if ('runId' in event || event.type === 'engineFailed') this.#emit(event);
  }

  #shareCores(): void {
    const { cores, canShare } = this.#options;
    if (!this.#canSpread || !canShare) return;
    const busy = this.#lanes.filter(({ costs }) => costs.size > 0);
    const threads = Math.max(1, Math.min(maxThreads, Math.floor((cores - 1) / busy.length)));
    for (const lane of busy) {
      if (lane.threads === threads) continue;
      lane.threads = threads;
      lane.link.send({ type: 'useThreads', threads });
    }
  }
}

function workOf({ costs }: Lane): number {
  return [...costs.values()].reduce((sum, cost) => sum + cost, 0);
}
