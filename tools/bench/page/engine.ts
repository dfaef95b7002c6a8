import type { Backend } from '../../../src/engine/backends/backend.ts';
import { Trainer } from '../../../src/engine/trainer.ts';
import type { Session, Work } from './contender.ts';

/** A session of our own engine on any backend, with the trainer that the page and the command line use. */
export function trainerSession(backend: Backend, { config, images, layers }: Work): Session {
  const scores = new Float32Array(config.batchSize * 2);
  const trainer = new Trainer(backend, config, images, { step: 0, layers, scores, scored: 0 });
  return {
    step: () => {
      trainer.trainStep();
      return backend.finished();
    },
    finished: () => backend.finished(),
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
