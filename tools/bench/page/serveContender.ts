import { loadMnist } from '../../../src/data/mnist.ts';
import { serveTasks } from '../../../src/engine/testing/serveTasks.ts';
import type { RunConfig } from '../../../src/domain/settings/config.ts';
import { type Contender, initialLayers, type Session } from './contender.ts';

/** The tasks of a contender's worker. Sessions have numbers. */
export interface ContenderTasks extends Record<string, (...args: never[]) => unknown> {
  start(threads: number): Promise<string>;
  prepare(dataUrl: string, config: RunConfig, imageCount: number): Promise<number>;
  /** Takes steps. @returns the milliseconds until all of them are computed */
  run(session: number, steps: number): Promise<number>;
  parameters(session: number): Promise<Float32Array[]>;
  dispose(session: number): void;
}

/** Makes this worker a contender. */
export function serveContender(contender: Contender): void {
  const sessions = new Map<number, Session>();
  let made = 0;
  const find = (id: number) => sessions.get(id)!;
  const tasks: ContenderTasks = {
    start: (threads) => contender.start(threads),
    prepare: async (dataUrl, config, count) => {
      const all = await loadMnist('test', { dataUrl, onProgress: () => undefined });
      const images = {
        ...all,
        count,
        pixels: all.pixels.slice(0, count * all.features),
        labels: all.labels.slice(0, count),
      };
      const work = { config, images, layers: initialLayers(config, images) };
      sessions.set(++made, await contender.prepare(work));
      return made;
    },
    run: async (id, steps) => {
      const session = find(id);
      const start = performance.now();
      for (let step = 0; step < steps; step++) {
        const submitted = session.step();
        if (submitted) await submitted;
      }
      await session.finished();
      return performance.now() - start;
    },
    parameters: (id) => find(id).parameters(),
    dispose: (id) => {
      find(id).dispose();
      sessions.delete(id);
    },
  };
  serveTasks(tasks);
}
