import { type ImageSet, orderPixels } from '../data/imageSet.ts';
import type { Backend } from '../engine/backends/backend.ts';
import type { StepState } from '../engine/analysis/inspectStep.ts';
import { layerShapes, makeNetwork, type Network } from '../engine/network.ts';
import { nextTask } from '../domain/nextTask.ts';
import { piecesOf } from '../engine/activations.ts';
import { nextRule } from '../engine/trainingStep.ts';
import { stateCount } from '../domain/checkpoint.ts';
import type { RunConfig } from '../domain/settings/config.ts';
import { classCountOf } from '../domain/dataSet.ts';
import { LabError } from '../domain/errors.ts';
import { drawPixelOrder } from '../domain/pixelOrder.ts';
import type { NetworkToLoad } from './api.ts';
import { NetworkQueries } from './networkQueries.ts';
import { NetworkSnapshot } from './networkSnapshot.ts';
import { Stopped } from './run/pauseGate.ts';

/** The images on which the page queries networks. */
const features = 28 * 28;

/** A network that was trained elsewhere and is only queried. It needs no training images. */
export class LoadedNetwork {
  readonly queries: NetworkQueries;
  readonly #frozen: NetworkSnapshot;
  #isStopped = false;

  /**
   * @param loadTest called only for measurements
   * @throws LabError 'data-corrupt' if the parameters do not fit the network
   */
  constructor(
    backend: Backend,
    { config, layers, step }: NetworkToLoad,
    loadTest: () => Promise<ImageSet>,
  ) {
    assertFits(config, layers);
    const shapes = layerShapes(config, features, classCountOf(config.dataSet));
    const parameters = layers.map((layer) => layer.parameters);
    const frozen = backend.scope((keep) => {
      const network = makeNetwork(backend, shapes, parameters, config.loss);
      const copy = new NetworkSnapshot(backend, network, step);
      for (const layer of copy.network.layers) keep(layer.parameters);
      return copy;
    });
    this.#frozen = frozen;
    const stepsPerEpoch = Math.ceil(config.trainingSetSize / config.batchSize);
    this.queries = new NetworkQueries({
      backend,
      features,
      stepsPerEpoch,
      pixelOrder: drawPixelOrder(config.permutationSeed, features),
      step: () => step,
      use: (task) => frozen.use(task),
      useStepState: (task) =>
        frozen.use((network) =>
          withFirstStep(backend, network, config, { step, stepsPerEpoch }, task),
        ),
      hasOptimizerMemory: () => false,
      freeze: () =>
        frozen.use((network) => Promise.resolve(new NetworkSnapshot(backend, network, step))),
      // Always test images: the network may have been trained with another validation set than this page's.
      loadEvaluation: async () => {
        const set = orderPixels(await loadTest(), config.permutationSeed);
        return { set, split: 'test' };
      },
      trainedOn: null,
      checkpoint: () =>
        Promise.reject(
          new LabError(
            'network-gone',
            'A network that was loaded has no state to continue from.',
            'Train a network first.',
          ),
        ),
      yieldToEventLoop: async () => {
        await nextTask();
        if (this.#isStopped) throw new Stopped();
      },
    });
  }

  /** Ends queries and frees its memory. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.queries.stop();
    this.#frozen.release();
  }
}

/**
 * Runs a task on the state from which a next training step would start. A network's file has no optimizer state:
 * the step is the optimizer's first, at the learning rate where training ended.
 */
async function withFirstStep<T>(
  backend: Backend,
  network: Network,
  config: RunConfig,
  { step, stepsPerEpoch }: { readonly step: number; readonly stepsPerEpoch: number },
  task: (state: StepState) => Promise<T>,
): Promise<T> {
  const states = network.layers.map(({ parameters: { rows, columns } }) =>
    Array.from({ length: stateCount[config.optimizer] }, () => backend.zeros(rows, columns)),
  );
  try {
    const epoch = Math.floor(step / stepsPerEpoch);
    return await task({ network, states, config, step, rule: nextRule(config, epoch, 0) });
  } finally {
    backend.free(...states.flat());
  }
}

function assertFits(config: RunConfig, layers: NetworkToLoad['layers']): void {
  const shapes = layerShapes(config, features, classCountOf(config.dataSet)).map(
    ({ fanIn, units, activation }) => `${fanIn + 1} × ${units * piecesOf(activation)}`,
  );
  const found = layers.map(({ rows, columns }) => `${rows} × ${columns}`);
  if (found.join() !== shapes.join()) {
    refuse(`its layers should be ${shapes.join(', ')}, but are ${found.join(', ')}`);
  }
  layers.forEach(({ rows, columns, parameters }, l) => {
    if (parameters.length !== rows * columns) {
      refuse(`layer ${l + 1} should have ${rows * columns} numbers, but has ${parameters.length}`);
    }
    if (!parameters.every(Number.isFinite))
      refuse(`layer ${l + 1} has numbers that are not finite`);
  });
}

function refuse(what: string): never {
  throw new LabError(
    'data-corrupt',
    `The network does not fit its settings: ${what}.`,
    'Reload the page.',
  );
}
