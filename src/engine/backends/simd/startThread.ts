import type { StartThread } from './threads.ts';

/** Starts a SIMD thread in a browser; needs a page that is cross-origin isolated. */
export const startThread: StartThread = (setup) => {
  const worker = new Worker(new URL('./thread.worker.ts', import.meta.url), { type: 'module' });
  worker.postMessage(setup);
  return () => worker.terminate();
};
