import { afterAll, describe, expect, it, vi } from 'vitest';
import { readKernels } from '../../../../tools/train/readKernels.ts';
import { startThread } from '../../../../tools/train/startThread.ts';
import { defaultConfig, type RunConfig } from '../../../domain/settings/config.ts';
import { goldenCases } from '../../golden/fixtures.ts';
import outputDelta from '../../golden/fixtures/output-delta.json';
import { computeTensors, expectedTensors, relativeErrors } from '../../golden/goldenCase.ts';
import { compareOperations } from '../../testing/compareOperations.ts';
import { syntheticImages } from '../../testing/syntheticImages.ts';
import { stateCount } from '../../../domain/checkpoint.ts';
import { updateRule } from '../../optimizers.ts';
import { Trainer } from '../../trainer.ts';
import { Float64Backend } from '../float64/backend.ts';
import { SimdBackend } from './backend.ts';
import type { StartThread } from './threads.ts';

const variants = [
  { build: 'relaxed', threads: 1 },
  { build: 'plain', threads: 1 },
  { build: 'relaxed', threads: 2 },
  { build: 'plain', threads: 3 },
] as const;

describe.each(variants)('SIMD backend in Node, $build build, $threads threads', async (variant) => {
  // All work is shared among the threads, however small.
  const backend = await SimdBackend.create(readKernels, {
    ...variant,
    startThread,
    shareAll: true,
  });
  afterAll(() => backend.dispose());

  it('describes its build and its threads', () => {
    const threads = variant.threads === 1 ? '1 thread' : `${variant.threads} threads`;
    expect(backend.description.device).toBe(`WebAssembly, ${variant.build} SIMD, ${threads}`);
  });

  it.each(goldenCases)('agrees with the golden vectors $name to 1e-5', async (golden) => {
    const errors = relativeErrors(await computeTensors(backend, golden), expectedTensors(golden));
    for (const [name, error] of Object.entries(errors)) {
      expect(error, name).toBeLessThanOrEqual(1e-5);
    }
    expect(backend.memory().matrices).toBe(0);
  });

  it('gathers every pixel as i / 255 in float32, in rows of any length', async () => {
    const pixels = Uint8Array.from({ length: 260 }, (_, i) => i % 256);
    const set = { pixels, labels: new Uint8Array(20), count: 20, features: 13, classes: 10 };
    const order = Uint32Array.from({ length: 20 }, (_, i) => 19 - i);
    const images = backend.loadImages(set, order);
    const expected = [...order].flatMap((image) =>
      Array.from(pixels.subarray(image * 13, (image + 1) * 13), (pixel) =>
        Math.fround(pixel / 255),
      ),
    );
    expect([...(await backend.read(images))]).toEqual(expected);
    backend.free(images);
    expect(backend.memory().bytes).toBe(0);
  });

  it.each(['bce', 'ce'] as const)(
    'computes output deltas to 1e-5 of each element: %s',
    async (loss) => {
      const logits = backend.upload(outputDelta.logits.flat(), 6, 4);
      const labels = backend.upload(outputDelta.labels, 6, 1);
      const delta = backend.outputDelta(logits, labels, loss);
      const found = await backend.read(delta);
      outputDelta[loss].delta.flat().forEach((expected, i) => {
        expect(Math.abs(found[i]! - expected)).toBeLessThanOrEqual(1e-5 * Math.abs(expected));
      });
      backend.free(logits, labels, delta);
    },
  );

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'agrees with float64 in every operation (shapes %i)',
    async (seed) => {
      const differences = await compareOperations(backend, new Float64Backend(), seed);
      for (const [operation, difference] of Object.entries(differences)) {
        expect(difference, operation).toBeLessThanOrEqual(1e-5);
      }
    },
  );
});

describe('optimizer state', () => {
  it.each(['momentum', 'rmsprop', 'adam'] as const)(
    '%s decays to zero or a floor, never to denormal floats, which are slow',
    async (optimizer) => {
      const backend = await SimdBackend.create(readKernels);
      const w = backend.upload([1, 2, 3, 4], 1, 4);
      const state = Array.from({ length: stateCount[optimizer] }, () => backend.zeros(1, 4));
      const step = (gradient: readonly number[], t: number) =>
        backend.scope(() => {
          const g = backend.upload(gradient, 1, 4);
          backend.updateParameters(updateRule(optimizer, 0.01, t), w, g, state);
        });
      step([1, -1e-3, 1e-8, 5], 1);
      for (let t = 2; t < 20_000; t++) step([0, 0, 0, 0], t);
      for (const matrix of state) {
        for (const value of await backend.read(matrix)) {
          expect(value === 0 || Math.abs(value) > 1.2e-38, String(value)).toBe(true);
        }
      }
    },
  );
});

describe('memory', () => {
  it('refuses what is too large, still works afterwards, and reuses freed memory of any size', async () => {
    const backend = await SimdBackend.create(readKernels);
    expect(() => backend.zeros(20_000, 20_000)).toThrow('more than it can get');
    expect(backend.memory()).toEqual({ matrices: 0, bytes: 0 });
    for (let round = 0; round < 40; round++) backend.free(backend.zeros(5000, 2000 + 8 * round));
    expect(backend.memory()).toEqual({ matrices: 0, bytes: 0 });
  });
});

describe('threads', () => {
  it('fall back to one if they do not start', async () => {
    const report: StartThread = (_, onError) => {
      onError('failed: no such file');
      return () => undefined;
    };
    const ended = vi.fn();
    const refuseTheSecond: StartThread = ({ part }) => {
      if (part === 2) throw new Error('No more workers.');
      return ended;
    };
    for (const startThread of [report, refuseTheSecond]) {
      const backend = await SimdBackend.create(readKernels, { threads: 3, startThread });
      expect(backend.description.device).toContain('1 thread');
    }
    expect(ended).toHaveBeenCalledOnce();
  });

  it('are one where memory cannot be shared', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    try {
      const backend = await SimdBackend.create(readKernels, { threads: 2, startThread });
      expect(backend.description.device).toContain('1 thread');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('do not change the result: 1, 2 and 3 of them give the same weights to the bit', async () => {
    const config: RunConfig = {
      ...defaultConfig,
      hiddenLayers: [150, 90],
      method: 'adversarial-dropout',
    };
    const images = syntheticImages(500);
    const results: string[] = [];
    for (const threads of [1, 2, 3]) {
      const backend = await SimdBackend.create(readKernels, { threads, startThread });
      const trainer = new Trainer(backend, config, images);
      for (let step = 0; step < 20; step++) trainer.trainStep();
      const weights = await backend.read(trainer.network.layers[0]!.parameters);
      results.push(Buffer.from(weights.buffer).toString('base64'));
      trainer.dispose();
      expect(backend.memory().matrices).toBe(0);
      backend.dispose();
    }
    expect(results[1]).toBe(results[0]);
    expect(results[2]).toBe(results[0]);
  });
});
