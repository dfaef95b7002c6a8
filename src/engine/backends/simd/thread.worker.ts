import { serveThread, type ThreadSetup } from './threads.ts';

declare const self: DedicatedWorkerGlobalScope;

// The first message is the setup. Afterwards the thread blocks and receives no other message.
self.addEventListener('message', ({ data }: MessageEvent<ThreadSetup>) => serveThread(data), {
  once: true,
});
