import type { RunConfig } from '../shared/config.ts';
import { type ErrorReport, LabError } from '../shared/errors.ts';
import type { Attack, AttackedImages, EnginePreference } from '../shared/metrics.ts';
import type { Event, Extent, Request } from './protocol.ts';

/** Images with their labels: [n × 784] pixels in 0 to 1, [n] digits. */
export interface LabelledImages {
  readonly images: Float32Array;
  readonly labels: Uint8Array;
}

/** Events that belong to a run or to the whole worker; answers to requests settle their promises instead. */
export type ClientEvent = Exclude<Event, { requestId: number }>;

/** The page's side of the training worker. */
export interface TrainingClient {
  start(runId: string, config: RunConfig, attack: Attack, extent: Extent): void;
  resume(runId: string, extent: Extent): void;
  pause(runId: string): void;
  reset(runId: string): void;
  setAttack(runId: string, attack: Attack): void;
  /** @throws LabError when the run is unknown, the request is malformed, or the worker dies. */
  attack(runId: string, images: LabelledImages, attack: Attack): Promise<AttackedImages>;
  /** Test images `first` to `first + count − 1`. @throws LabError when they cannot be loaded. */
  testImages(first: number, count: number): Promise<LabelledImages>;
  /** Calls the listener with every event until the returned function is called. */
  subscribe(listener: (event: ClientEvent) => void): () => void;
  /** Ends the worker; pending requests are rejected. */
  terminate(): void;
}

/** An engine that has not started by then will not: shaders, kernels and threads take seconds. */
const startTimeoutMs = 60_000;

interface Pending {
  readonly resolve: (event: Extract<Event, { requestId: number }>) => void;
  readonly reject: (error: LabError) => void;
}

/**
 * Starts a worker and speaks the protocol with it. A worker that dies (an uncaught error, a message
 * that cannot be read, an engine that does not start in time) is ended, all its callers are rejected, and listeners hear `engineFailed`
 * with code `worker-died`.
 *
 * @param createWorker makes the worker; called once
 * @param dataUrl absolute URL of the folder with the data files, with a trailing slash
 * @param engine which engine shall compute
 */
export function connectWorker(
  createWorker: () => Worker,
  dataUrl: string,
  engine: EnginePreference = 'auto',
): TrainingClient {
  const listeners = new Set<(event: ClientEvent) => void>();
  const pending = new Map<number, Pending>();
  let nextRequestId = 1;
  let death: LabError | null = null;
  const worker = createWorker();
  const startTimer = setTimeout(
    () => die(`its engine did not start within ${startTimeoutMs / 1000} s.`),
    startTimeoutMs,
  );

  function post(request: Request, transfer: Transferable[] = []): void {
    if (death === null) worker.postMessage(request, transfer);
  }

  function emit(event: ClientEvent): void {
    for (const listener of [...listeners]) listener(event);
  }

  function end(error: LabError): void {
    if (death !== null) return;
    death = error;
    clearTimeout(startTimer);
    worker.terminate();
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  }

  function die(what: string): void {
    const error = new LabError(
      'worker-died',
      `The training worker stopped: ${what}`,
      'What was learnt so far stays on this page. Restart the engine to start a new worker; it trains afresh.',
    );
    if (death !== null) return;
    end(error);
    const report: ErrorReport = { code: error.code, message: error.message, remedy: error.remedy };
    emit({ type: 'engineFailed', error: report });
  }

  worker.addEventListener('error', (event) => {
    event.preventDefault();
    die(event.message || 'its code could not be loaded.');
  });
  worker.addEventListener('messageerror', () => die('one of its messages could not be read.'));
  worker.addEventListener('message', ({ data }: MessageEvent<Event>) => {
    if (death !== null) return;
    if (!('requestId' in data)) {
      if (data.type === 'engineReady' || data.type === 'engineFailed') clearTimeout(startTimer);
      emit(data);
      return;
    }
    const caller = pending.get(data.requestId);
    pending.delete(data.requestId);
    if (data.type === 'requestFailed') {
      const { code, message, remedy } = data.error;
      caller?.reject(new LabError(code, message, remedy));
    } else {
      caller?.resolve(data);
    }
  });

  function request<T extends Event['type']>(
    type: T,
    makeRequest: (requestId: number) => Request,
  ): Promise<Extract<Event, { type: T; requestId: number }>> {
    if (death !== null) return Promise.reject(death);
    const requestId = nextRequestId++;
    return new Promise((resolve, reject) => {
      pending.set(requestId, {
        reject,
        resolve: (event) => {
          if (event.type === type) {
            resolve(event as Extract<Event, { type: T; requestId: number }>);
          } else {
            reject(
              new LabError(
                'internal',
                `The worker answered "${type}" with "${event.type}".`,
                'Reload the page.',
              ),
            );
          }
        },
      });
      post(makeRequest(requestId));
    });
  }

  post({ type: 'initialize', dataUrl, engine });

  return {
    start: (runId, config, attack, extent) =>
      post({ type: 'start', runId, config, attack, extent }),
    resume: (runId, extent) => post({ type: 'resume', runId, extent }),
    pause: (runId) => post({ type: 'pause', runId }),
    reset: (runId) => post({ type: 'reset', runId }),
    setAttack: (runId, attack) => post({ type: 'setAttack', runId, attack }),
    attack: async (runId, { images, labels }, attack) =>
      (
        await request('attacked', (requestId) => ({
          type: 'attack',
          requestId,
          runId,
          images,
          labels,
          attack,
        }))
      ).result,
    testImages: async (first, count) =>
      await request('testImages', (requestId) => ({ type: 'testImages', requestId, first, count })),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    terminate: () =>
      end(new LabError('worker-died', 'The worker was ended by the page.', 'Reload the page.')),
  };
}
