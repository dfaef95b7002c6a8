import { serveThread, type ThreadSetup } from './threads.ts';

declare const self: DedicatedWorkerGlobalScope;

// The first message is the setup. Afterwards the thread blocks and receives no other message.
self.addEventListener(
  'message',
  ({ data }: MessageEvent<ThreadSetup>) => {
    self.postMessage('started'); // a sign of life, after which it is not made again
    serveThread(data);
  },
  { once: true },
);
