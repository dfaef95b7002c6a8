import { Worker } from 'node:worker_threads';
import type { StartThread } from '../../src/engine/backends/simd/threads.ts';

/** Starts a SIMD thread in Node that does not keep the process alive. */
export const startThread: StartThread = (setup, onError) => {
  const worker = new Worker(new URL('./thread.mjs', import.meta.url), { workerData: setup });
  worker.on('error', (error) => onError(`failed: ${String(error)}`));
  worker.unref();
  return () => void worker.terminate();
};
