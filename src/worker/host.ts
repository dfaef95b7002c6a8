import { orderPixels, selectImages } from '../data/imageSet.ts';
import { loadMnist } from '../data/mnist.ts';
import { splitTraining } from '../data/splits.ts';
import type { Backend } from '../engine/backends/backend.ts';
import type { SelectedBackend } from '../engine/backends/chooseBackend.ts';
import type { RunConfig } from '../shared/config.ts';
import { isSameData } from '../shared/dataSet.ts';
import { LabError, reportError } from '../shared/errors.ts';
import type { EnginePreference } from '../shared/metrics.ts';
import type { NetworkQueries } from './networkQueries.ts';
import { DataParts } from './dataParts.ts';
import { LoadedNetwork } from './loadedNetwork.ts';
import { Cancelled } from './run/pauseGate.ts';
import { buffersOf } from './inspector.ts';
import type { Event, Request } from './protocol.ts';
import { requestSchema } from './requests.ts';
import { Run, type RunData } from './run/run.ts';

/** Sends an event to the page, handing over the buffers it names. */
export type Post = (event: Event, transfer?: Transferable[]) => void;

/** Holds the engine, the data, the runs and other networks of one worker, and answers the page's requests. */
export class TrainingHost {
  readonly #post: Post;
  readonly #selectBackend: (preference: EnginePreference) => Promise<SelectedBackend>;
  readonly #parts: DataParts;
  readonly #runs = new Map<string, Run>();
  readonly #fixed = new Map<string, LoadedNetwork>();
  /** Questions under way that can be given up, by their ids. */
  readonly #open = new Map<number, AbortController>();
  #backend: Promise<Backend> | null = null;

  constructor(
    post: Post,
    selectBackend: (preference: EnginePreference) => Promise<SelectedBackend>,
    loadPart = loadMnist,
  ) {
    this.#post = post;
    this.#selectBackend = selectBackend;
    this.#parts = new DataParts(post, loadPart);
  }

  /** Acts on a message. One that is malformed is answered, if it has a requestId, else thrown. */
  handle(message: unknown): void {
    const parsed = requestSchema.safeParse(message);
    if (parsed.success) {
      this.#act(parsed.data);
      return;
    }
    const { type = 'unknown', requestId } = (message ?? {}) as {
      type?: unknown;
      requestId?: unknown;
    };
    const why = parsed.error.issues.map((issue) => issue.message).join(' ');
    const error = new LabError(
      'invalid-request',
      `A request of type "${String(type)}" is malformed: ${why}`,
      'Reload the page.',
    );
    if (typeof requestId !== 'number') throw error;
    this.#post({ type: 'requestFailed', requestId, error: reportError(error) });
  }

