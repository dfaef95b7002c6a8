import { connectTasks, type TaskWorker } from '../../../src/engine/testing/inWorker.ts';
import type { RunConfig } from '../../../src/domain/settings/config.ts';
import type { ContenderName } from '../contenders.ts';
import type { ContenderTasks } from './serveContender.ts';

/** The functions that the command calls in the page. Contenders and sessions have numbers. */
export interface Bench {
  /** @returns the contender's number and what it runs on */
  start(name: ContenderName, threads: number): Promise<{ contender: number; device: string }>;
  prepare(contender: number, config: RunConfig, imageCount: number): Promise<number>;
  /** @returns milliseconds */
  run(contender: number, session: number, steps: number): Promise<number>;
  /** Stores the session's parameters here. @returns their number */
  remember(contender: number, session: number): Promise<number>;
  /** ‖a − b‖ / ‖b − start‖: the difference of two results, relative to the change by training. */
  difference(a: number, b: number, start: number): number;
  /** Deletes all stored parameters. */
  forget(): void;
  dispose(contender: number, session: number): Promise<void>;
}

declare global {
  interface Window {
    bench: Bench;
  }
}

/** Written out, so that the bundler finds each worker. */
const workers: Record<ContenderName, () => Worker> = {
  simd: () => new Worker(new URL('./simd.worker.ts', import.meta.url), { type: 'module' }),
  webgl: () => new Worker(new URL('./webgl.worker.ts', import.meta.url), { type: 'module' }),
  'tfjs-wasm': () =>
    new Worker(new URL('./tfjsWasm.worker.ts', import.meta.url), { type: 'module' }),
  'jax-js': () => new Worker(new URL('./jax.worker.ts', import.meta.url), { type: 'module' }),
};

const contenders: TaskWorker<ContenderTasks>[] = [];
const remembered: Float32Array[][] = [];

function distance(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  let sum = 0;
  a.forEach((values, l) => values.forEach((value, i) => (sum += (value - b[l]![i]!) ** 2)));
  return Math.sqrt(sum);
}

window.bench = {
  start: async (name, threads) => {
    const contender = connectTasks<ContenderTasks>(workers[name]());
    contenders.push(contender);
    return { contender: contenders.length - 1, device: await contender.run('start', threads) };
  },
  prepare: (contender, config, imageCount) => {
    const dataUrl = new URL('data/mnist/', location.href).href;
    return contenders[contender]!.run('prepare', dataUrl, config, imageCount);
  },
  run: (contender, session, steps) => contenders[contender]!.run('run', session, steps),
  remember: async (contender, session) =>
    remembered.push(await contenders[contender]!.run('parameters', session)) - 1,
  difference: (a, b, start) =>
    distance(remembered[a]!, remembered[b]!) / distance(remembered[b]!, remembered[start]!),
  forget: () => void remembered.splice(0),
  dispose: (contender, session) => contenders[contender]!.run('dispose', session),
};
