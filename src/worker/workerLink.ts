import { type ErrorReport, LabError, reportError } from '../shared/errors.ts';
import type { Event, Request } from './protocol.ts';

/** Events that belong to a run or to the whole worker; answers to requests settle their promises instead. */
export type ClientEvent = Exclude<Event, { requestId: number }>;

type Answer = Extract<Event, { requestId: number }>;
type Question = Extract<Request, { requestId: number }>;
/** A request that is answered, without the id that the link gives it. */
export type Unnumbered<Q> = Q extends unknown ? Omit<Q, 'requestId'> : never;

/** The page's side of one worker. */
export interface WorkerLink {
  send(request: Exclude<Request, { requestId: number }>): void;
  /**
   * @param signal once it is aborted the question is given up, if it is one that can be
   * @throws LabError when the request cannot be served or is given up, or the worker dies
   */
  ask<T extends Answer['type']>(
    type: T,
    question: Unnumbered<Question>,
    signal?: AbortSignal,
  ): Promise<Extract<Answer, { type: T }>>;
  /** Calls the listener with every event until the returned function is called. */
  subscribe(listener: (event: ClientEvent) => void): () => void;
  /** Ends the worker; pending requests are rejected. */
  terminate(): void;
}

/** An engine that has not started by then will not: shaders, kernels and threads take seconds. */
const startTimeoutMs = 60_000;

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: LabError) => void;
}

/**
 * Starts a worker and speaks the protocol with it. A worker that dies (an uncaught error, a message
 * that cannot be read, an engine that does not start in time) is ended, all its callers are rejected,
 * and listeners hear `engineFailed` with code `worker-died`.
 *
 * @param createWorker makes the worker; called once
 */
export function linkWorker(
  createWorker: () => Worker,
  initialize: Omit<Extract<Request, { type: 'initialize' }>, 'type'>,
): WorkerLink {
  const listeners = new Set<(event: ClientEvent) => void>();
  const pending = new Map<number, Pending>();
  let nextRequestId = 1;
  let death: LabError | null = null;
  const worker = createWorker();
  const startTimer = setTimeout(
    () => die(`its engine did not start within ${startTimeoutMs / 1000} s.`),
    startTimeoutMs,
  );

  function post(request: Request): void {
    if (death === null) worker.postMessage(request);
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
    if (death !== null) return;
    const error = new LabError(
      'worker-died',
      `The training worker stopped: ${what}`,
      'What was learnt so far stays on this page. Restart the engine to go on from the last checkpoint.',
    );
    end(error);
    const report: ErrorReport = reportError(error);
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

  post({ type: 'initialize', ...initialize });

  return {
    send: post,
    ask: <T extends Answer['type']>(
      type: T,
      question: Unnumbered<Question>,
      signal?: AbortSignal,
    ) => {
      if (death !== null) return Promise.reject(death);
      const requestId = nextRequestId++;
      const giveUp = (): void => post({ type: 'giveUp', given: requestId });
      if (signal?.aborted === false) signal.addEventListener('abort', giveUp, { once: true });
      return new Promise<Extract<Answer, { type: T }>>((resolve, reject) => {
        const settle = (answer: Answer): void => {
          if (answer.type === type) {
            resolve(answer as Extract<Answer, { type: T }>);
            return;
          }
          const message = `The worker answered "${type}" with "${answer.type}".`;
          reject(new LabError('internal', message, 'Reload the page.'));
        };
        pending.set(requestId, { reject, resolve: settle });
        post({ ...question, requestId });
        if (signal?.aborted === true) giveUp();
      }).finally(() => signal?.removeEventListener('abort', giveUp));
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    terminate: () =>
      end(new LabError('worker-died', 'The worker was ended by the page.', 'Reload the page.')),
  };
}
