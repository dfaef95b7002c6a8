import { startWorker } from '../../../domain/startWorker.ts';
import type { StartThread } from './threads.ts';

/** Starts a SIMD thread in a browser; workers must be able to share memory. */
export const startThread: StartThread = (setup, onError) => {
  const worker = startWorker(
    () => new Worker(new URL('./thread.worker.ts', import.meta.url), { type: 'module' }),
    { onError: (message) => onError(`failed: ${message || 'its code could not be loaded.'}`) },
  );
  worker.post(setup);
  return () => worker.terminate();
};
