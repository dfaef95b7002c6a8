import { serveThread, type ThreadSetup } from './threads.ts';

declare const self: DedicatedWorkerGlobalScope;

// The first message is the setup; from then on the thread blocks and hears no other.
self.addEventListener('message', ({ data }: MessageEvent<ThreadSetup>) => serveThread(data), {
  once: true,
});
