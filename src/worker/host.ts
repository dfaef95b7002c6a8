import type { ImageSet } from '../data/imageSet.ts';
import { loadMnist } from '../data/mnist.ts';
import { splitTraining } from '../data/splits.ts';
import type { Backend } from '../engine/backends/backend.ts';
import type { SelectedBackend } from '../engine/backends/select.ts';
import type { RunConfig } from '../shared/config.ts';
import { LabError, reportError } from '../shared/errors.ts';
import type { EnginePreference } from '../shared/metrics.ts';
import type { Event, Request } from './protocol.ts';
import { requestSchema } from './requests.ts';
import { Run, type RunData } from './run.ts';

/** Sends an event to the page, handing over the buffers it names. */
export type Post = (event: Event, transfer?: Transferable[]) => void;

/** Holds the engine, the data and the runs of one worker, and answers the page's requests. */
export class TrainingHost {
  readonly #post: Post;
  readonly #selectBackend: (preference: EnginePreference) => Promise<SelectedBackend>;
  readonly #loadPart: typeof loadMnist;
  readonly #runs = new Map<string, Run>();
  readonly #loaded = new Map<'test' | 'training', Promise<ImageSet>>();
  #backend: Promise<Backend> | null = null;
  #dataUrl: string | null = null;

  constructor(
    post: Post,
    selectBackend: (preference: EnginePreference) => Promise<SelectedBackend>,
    loadPart = loadMnist,
  ) {
    this.#post = post;
    this.#selectBackend = selectBackend;
    this.#loadPart = loadPart;
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
      case 'start':
        this.#start(request);
        break;
      case 'resume':
        this.#runs.get(request.runId)?.resume(request.extent);
        break;
      case 'pause':
        this.#runs.get(request.runId)?.pause();
        break;
      case 'reset':
        this.#runs.get(request.runId)?.stop();
        this.#runs.delete(request.runId);
        break;
      case 'setAttack':
        this.#runs.get(request.runId)?.setAttack(request.attack);
        break;
      case 'attack':
        void this.#answer(request.requestId, async () => {
          const run = this.#runs.get(request.runId);
          if (!run) {
            throw new LabError(
              'invalid-request',
              `There is no run ${request.runId} to attack.`,
              'Train a network first.',
            );
          }
          const { requestId, images, labels, attack } = request;
          const result = await run.attackImages(images, labels, attack);
          const transfer = [result.images.buffer, result.adversarialImages.buffer];
          this.#post({ type: 'attacked', requestId, result }, transfer);
        });
        break;
      case 'testImages':
        void this.#answer(request.requestId, async () => {
          const { requestId, first, count } = request;
          const { pixels, labels, features } = await this.#load('test');
          if (first + count > labels.length) {
            throw new LabError(
              'invalid-request',
              `Test images ${first} to ${first + count - 1} were asked for; there are ${labels.length}.`,
              'Reload the page.',
            );
          }
          const chosen = pixels.subarray(first * features, (first + count) * features);
          const images = Float32Array.from(chosen, (pixel) => pixel / 255);
          this.#post(
            { type: 'testImages', requestId, images, labels: labels.slice(first, first + count) },
            [images.buffer],
          );
        });
        break;
    }
  }

  #hasFailed = false;

  /** Tells the page, once, that nothing computes here any more. */
  #failEngine(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#post({ type: 'engineFailed', error: reportError(error) });
  }

  /** What a run posts; an engine that failed in it has failed for all. */
  #postOfRun(event: Event): void {
    this.#post(event);
    if (event.type === 'failed' && event.error.code === 'engine-failed') {
      const { code, message, remedy } = event.error;
      this.#failEngine(new LabError(code, message, remedy));
    }
  }

  #initialize({ dataUrl, engine }: Extract<Request, { type: 'initialize' }>): void {
    if (this.#backend) throw new Error('The worker was initialized twice.');
    this.#dataUrl = dataUrl;
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
    this.#load('test').catch(() => undefined);
  }

  #start({ runId, config, attack, extent }: Extract<Request, { type: 'start' }>): void {
    const backend = this.#backend;
    if (!backend || this.#runs.has(runId)) {
      throw new Error(`Run ${runId} was started twice, or before the worker was initialized.`);
    }
    const run = new Run(runId, config, attack, extent, (event) => this.#postOfRun(event));
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
    const [all, test] = await Promise.all([this.#load('training'), this.#load('test')]);
    const { training, validation } = splitTraining(all, config);
    return validation
      ? { training, evaluation: validation, split: 'validation' }
      : { training, evaluation: test, split: 'test' };
  }

  /** Loads a part of the data once; after a failure the next call tries again. */
  #load(part: 'test' | 'training'): Promise<ImageSet> {
    if (this.#dataUrl === null) throw new Error('The worker is not initialized.');
    const known = this.#loaded.get(part);
    if (known) return known;
    const loading = this.#loadPart(part, {
      dataUrl: this.#dataUrl,
      onProgress: (loadedBytes, totalBytes) =>
        this.#post({ type: 'dataProgress', part, loadedBytes, totalBytes }),
    });
    this.#loaded.set(part, loading);
    loading.then(
      () => this.#post({ type: 'dataReady', part }),
      (error: unknown) => {
        this.#loaded.delete(part);
        this.#post({ type: 'dataFailed', part, error: reportError(error) });
      },
    );
    return loading;
  }

  async #answer(requestId: number, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      const error = reportError(thrown);
      this.#post({ type: 'requestFailed', requestId, error });
      if (error.code === 'engine-failed') this.#failEngine(thrown);
    }
  }
}
