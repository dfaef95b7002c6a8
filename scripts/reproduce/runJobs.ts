import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { trainingCost } from '../../src/shared/cost.ts';
import { Interrupted } from '../../src/cli/interruption.ts';
import type { RunResult } from '../../src/shared/reproduction.ts';
import type { Job } from './jobs.ts';
import type { DataSource, Order, Report } from './messages.ts';
import type { Board } from './board.ts';
import type { Store } from './store.ts';

export interface RunSettings {
  readonly store: Store;
  readonly data: DataSource;
  /** Folder for the states of unfinished runs. */
  readonly checkpoints: string;
  /** Processes at a time. */
  readonly parallel: number;
  readonly board: Board;
  /** Aborted with an Interrupted to stop. */
  readonly signal: AbortSignal;
}

/** Arithmetic of a whole run, in a unit of its own. */
export function workOf({ config }: Job): number {
  return trainingCost(config) * config.trainingSetSize * config.epochs;
}

const childFile = path.join(import.meta.dirname, 'child.ts');

/** A child that is left alone ends after the step that it is in; one that hangs is ended after this. */
const graceMs = 10_000;

/** Leaves a child and waits until it is gone. Its state after the last epoch is kept. */
async function end(child: ChildProcess, gone: Promise<unknown>): Promise<void> {
  if (child.connected) child.disconnect();
  const last = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await gone;
  clearTimeout(last);
}

/**
 * Makes one run in a process of its own.
 *
 * @throws Error with the child's message; the signal's reason when it is stopped
 */
export async function runInChild(
  order: Order,
  signal: AbortSignal,
  onProgress: (epochs: number) => void,
): Promise<RunResult> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, ['--import', 'tsx', childFile], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = new Promise<number | NodeJS.Signals | null>((resolve) => {
    // Not 'close': it does not come after this side has disconnected.
    child.on('exit', (code, byWhat) => resolve(byWhat ?? code));
  });
  const outcome = new Promise<RunResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('message', (report: Report) => {
      if (report.kind === 'progress') onProgress(report.epochs);
      else if (report.kind === 'done') resolve(report.result);
      else reject(new Error(report.message));
    });
    void gone.then((how) => reject(new Error(`its process ended early, with ${how}.`)));
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    child.send(order);
  });
  try {
    return await outcome;
  } finally {
    await end(child, gone);
  }
}

/**
 * Makes runs, several at a time, in their order. What has a result already is left as it is.
 *
 * @returns the ids of runs that failed; the others go on
 * @throws the signal's reason when it is aborted; unfinished runs go on from their last epoch next time
 */
export async function runJobs(jobs: readonly Job[], settings: RunSettings): Promise<string[]> {
  const { store, data, checkpoints, parallel, board, signal } = settings;
  const left: Job[] = [];
  for (const job of jobs) if (!(await store.read(job))) left.push(job);
  board.begin(jobs, left);
  await mkdir(checkpoints, { recursive: true });
  const failed: string[] = [];
  const work = async () => {
    for (let job = left.shift(); job; job = left.shift()) {
      const { id } = job;
      const checkpoint = path.join(checkpoints, id);
      board.started(job);
      try {
        const onProgress = (epochs: number) => board.progressed(id, epochs);
        const result = await runInChild({ job, data, checkpoint }, signal, onProgress);
        await store.write(job, result);
        await rm(checkpoint, { force: true });
        board.finished(result);
      } catch (error) {
        if (signal.aborted || error instanceof Interrupted) throw error;
        failed.push(id);
        board.failed(id, error instanceof Error ? error.message : String(error));
      }
    }
  };
  // All are waited for, so that no process outlives this one.
  const workers = Array.from({ length: Math.max(1, parallel) }, work);
  const outcomes = await Promise.allSettled(workers);
  board.end();
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return failed;
}
