import type { WorkerApi, WorkerEvent } from '../api.ts';
import { emitTo, expose } from '../rpc/expose.ts';

declare const self: DedicatedWorkerGlobalScope;

const emit = emitTo<WorkerEvent>(self);

/** A worker that starts, and hangs as soon as test images are requested. */
const api: Pick<WorkerApi, 'initialize' | 'useData' | 'testImages'> = {
  initialize: (_, name) =>
    emit({
      type: 'engineReady',
      engine: { name, device: '', isSoftware: false, isFloat32: true, reason: '' },
    }),
  useData: () => Promise.resolve(null),
  testImages: () => {
    for (;;);
  },
};
expose(self, api);
