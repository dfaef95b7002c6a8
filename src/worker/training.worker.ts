import { selectBackend } from '../engine/backends/select.ts';
import { TrainingHost } from './host.ts';

declare const self: DedicatedWorkerGlobalScope;

const host = new TrainingHost(
  (event, transfer = []) => self.postMessage(event, transfer),
  selectBackend,
);

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => host.handle(data));

// A rejection that nobody handles is a bug: make it an error, which the page hears.
self.addEventListener('unhandledrejection', ({ reason }) => {
  setTimeout(() => {
    throw reason;
  });
});
