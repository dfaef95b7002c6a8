import { defaultConfig, type RunConfig } from '../../domain/settings/config.ts';
import { canShareMemory } from '../../domain/sharedMemory.ts';
import { Float64Backend } from '../backends/float64/backend.ts';
import { SimdBackend } from '../backends/simd/backend.ts';
import type { KernelBuild } from '../backends/simd/kernels.ts';
import { startThread } from '../backends/simd/startThread.ts';
import { goldenCases } from '../golden/fixtures.ts';
import { computeTensors, expectedTensors, relativeErrors } from '../golden/goldenCase.ts';
import { Trainer } from '../trainer.ts';
import { compareOperations } from './compareOperations.ts';
import { serveTasks } from './serveTasks.ts';
import { syntheticImages } from './syntheticImages.ts';

const backends = new Map<string, SimdBackend>();

async function backendOf(build: KernelBuild, threads: number): Promise<SimdBackend> {
  const name = `${build} ${threads}`;
  const cached = backends.get(name);
  if (cached) return cached;
  const readBytes = async (url: URL) => (await fetch(url)).arrayBuffer();
  const options = { build, threads, startThread, shareAll: true };
  const backend = await SimdBackend.create(readBytes, options);
  backends.set(name, backend);
  return backend;
}

const tasks = {
  canShareMemory,

  describe: async (build: KernelBuild, threads: number) =>
    (await backendOf(build, threads)).description.device,

  /** The largest error of each golden case. */
  golden: async (build: KernelBuild, threads: number) => {
    const backend = await backendOf(build, threads);
    const worst: Record<string, number> = {};
    for (const golden of goldenCases) {
      const errors = relativeErrors(await computeTensors(backend, golden), expectedTensors(golden));
      worst[golden.name] = Math.max(...Object.values(errors));
    }
    return worst;
  },

  operations: async (build: KernelBuild, threads: number, seed: number) =>
    compareOperations(await backendOf(build, threads), new Float64Backend(), seed),

  /** The first layer's parameters after ten steps, as bits. */
  train: async (build: KernelBuild, threads: number) => {
    const backend = await backendOf(build, threads);
    const config: RunConfig = {
      ...defaultConfig,
      hiddenLayers: [40],
      method: 'adversarial-dropout',
    };
    const trainer = new Trainer(backend, config, syntheticImages(300));
    for (let step = 0; step < 10; step++) trainer.trainStep();
    const weights = await backend.read(trainer.network.layers[0]!.parameters);
    trainer.dispose();
    return Array.from(new Uint32Array(weights.buffer));
  },
};

export type SimdTasks = typeof tasks;
serveTasks(tasks);