  #act(request: Request): void {
    switch (request.type) {
      case 'initialize':
        this.#initialize(request);
        break;
      case 'provideData':
        this.#parts.provide(request.part, request.set, request.dataSet);
        break;
      case 'withholdData':
        this.#parts.withhold(request.part, request.error);
        break;
      case 'useThreads':
        void this.#useThreads(request.threads);
        break;
      case 'start':
        this.#start(request);
        break;
      case 'resume':
        this.#runs.get(request.runId)?.resume(request.extent);
        break;
      case 'allow':
        this.#runs.get(request.runId)?.allow(request.epoch);
        break;
      case 'pause':
        this.#runs.get(request.runId)?.pause();
        break;
      case 'reset':
        this.#runs.get(request.runId)?.stop();
        this.#runs.delete(request.runId);
        this.#fixed.get(request.runId)?.stop();
        this.#fixed.delete(request.runId);
        break;
      case 'setAttack':
        this.#runs.get(request.runId)?.setAttack(request.attack);
        break;
      case 'giveUp':
        this.#open.get(request.given)?.abort(new Cancelled());
        break;
      case 'useData':
      case 'load':
      case 'attack':
      case 'freeze':
      case 'measure':
      case 'classify':
      case 'inspectStep':
      case 'measureDirections':
      case 'checkpoint':
      case 'inspect':
      case 'testImages':
        void this.#answer(request);
        break;
    }
  }

  /** NetworkQueries a request with an id: with what was asked for, or with why not. */
  async #answer(request: Extract<Request, { requestId: number }>): Promise<void> {
    try {
      const { event, transfer = [] } = await this.#findAnswer(request);
      this.#post(event, transfer);
    } catch (thrown) {
      const error = reportError(thrown);
      this.#post({ type: 'requestFailed', requestId: request.requestId, error });
      if (error.code === 'engine-failed') this.#failEngine(thrown);
    }
  }

  async #findAnswer(
    request: Extract<Request, { requestId: number }>,
  ): Promise<{ event: Event; transfer?: Transferable[] }> {
    const { requestId } = request;
    switch (request.type) {
      case 'useData': {
        const dataSet = await this.#parts.use(request.files, request.isTransposed);
        return { event: { type: 'dataUsed', requestId, dataSet } };
      }
      case 'load':
        await this.#load(request);
        return { event: { type: 'loaded', requestId } };
      case 'attack': {
        const { images, labels, attack } = request;
        const result = await this.#find(request).attackImages(images, labels, attack);
        const transfer = [result.images.buffer, result.adversarialImages.buffer];
        return { event: { type: 'attacked', requestId, result }, transfer };
      }
      case 'freeze': {
        const step = await this.#find(request).freeze();
        return { event: { type: 'frozen', requestId, step } };
      }
      case 'measure': {
        const { attack, count } = request;
        const measurement = await this.#untilGivenUp(requestId, (signal) =>
          this.#find(request).measure(attack, count, signal),
        );
        return { event: { type: 'measured', requestId, measurement } };
      }
      case 'classify': {
        const probabilities = await this.#find(request).classify(request.images);
        return { event: { type: 'classified', requestId, probabilities } };
      }
      case 'inspectStep': {
        const { image, label, epsilon } = request;
        const inspection = await this.#find(request).inspectStep(image, label, epsilon);
        return { event: { type: 'stepInspected', requestId, inspection } };
      }
      case 'measureDirections': {
        const { images, labels, epsilon } = request;
        const measures = await this.#find(request).measureDirections(images, labels, epsilon);
        return { event: { type: 'directionsMeasured', requestId, measures } };
      }
      case 'checkpoint': {
        const checkpoint = await this.#findRun(request).snapshot();
        return { event: { type: 'checkpoint', requestId, checkpoint } };
      }
      case 'inspect': {
        const result = await this.#untilGivenUp(requestId, (signal) =>
          this.#find(request).inspect(request.question, signal),
        );
        return {
          event: { type: 'inspected', requestId, result },
          transfer: buffersOf(result.answer),
        };
      }
      case 'testImages': {
        const { first, count } = request;
        const { images, labels } = selectImages(await this.#parts.load('test'), first, count);
        const event = { type: 'testImages', requestId, images, labels } as const;
        return { event, transfer: [images.buffer] };
      }
    }
  }

  /** NetworkQueries a question that may be given up meanwhile. */
  async #untilGivenUp<T>(
    requestId: number,
    answer: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    this.#open.set(requestId, controller);
    try {
      return await answer(controller.signal);
    } finally {
      this.#open.delete(requestId);
    }
  }

  /** Holds a network that was trained elsewhere. */
  async #load(request: Extract<Request, { type: 'load' }>): Promise<void> {
    const { runId } = request;
    const backend = await this.#backend;
    if (!backend || this.#runs.has(runId) || this.#fixed.has(runId)) {
      throw new Error(`Network ${runId} was loaded twice, or before the worker was initialized.`);
    }
    const loadTest = () => this.#parts.load('test');
    this.#fixed.set(runId, new LoadedNetwork(backend, request, loadTest));
  }

  #find(request: { readonly runId: string }): NetworkQueries {
    return (this.#fixed.get(request.runId) ?? this.#findRun(request)).answers;
  }

  #findRun({ runId }: { readonly runId: string }): Run {
    const run = this.#runs.get(runId);
    if (run) return run;
    throw new LabError(
      'network-gone',
      `There is no run ${runId} in this worker.`,
      'Train a network first.',
    );
  }

  async #useThreads(threads: number): Promise<void> {
    try {
      await (await this.#backend)?.useThreads(threads);
    } catch (error) {
      this.#failEngine(error);
    }
  }

  #hasFailed = false;

  /** Tells the page, once, that nothing computes here any more. */
  #failEngine(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#post({ type: 'engineFailed', error: reportError(error) });
  }

  /** What a run posts. An engine that failed in it has failed for all: no run stopped by itself. */
  #postOfRun(event: Event): void {
    if (event.type !== 'failed' || event.error.code !== 'engine-failed') {
      this.#post(event);
      return;
    }
    const { code, message, remedy } = event.error;
    this.#failEngine(new LabError(code, message, remedy));
  }

  #initialize({ dataUrl, engine }: Extract<Request, { type: 'initialize' }>): void {
    if (this.#backend) throw new Error('The worker was initialized twice.');
    this.#parts.source = dataUrl;
    const selecting = this.#selectBackend(engine);
    this.#backend = selecting.then(({ backend }) => backend);
    selecting.then(
      ({ backend: { description, lost }, reason }) => {
        this.#post({ type: 'engineReady', engine: { ...description, reason } });
        void lost.then((error) => this.#failEngine(error));
      },
      (error: unknown) => this.#failEngine(error),
    );
    this.#backend.catch(() => undefined); // engineFailed has told the page
    // Errors reach the page as dataFailed.
    if (dataUrl !== null) this.#parts.load('test').catch(() => undefined);
  }

  #start(request: Extract<Request, { type: 'start' }>): void {
    const backend = this.#backend;
    const { runId, config } = request;
    if (!backend || this.#runs.has(runId)) {
      throw new Error(`Run ${runId} was started twice, or before the worker was initialized.`);
    }
    this.#parts.tryAgain();
    const run = new Run(request, (event) => this.#postOfRun(event));
    this.#runs.set(runId, run);
    backend
      .then(
        (ready) => run.drive(() => this.#loadRunData(config), ready),
        () => undefined, // engineFailed has told the page
      )
      .catch((error: unknown) => {
        // A run reports its own failures; anything else is a bug and must end the worker visibly.
        setTimeout(() => {
          throw error;
        });
      });
  }

  async #loadRunData(config: RunConfig): Promise<RunData> {
    const [all, test] = await Promise.all([this.#parts.load('training'), this.#parts.load('test')]);
    if (!isSameData(config.dataSet, this.#parts.dataSet)) {
      throw new LabError(
        'data-corrupt',
        'The data that are loaded are not those that this run is trained on.',
        'Choose its data under Data, press Reset, and train again.',
      );
    }
    const { permutationSeed } = config;
    const { training, validation } = splitTraining(orderPixels(all, permutationSeed), config);
    return validation
      ? { training, evaluation: { set: validation, split: 'validation' } }
      : { training, evaluation: { set: orderPixels(test, permutationSeed), split: 'test' } };
  }
}
