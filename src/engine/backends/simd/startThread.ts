import type { StartThread } from './threads.ts';

/** Starts a SIMD thread in a browser; the page must be cross-origin isolated. */
export const startThread: StartThread = (setup, onError) => {
  const worker = new Worker(new URL('./thread.worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('error', ({ message }) => onError(`failed: ${message}`));
  worker.postMessage(setup);
  return () => worker.terminate();
};
