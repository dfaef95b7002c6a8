import { type ImageSet, shareImageSet } from '../data/imageSet.ts';
import type { loadMnist } from '../data/mnist.ts';
import type { DataPart } from '../data/mnistFiles.ts';
import { readCustomFiles } from '../data/custom/customFiles.ts';
import type { CustomData, LoadedData } from '../domain/dataSet.ts';
import { isShared } from '../domain/sharedMemory.ts';
import { type ErrorReport, LabError, reportError } from '../domain/errors.ts';
import type { WorkerEvent } from './api.ts';

interface Waiting {
  readonly promise: Promise<ImageSet>;
  readonly resolve: (set: ImageSet) => void;
  readonly reject: (error: LabError) => void;
}

/**
 * The parts of the data set in one worker: loaded here once, shared by the worker that loaded them, or read
 * from the user's own files.
 */
export class DataParts {
  /** Where MNIST is served, or null if another worker shares the data. */
  source: string | null = null;
  readonly #post: (event: WorkerEvent) => void;
  readonly #loadPart: typeof loadMnist;
  readonly #known = new Map<DataPart, Promise<ImageSet>>();
  readonly #waiting = new Map<DataPart, Waiting>();
  readonly #failed = new Map<DataPart, LabError>();
  #dataSet: CustomData | null = null;
  /** The state of the data before the ones that are being read, or null if none are. */
  #before: { parts: ReadonlyMap<DataPart, Promise<ImageSet>>; dataSet: CustomData | null } | null =
    null;
  /** How often the data set was changed: an earlier change that still reads its files is canceled. */
  #changes = 0;

  constructor(post: (event: WorkerEvent) => void, loadPart: typeof loadMnist) {
    this.#post = post;
    this.#loadPart = loadPart;
  }

  /** Which data set the parts belong to, or null for MNIST. Known once a part is loaded. */
  get dataSet(): CustomData | null {
    return this.#dataSet;
  }

  /** Returns a part once it is loaded. After a failure the next call tries, or waits, again. */
  load(part: DataPart): Promise<ImageSet> {
    const known = this.#known.get(part);
    if (known) return known;
    return this.source === null ? this.#await(part) : this.#fetch(part, this.source);
  }

  /** Receives what another worker has loaded. */
  takeShared(part: DataPart, set: ImageSet, dataSet: CustomData | null): void {
    this.#dataSet = dataSet;
    this.#known.set(part, Promise.resolve(set));
    this.#waiting.get(part)?.resolve(set);
    this.#waiting.delete(part);
  }

  /**
   * Replaces the present data by the user's own files, or with null by MNIST. Files that are still
   * being read for an earlier call are canceled.
   *
   * @param isTransposed whether rows and columns are swapped in the files; null: by their names
   * @throws LabError if the files cannot be read: the present data stay; 'canceled' if other data
   *   were chosen meanwhile, or the signal was aborted
   */
  async use(
    files: readonly File[] | null,
    isTransposed: boolean | null = null,
    signal?: AbortSignal,
  ): Promise<LoadedData | null> {
    const change = ++this.#changes;
    // An earlier change that this one cancels has changed nothing, so restore the state before it.
    const before = this.#before ?? { parts: new Map(this.#known), dataSet: this.#dataSet };
    this.#before = null;
    this.#known.clear();
    if (files === null) {
      this.#dataSet = null;
      return null;
    }
    this.#before = before;
    const assertWanted = (): void => {
      signal?.throwIfAborted();
      if (change !== this.#changes) throw cancelled();
    };
    const reading = this.#read(files, isTransposed, assertWanted);
    for (const part of ['training', 'test'] as const) {
      const set = reading.then((sets) => sets[part]);
      set.catch(() => undefined); // thrown where the part is awaited
      this.#known.set(part, set);
    }
    try {
      const { training, test, ...loaded } = await reading;
      this.#before = null;
      this.#announce('training', training);
      this.#announce('test', test);
      return loaded;
    } catch (error) {
      if (change !== this.#changes) throw cancelled();
      this.#before = null;
      this.#known.clear();
      this.#dataSet = before.dataSet;
      for (const [part, set] of before.parts) {
        this.#known.set(part, set);
        // Reported again: the page has discarded these events or missed later ones.
        set.then((loaded) => this.#announce(part, loaded)).catch(() => this.#known.delete(part));
      }
      signal?.throwIfAborted(); // rather than throw the error of an incompletely read file
      throw error;
    }
  }

  /** Reports that a part is loaded, and shares it if its memory can be shared. */
  #announce(part: DataPart, set: ImageSet): void {
    const shared = isShared(set.pixels) ? set : null;
    this.#post({ type: 'dataReady', part, set: shared, dataSet: this.#dataSet });
  }

  async #read(
    files: readonly File[],
    isTransposed: boolean | null,
    assertWanted: () => void,
  ): ReturnType<typeof readCustomFiles> {
    const sources = files.map((file) => ({
      name: file.webkitRelativePath || file.name,
      size: file.size,
      open: () => file.stream(),
    }));
    const { training, test, ...loaded } = await readCustomFiles(sources, {
      isTransposed,
      onProgress: (loadedBytes, totalBytes) => {
        assertWanted();
        this.#post({ type: 'dataProgress', part: 'training', loadedBytes, totalBytes });
      },
    });
    assertWanted();
    this.#dataSet = loaded.dataSet; // before a part is passed to waiting callers
    return {
      training: shareImageSet(training),
      test: shareImageSet(test),
      ...loaded,
    };
  }

  /** Another worker could not load a part. */
  takeFailure(part: DataPart, { code, message, remedy }: ErrorReport): void {
    const error = new LabError(code, message, remedy);
    this.#failed.set(part, error);
    this.#waiting.get(part)?.reject(error);
    this.#waiting.delete(part);
  }

  /** For a new run: what could not be loaded before is retried. */
  tryAgain(): void {
    this.#failed.clear();
  }

  #await(part: DataPart): Promise<ImageSet> {
    const error = this.#failed.get(part);
    if (error) return Promise.reject(error);
    let waiting = this.#waiting.get(part);
    if (!waiting) {
      let resolve!: Waiting['resolve'];
      let reject!: Waiting['reject'];
      const promise = new Promise<ImageSet>((...settle) => ([resolve, reject] = settle));
      waiting = { promise, resolve, reject };
      this.#waiting.set(part, waiting);
    }
    return waiting.promise;
  }

  #fetch(part: DataPart, dataUrl: string): Promise<ImageSet> {
    const loading = this.#loadPart(part, {
      dataUrl,
      onProgress: (loadedBytes, totalBytes) =>
        this.#post({ type: 'dataProgress', part, loadedBytes, totalBytes }),
    }).then((loaded) => {
      const set = shareImageSet(loaded);
      // Unless other data replaced it meanwhile.
      if (this.#known.get(part) === loading) this.#announce(part, set);
      return set;
    });
    this.#known.set(part, loading);
    loading.catch((error: unknown) => {
      if (this.#known.get(part) !== loading) return;
      this.#known.delete(part);
      this.#post({ type: 'dataFailed', part, error: reportError(error) });
    });
    return loading;
  }
}

function cancelled(): LabError {
  return new LabError('canceled', 'Other data were chosen meanwhile.', 'Choose the files again.');
}
