import { loadMnist } from '../../../src/data/mnist.ts';
import { slice } from '../../../src/data/splits.ts';
import { initialParameters, layerShapes } from '../../../src/engine/network.ts';
import { serveTasks } from '../../../src/engine/testing/serveTasks.ts';
import type { RunConfig } from '../../../src/domain/settings/config.ts';
import type { ContenderName } from '../contenders.ts';
import type { Contender, Session } from './work.ts';

/** The tasks of a contender's worker. Sessions have numbers. */
export interface ContenderTasks extends Record<string, (...args: never[]) => unknown> {
  /** @returns what it runs on */
  start(name: ContenderName, threads: number): Promise<string>;
  prepare(dataUrl: string, config: RunConfig, imageCount: number): Promise<number>;
  /** Takes steps. @returns the milliseconds until all of them are computed */
  run(session: number, steps: number): Promise<number>;
  /** How the parameters of each layer have changed since the start. */
  changes(session: number): Promise<Float32Array[]>;
  dispose(session: number): void;
}

// Each library is loaded by the worker that runs it alone.
const starters: Record<ContenderName, (threads: number) => Promise<Contender>> = {
  simd: async (threads) => (await import('./engine.ts')).startSimd(threads, true),
  'simd-dense': async (threads) => (await import('./engine.ts')).startSimd(threads, false),
  webgl: async () => (await import('./engine.ts')).startWebGL(),
  'tfjs-wasm': async (threads) => (await import('./tfjs.ts')).startTfjs(threads),
  'jax-js': async (threads) => {
    // When jax-js is loaded, it starts as many threads as the machine has cores.
    Object.defineProperty(navigator, 'hardwareConcurrency', { value: threads });
    return (await import('./jax.ts')).startJax(threads);
  },
};

/**
 * Initial value of RMSprop's averages of squares. Starting from zero, its first update is the learning rate times the
 * sign of the gradient, so a comparison would only show rounding errors of tiny gradients.
 */
const initialSquares = 1e-6;

let contender: Contender;
const sessions: { session: Session; start: Float32Array[] }[] = [];

const tasks: ContenderTasks = {
  start: async (name, threads) => {
    contender = await starters[name](threads);
    return contender.device;
  },
  prepare: async (dataUrl, config, count) => {
    const all = await loadMnist('test', { dataUrl, onProgress: () => undefined });
    const images = slice(all, 0, count);
    const layers = layerShapes(config, images.features, images.classes).map((shape, l) => {
      const parameters = initialParameters(shape, config.seed, l);
      const rows = shape.fanIn + 1;
      const squares = new Float32Array(parameters.length).fill(initialSquares);
      return { rows, columns: parameters.length / rows, parameters, states: [squares] };
    });
    const start = layers.map(({ parameters }) => parameters.slice());
    return sessions.push({ session: contender.prepare({ config, images, layers }), start }) - 1;
  },
  run: async (id, steps) => {
    const { session } = sessions[id]!;
    const start = performance.now();
    for (let step = 0; step < steps; step++) {
      const submitted = session.step();
      if (submitted) await submitted;
    }
    await session.finished();
    return performance.now() - start;
  },
  changes: async (id) => {
    const { session, start } = sessions[id]!;
    const parameters = await session.parameters();
    return parameters.map((values, l) => values.map((value, i) => value - start[l]![i]!));
  },
  dispose: (id) => sessions[id]!.session.dispose(),
};
serveTasks(tasks);
