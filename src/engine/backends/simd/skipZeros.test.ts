import { afterAll, describe, expect, it } from 'vitest';
import { readKernels } from '../../../../tools/train/readKernels.ts';
import { startThread } from '../../../../tools/train/startThread.ts';
import { defaultConfig, optimizers, type RunConfig } from '../../../domain/settings/config.ts';
import { hashAt, hashKey } from '../../../domain/random.ts';
import { syntheticImages } from '../../testing/syntheticImages.ts';
import { Trainer } from '../../trainer.ts';
import type { Backend, Matrix } from '../backend.ts';
import { SimdBackend } from './backend.ts';

const key = hashKey(3, 'noise', 0, 0);
let drawn = 0;

/** Floats in [−1, 1), of which a share is zero. */
function draw(count: number, zeros = 0): Float32Array {
  return Float32Array.from({ length: count }, () => {
    const isZero = hashAt(key, drawn++) / 2 ** 32 < zeros;
    return isZero ? 0 : hashAt(key, drawn++) / 2 ** 31 - 1;
  });
}

/** The bits of a result, as text. */
async function bitsOf(backend: Backend, compute: (backend: Backend) => Matrix): Promise<string> {
  const matrix = backend.scope((keep) => keep(compute(backend)));
  const values = await backend.read(matrix);
  backend.free(matrix);
  return Buffer.from(values.buffer).toString('base64');
}

/** The columns of a matrix, or of its first rows, in which every value is NaN, if those in others are finite. */
async function columnsOfNaN(backend: Backend, matrix: Matrix, rows: number): Promise<number[]> {
  const values = await backend.read(matrix);
  const columns = Array.from({ length: matrix.columns }, (_, c) =>
    Array.from({ length: rows }, (_, r) => values[r * matrix.columns + c]!),
  );
  const found = columns.flatMap((column, c) => (column.every(Number.isNaN) ? [c] : []));
  const others = columns.filter((_, c) => !found.includes(c)).flat();
  expect(others.every(Number.isFinite)).toBe(true);
  return found;
}

/** Images with black pixels, as MNIST has them: in blocks, and some in all images. */
function imagesWithBlack(count: number) {
  const set = syntheticImages(count);
  const pixels = set.pixels.map((value, i) => (i % 7 < 4 || (i % 784) % 28 < 6 ? 0 : value));
  return { ...set, pixels };
}

const linear = { type: 'linear' } as const;

describe.each(['relaxed', 'plain'] as const)(
  'products that skip zeros, %s build',
  async (build) => {
    const skipping = await Promise.all(
      [1, 2, 3].map((threads) =>
        SimdBackend.create(readKernels, { build, threads, startThread, shareAll: true }),
      ),
    );
    const dense = await SimdBackend.create(readKernels, { build, skipZeros: false });
    afterAll(() => [dense, ...skipping].forEach((backend) => backend.dispose()));

    // Images, inputs and units: on both sides of every size of a block.
    it.each([
      [64, 784, 400],
      [8, 1, 48],
      [9, 255, 49],
      [70, 257, 150],
      [515, 30, 100],
      [131, 600, 144],
    ])('give the same bits: %i × %i × %i', async (batch, fanIn, units) => {
      for (const zeros of [0.5, 0.8, 1]) {
        const x = draw(batch * fanIn, zeros);
        const parameters = draw((fanIn + 1) * units);
        const delta = draw(batch * units, zeros);
        const products: ((backend: Backend) => Matrix)[] = [
          (backend) => {
            const w = backend.upload(parameters, fanIn + 1, units);
            return backend.forwardLayer(backend.upload(x, batch, fanIn), w, linear, null).output;
          },
          (backend) => {
            const d = backend.upload(delta, batch, units);
            return backend.weightGradient(backend.upload(x, batch, fanIn), d);
          },
          (backend) => {
            const w = backend.upload(parameters, fanIn + 1, units);
            return backend.inputGradient(backend.upload(delta, batch, units), w);
          },
        ];
        for (const product of products) {
          const expected = await bitsOf(dense, product);
          for (const backend of skipping) {
            expect((await bitsOf(backend, product)) === expected).toBe(true);
          }
        }
      }
    });

    it.each(['plain', 'adversarial', 'adversarial-dropout'] as const)(
      'train to the same bits: %s',
      async (method) => {
        const config: RunConfig = { ...defaultConfig, hiddenLayers: [150, 90], method };
        const results: string[] = [];
        for (const backend of [dense, ...skipping]) {
          const trainer = new Trainer(backend, config, imagesWithBlack(500));
          for (let step = 0; step < 20; step++) trainer.trainStep();
          const { layers } = await trainer.snapshot();
          const all = layers.flatMap(({ parameters, states }) => [parameters, ...states]);
          results.push(all.map((values) => Buffer.from(values.buffer).toString('base64')).join());
          trainer.dispose();
          expect(backend.memory()).toEqual({ matrices: 0, bytes: 0 });
        }
        for (const result of results) expect(result === results[0]).toBe(true);
      },
    );

    it.each([Infinity, -Infinity, NaN])(
      'do not hide that a weight, or a gradient, is %f where only zeros meet it',
      async (bad) => {
        const [batch, fanIn, units] = [16, 300, 56];
        // The last 100 inputs are zero in all images, and so is the last output delta.
        const x = draw(batch * fanIn, 0.7).map((value, i) => (i % fanIn < 200 ? value : 0));
        const delta = draw(batch * units, 0.7).map((value, i) =>
          i % units < units - 1 ? value : 0,
        );
        const parameters = draw((fanIn + 1) * units);
        const badWeight = parameters.with(250 * units + 5, bad);
        const badAtZero = parameters.with(7 * units + units - 1, bad);
        const badDelta = delta.with(3 * units + 9, bad);
        for (const backend of skipping) {
          const [images, w, v, d, e] = [
            backend.upload(x, batch, fanIn),
            backend.upload(badWeight, fanIn + 1, units),
            backend.upload(badAtZero, fanIn + 1, units),
            backend.upload(delta, batch, units),
            backend.upload(badDelta, batch, units),
          ];
          const { output } = backend.forwardLayer(images, w, linear, null);
          expect(await columnsOfNaN(backend, output, batch)).toEqual([5]);
          const gradient = backend.inputGradient(d, v);
          expect(await columnsOfNaN(backend, gradient, batch)).toEqual([7]);
          // Were no zeros skipped, inputs that are not zero could have an infinite gradient. Here all of them are NaN.
          const weights = backend.weightGradient(images, e);
          expect(await columnsOfNaN(backend, weights, fanIn)).toEqual([9]);
          backend.free(images, w, v, d, e, output, gradient, weights);
        }
      },
    );

    it.each(optimizers)('show at the same step that training diverges: %s', async (optimizer) => {
      const rates = { sgd: 1e20, momentum: 1e20, rmsprop: 1e18, adam: 1e18 };
      const config: RunConfig = {
        ...defaultConfig,
        hiddenLayers: [60, 50],
        optimizer,
        learningRate: rates[optimizer],
      };
      const steps: number[] = [];
      for (const backend of [dense, skipping[0]!]) {
        const trainer = new Trainer(backend, config, imagesWithBlack(500));
        let step = 0;
        let loss: number | null = 0;
        while (step < 20 && Number.isFinite(loss)) {
          trainer.trainStep();
          step++;
          loss = await trainer.takeTrainLoss();
        }
        steps.push(step);
        trainer.dispose();
      }
      expect(steps[0]).toBeLessThan(20);
      expect(steps[1]).toBe(steps[0]);
    });
  },
);
