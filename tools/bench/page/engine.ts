import type { Backend } from '../../../src/engine/backends/backend.ts';
import { SimdBackend } from '../../../src/engine/backends/simd/backend.ts';
import { startThread } from '../../../src/engine/backends/simd/startThread.ts';
import { WebGLBackend } from '../../../src/engine/backends/webgl/backend.ts';
import { Trainer } from '../../../src/engine/trainer.ts';
import type { Contender, Session, Work } from './work.ts';

export async function startSimd(threads: number, skipZeros: boolean): Promise<Contender> {
  const readBytes = async (url: URL) => (await fetch(url)).arrayBuffer();
  const backend = await SimdBackend.create(readBytes, { threads, startThread, skipZeros });
  return { device: backend.description.device, prepare: (work) => startSession(backend, work) };
}

export function startWebGL(): Contender {
  const backend = new WebGLBackend();
  const { device, isSoftware } = backend.description;
  return {
    device: isSoftware ? `${device}, in software` : device,
    prepare: (work) => startSession(backend, work),
  };
}

/** Uses the trainer that the page and the command line use. */
function startSession(backend: Backend, { config, images, layers }: Work): Session {
  const scores = new Float32Array(config.batchSize * 2);
  const trainer = new Trainer(backend, config, images, { step: 0, layers, scores, scored: 0 });
  let previous = Promise.resolve();
  return {
    step: () => {
      trainer.trainStep();
      // Two steps in flight, as in a run.
      const before = previous;
      previous = backend.finished();
      previous.catch(() => undefined); // a rejection is handled where it is awaited
      return before;
    },
    finished: () => previous,
    parameters: async () => {
      const parameters: Float32Array[] = [];
      for (const layer of trainer.network.layers) {
        parameters.push(Float32Array.from(await backend.read(layer.parameters)));
      }
      return parameters;
    },
    dispose: () => trainer.dispose(),
  };
}
