import { selectBackend } from '../engine/backends/select.ts';
import type { WorkerEvent } from './api.ts';
import { TrainingHost, workerApi } from './host.ts';
import { emitTo, expose } from './rpc/expose.ts';

declare const self: DedicatedWorkerGlobalScope;

const host = new TrainingHost(emitTo<WorkerEvent>(self), selectBackend);
expose(self, workerApi(host), (thrown) => host.failIfEngine(thrown));

// A rejection that nobody handles is a bug: make it an error, which reaches the page.
self.addEventListener('unhandledrejection', ({ reason }) => {
  setTimeout(() => {
    throw reason;
  });
});
