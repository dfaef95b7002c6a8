import { SimdBackend } from '../../../src/engine/backends/simd/backend.ts';
import { startThread } from '../../../src/engine/backends/simd/startThread.ts';
import { trainerSession } from './engine.ts';
import { serveContender } from './serveContender.ts';

let backend: SimdBackend;

serveContender({
  start: async (threads) => {
    const readBytes = async (url: URL) => (await fetch(url)).arrayBuffer();
    backend = await SimdBackend.create(readBytes, { threads, startThread });
    return backend.description.device;
  },
  prepare: (work) => trainerSession(backend, work),
});
