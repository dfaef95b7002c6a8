import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Interrupted } from '../train/interruption.ts';
import type { RunResult } from '../../src/domain/reproduction.ts';
import type { RunReport, RunRequest } from './child.ts';
import type { Job } from './jobs.ts';
import { networkFile } from './networks.ts';
import type { ProgressReporter } from './progress.ts';
import type { Store } from './store.ts';

export interface RunSettings {
  readonly store: Store;
  readonly directory: string;
  /** Folder for checkpoints and trained networks. */
  readonly cache: string;
  readonly parallel: number;
  readonly progress: ProgressReporter;
  /** Aborted with an Interrupted to stop the runs. */
  readonly signal: AbortSignal;
}

const childFile = path.join(import.meta.dirname, 'child.ts');

/** A disconnected child exits after its current step; one that hangs is killed after this time. */
const graceMs = 10_000;

/** Disconnects from a child and waits until it has exited. Its checkpoint of the last epoch stays. */
async function stopChild(child: ChildProcess, gone: Promise<unknown>): Promise<void> {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await gone;
  clearTimeout(timer);
}

/**
 * Makes one run in its own process.
 *
 * @throws Error with the child's message; the signal's reason if it is aborted
 */
export async function runInChild(
  request: RunRequest,
  signal: AbortSignal,
  onProgress: (epochs: number) => void,
): Promise<RunResult> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, ['--import', 'tsx', childFile], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = new Promise<number | NodeJS.Signals | null>((resolve) => {
    // Not 'close', which is not emitted after this side has disconnected.
    child.on('exit', (code, byWhat) => resolve(byWhat ?? code));
  });
  const outcome = new Promise<RunResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('message', (report: RunReport) => {
      if (report.kind === 'progress') onProgress(report.epochs);
      else if (report.kind === 'done') resolve(report.result);
      else reject(new Error(report.message));
    });
    void gone.then((how) => reject(new Error(`its process ended early, with ${how}.`)));
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    child.send(request);
  });
  try {
    return await outcome;
  } finally {
    await stopChild(child, gone);
  }
}

/**
 * Makes runs in order, several at a time. Runs that already have a result are skipped.
 *
 * @returns the ids of the runs that failed; the others are made nevertheless
 * @throws the signal's reason if it is aborted; next time, unfinished runs resume after their last epoch
 */
export async function runJobs(jobs: readonly Job[], settings: RunSettings): Promise<string[]> {
  const { store, directory, cache, parallel, progress, signal } = settings;
  const left: Job[] = [];
  for (const job of jobs) if (!(await store.read(job))) left.push(job);
  progress.begin(jobs, left);
  await mkdir(path.dirname(networkFile(cache, '')), { recursive: true });
  const failed: string[] = [];
  const work = async () => {
    for (let job = left.shift(); job; job = left.shift()) {
      const { id } = job;
      const files = {
        checkpoint: path.join(cache, id),
        weights: networkFile(cache, id),
      };
      progress.started(job);
      try {
        const onProgress = (epochs: number) => progress.progressed(id, epochs);
        const result = await runInChild({ job, directory, ...files }, signal, onProgress);
        await store.write(job, result);
        await rm(files.checkpoint, { force: true });
        progress.finished(result);
      } catch (error) {
        if (signal.aborted || error instanceof Interrupted) throw error;
        failed.push(id);
        progress.failed(id, error instanceof Error ? error.message : String(error));
      }
    }
  };
  // Waits for all of them, so that no process outlives this one.
  const workers = Array.from({ length: Math.max(1, parallel) }, work);
  const outcomes = await Promise.allSettled(workers);
  progress.end();
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return failed;
}
