import type { Attack } from '../domain/metrics.ts';
import type { Extent, NetworkQuestions, RunStart, WorkerApi, WorkerEvent } from './api.ts';
import { LockstepGroups } from './lockstep.ts';
import type { Connection } from './rpc/connect.ts';
import { invoke, type Questions, untilAborted, withCalls } from './rpc/messages.ts';
import { type PoolOptions, WorkerPool } from './workerPool.ts';

export type { LabelledImages, NetworkToLoad, WorkerEvent as ClientEvent } from './api.ts';

/** The methods that are the same whichever worker is called. */
type OfAnyWorker = 'load' | 'resume' | 'pause' | 'reset' | 'setAttack' | 'useData' | 'testImages';

/**
 * The page's interface to training: runs and loaded networks by their ids, whichever worker holds them (WorkerApi
 * documents each method). Every question takes a signal as its last argument, and rejects with a LabError:
 * 'network-gone' if there is no such network, 'canceled' when the signal is aborted, 'worker-died', or the
 * worker's own.
 */
export interface TrainingClient extends NetworkQuestions, Pick<WorkerApi, OfAnyWorker> {
  /** Starts runs that train together: none is more than one evaluation ahead of another. */
  start(runs: readonly RunStart[], attack: Attack, extent: Extent): void;
  /** Calls the listener with every event until the returned function is called. */
  subscribe(listener: (event: WorkerEvent) => void): () => void;
  /** Ends all workers; open questions are rejected. */
  terminate(): void;
}

/**
 * Starts the workers (`WorkerPool`), and keeps runs that were started together in lockstep. When a worker fails,
 * all are ended, and listeners get `engineFailed`.
 */
export function connectTraining(options: PoolOptions): TrainingClient {
  const listeners = new Set<(event: WorkerEvent) => void>();
  /** Calls made before it was known which engine computes and how many workers there will be. */
  let waiting: (() => void)[] | null = [];
  const pool = new WorkerPool(options, onEvent);
  const groups = new LockstepGroups((runId, epoch) =>
    pool.find(runId)?.commands.allow(runId, epoch),
  );

  function onEvent(event: WorkerEvent): void {
    if (event.type === 'engineFailed') terminate();
    if ('runId' in event) groups.onEvent(event);
    // A copy, since a listener may remove itself.
    // oxlint-disable-next-line unicorn/no-useless-spread
    for (const listener of [...listeners]) listener(event);
    if (event.type === 'engineReady') callWaiting();
  }

  function whenReady(task: () => void): void {
    if (waiting) waiting.push(task);
    else task();
  }

  function callWaiting(): void {
    const tasks = waiting ?? [];
    waiting = null;
    for (const task of tasks) task();
  }

  /** @param find returns the worker to query; called once it is known which engine computes */
  function ask<T>(
    find: () => Connection<WorkerApi>,
    question: (questions: Questions<WorkerApi>) => Promise<T>,
    signal: AbortSignal | undefined,
    onAbort?: () => void,
  ): Promise<T> {
    const attempt = async (): Promise<T> => await question(find().questions);
    const run = (resolve: (answer: Promise<T>) => void): void =>
      whenReady(() => {
        if (!signal?.aborted) resolve(attempt());
      });
    return untilAborted(signal, run, onAbort);
  }

  function terminate(): void {
    pool.terminate();
    callWaiting(); // questions are rejected
  }

  function start(runs: readonly RunStart[], attack: Attack, extent: Extent): void {
    pool.assign(runs);
    const isInLockstep = groups.start(runs.map(({ runId }) => runId));
    for (const run of runs) {
      pool.find(run.runId)?.commands.start(run, attack, extent, isInLockstep);
    }
  }

  function reset(runId: string): void {
    groups.forget(runId);
    pool.find(runId)?.commands.reset(runId);
    pool.forget(runId);
  }

  const own: Omit<TrainingClient, keyof NetworkQuestions> = {
    start: (runs, attack, extent) => whenReady(() => start(runs, attack, extent)),
    load: (network, signal) =>
      ask(
        () => pool.hold(network.runId),
        (questions) => questions.load(network, signal),
        signal,
        // The worker may hold it already: its id can be reused at once.
        () => whenReady(() => reset(network.runId)),
      ),
    resume: (runId, extent) => whenReady(() => pool.resume(runId, extent)),
    pause: (runId) => whenReady(() => pool.find(runId)?.commands.pause(runId)),
    reset: (runId) => whenReady(() => reset(runId)),
    setAttack: (runId, attack) =>
      whenReady(() => pool.find(runId)?.commands.setAttack(runId, attack)),
    useData: (files, isTransposed, signal) => pool.useData(files, isTransposed, signal),
    testImages: (first, count, signal) => pool.first.questions.testImages(first, count, signal),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    terminate,
  };
  return withCalls<NetworkQuestions, typeof own>(own, (method, args) =>
    ask(
      () => pool.require(args[0] as string),
      (questions) => invoke(questions, method, args) as Promise<unknown>,
      args.find((arg) => arg instanceof AbortSignal),
    ),
  );
}
