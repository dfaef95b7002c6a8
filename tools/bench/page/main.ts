import { connectTasks, type TaskWorker } from '../../../src/engine/testing/inWorker.ts';
import type { RunConfig } from '../../../src/domain/settings/config.ts';
import type { ContenderName } from '../contenders.ts';
import type { ContenderTasks } from './contender.worker.ts';

const contenders: TaskWorker<ContenderTasks>[] = [];
/** What the steps of the first session that was compared changed. */
let reference: Float32Array[] | null = null;

function distance(a: readonly Float32Array[], b?: readonly Float32Array[]): number {
  let sum = 0;
  a.forEach((values, l) => values.forEach((value, i) => (sum += (value - (b?.[l]![i] ?? 0)) ** 2)));
  return Math.sqrt(sum);
}

/** The functions that the command calls in the page. Contenders and their sessions have numbers, from 0. */
const bench = {
  /** @returns what the next contender runs on */
  start: (name: ContenderName, threads: number): Promise<string> => {
    // The bundler finds the worker only in this form.
    const worker = new Worker(new URL('./contender.worker.ts', import.meta.url), {
      type: 'module',
    });
    const contender = connectTasks<ContenderTasks>(worker);
    contenders.push(contender);
    return contender.run('start', name, threads);
  },
  /** @returns the number of a new session */
  prepare: (contender: number, config: RunConfig, imageCount: number): Promise<number> => {
    const dataUrl = new URL('data/mnist/', location.href).href;
    return contenders[contender]!.run('prepare', dataUrl, config, imageCount);
  },
  run: (contender: number, session: number, steps: number): Promise<number> =>
    contenders[contender]!.run('run', session, steps),
  /** @returns the difference from the first session's result, relative to the change by training */
  compare: async (contender: number, session: number): Promise<number> => {
    const changes = await contenders[contender]!.run('changes', session);
    reference ??= changes;
    return distance(changes, reference) / distance(reference);
  },
  /** Makes the next session that is compared the first one. */
  forget: (): void => void (reference = null),
  dispose: (contender: number, session: number): Promise<void> =>
    contenders[contender]!.run('dispose', session),
};

declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;
