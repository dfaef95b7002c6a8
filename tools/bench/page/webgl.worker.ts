import { WebGLBackend } from '../../../src/engine/backends/webgl/backend.ts';
import { trainerSession } from './engine.ts';
import { serveContender } from './serveContender.ts';

let backend: WebGLBackend;

serveContender({
  start: () => {
    backend = new WebGLBackend();
    const { device, isSoftware } = backend.description;
    return Promise.resolve(isSoftware ? `${device}, in software` : device);
  },
  prepare: (work) => trainerSession(backend, work),
});
