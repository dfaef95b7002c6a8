import { orderPixels } from '../../data/imageSet.ts';
import { type Loss, optimizers } from '../../domain/settings/config.ts';
import { hashAt, hashKey } from '../../domain/random.ts';
import type { AttackLoss } from '../../domain/metrics.ts';
import type { Activation } from '../activations.ts';
import type { Backend, Matrix } from '../backends/backend.ts';
import { stateCount } from '../../domain/checkpoint.ts';
import { updateRule } from '../optimizers.ts';
import { syntheticImages } from './syntheticImages.ts';

/** The largest difference between two backends by operation, relative to the largest element. */
export type Differences = Record<string, number>;

const activations: readonly Activation[] = [
  { type: 'linear' },
  { type: 'logistic' },
  { type: 'tanh' },
  { type: 'relu' },
  { type: 'maxout', pieces: 2 },
  { type: 'maxout', pieces: 3 },
];

/**
 * Compares every operation on two backends, with the same random inputs of sizes 1 to 67. The inputs are float32
 * values, so both backends start from the same numbers.
 */
export async function compareOperations(
  tested: Backend,
  reference: Backend,
  seed: number,
): Promise<Differences> {
  const key = hashKey(seed, 'noise', 0, 0);
  let drawn = 0;
  const draw = () => hashAt(key, drawn++) / 0x1_0000_0000;
  const size = () => 1 + Math.floor(draw() * 67);
  const values = (count: number) => Float32Array.from({ length: count }, () => 2 * draw() - 1);
  const differences: Differences = {};

  const compare = async (
    name: string,
    compute: (backend: Backend) => Matrix | readonly Matrix[],
  ): Promise<void> => {
    const results: ArrayLike<number>[] = [];
    for (const backend of [tested, reference]) {
      const kept = backend.scope((keep) => [compute(backend)].flat().map(keep));
      const read: number[] = [];
      for (const matrix of kept) read.push(...(await backend.read(matrix)));
      backend.free(...kept);
      results.push(read);
    }
    const [found, expected] = results as [number[], number[]];
    const scale = Math.max(...expected.map(Math.abs), 1e-30);
    const worst = Math.max(...expected.map((value, i) => Math.abs(found[i]! - value)));
    const sizesAgree = found.length === expected.length && !Number.isNaN(worst);
    differences[name] = sizesAgree ? worst / scale : Infinity;
  };

  const batch = size();
  for (const activation of activations) {
    const [fanIn, units, above] = [size(), size(), size()];
    const pieces = activation.type === 'maxout' ? activation.pieces : 1;
    const x = values(batch * fanIn);
    const w = values((fanIn + 1) * units * pieces);
    const wAbove = values((units + 1) * above);
    const delta = values(batch * above);
    for (const isMasked of [false, true]) {
      const name = `${activation.type}${pieces > 1 ? ` ${pieces}` : ''}${isMasked ? ' masked' : ''}`;
      const layer = (backend: Backend) => {
        const mask = isMasked
          ? backend.dropoutMask(batch, units, 0.4, hashKey(seed, 'dropout', 1, 1))
          : null;
        const input = backend.upload(x, batch, fanIn);
        const parameters = backend.upload(w, fanIn + 1, units * pieces);
        return { mask, output: backend.forwardLayer(input, parameters, activation, mask) };
      };
      await compare(`forward ${name}`, (backend) => layer(backend).output.output);
      await compare(`backward ${name}`, (backend) => {
        const { mask, output } = layer(backend);
        const d = backend.upload(delta, batch, above);
        const parameters = backend.upload(wAbove, units + 1, above);
        return backend.backwardLayer(d, parameters, output, activation, mask);
      });
    }
    await compare(`weight gradient ${fanIn} ${units}`, (backend) =>
      backend.weightGradient(backend.upload(x, batch, fanIn), backend.upload(delta, batch, above)),
    );
    await compare(`input gradient ${units} ${above}`, (backend) =>
      backend.inputGradient(
        backend.upload(delta, batch, above),
        backend.upload(wAbove, units + 1, above),
      ),
    );
  }

  // Deeper than one block of the SIMD product, with more rows than one tile.
  const deep = { fanIn: 261 + size(), units: size(), batch: 70 };
  const deepInput = values(deep.batch * deep.fanIn);
  const deepWeights = values((deep.fanIn + 1) * deep.units);
  await compare('forward, deep', (backend) => {
    const input = backend.upload(deepInput, deep.batch, deep.fanIn);
    const parameters = backend.upload(deepWeights, deep.fanIn + 1, deep.units);
    return backend.forwardLayer(input, parameters, { type: 'linear' }, null).output;
  });
  await compare('weight gradient, deep', (backend) =>
    backend.weightGradient(
      backend.upload(deepInput, deep.fanIn, deep.batch),
      backend.upload(deepWeights.subarray(deep.units), deep.fanIn, deep.units),
    ),
  );

  const set = syntheticImages(9, 21, 4);
  const indices = Uint32Array.of(8, 0, 3, 3, 5);
  await compare('images', (backend) => backend.loadImages(set, indices));
  const shuffled = orderPixels(set, seed);
  await compare('images, permuted', (backend) => backend.loadImages(shuffled, indices));
  await compare('labels', (backend) => backend.loadLabels(set, indices));

  const [rows, columns] = [size(), size()];
  const images = values(rows * columns);
  const gradient = values(rows * columns).map((value) => (Math.abs(value) < 0.2 ? 0 : value));
  await compare('scale and shift', (backend) =>
    backend.scaleAndShift(backend.upload(images, rows, columns), 3.97, -1.88),
  );
  const noiseKey = hashKey(seed, 'noise', 3, 0);
  for (const clip of [false, true]) {
    await compare(`signed step ${clip}`, (backend) =>
      backend.addSignedStep(
        backend.upload(images, rows, columns),
        backend.upload(gradient, rows, columns),
        0.25,
        clip,
      ),
    );
    await compare(`signed step down ${clip}`, (backend) => {
      const x = backend.upload(images, rows, columns);
      return backend.addSignedStep(x, backend.upload(gradient, rows, columns), -0.25, clip);
    });
    await compare(`random signs ${clip}`, (backend) =>
      backend.addRandomSigns(backend.upload(images, rows, columns), noiseKey, 0.25, clip),
    );
    await compare(`uniform noise ${clip}`, (backend) =>
      backend.addUniformNoise(backend.upload(images, rows, columns), noiseKey, 0.25, clip),
    );
    await compare(`projected step ${clip}`, (backend) => {
      const x = backend.upload(images, rows, columns);
      const current = backend.addUniformNoise(x, noiseKey, 0.25, false);
      const g = backend.upload(gradient, rows, columns);
      return backend.addProjectedStep(x, current, g, 0.15, 0.25, clip);
    });
    await compare(`projected step down ${clip}`, (backend) => {
      const x = backend.upload(images, rows, columns);
      const current = backend.addUniformNoise(x, noiseKey, 0.25, false);
      const g = backend.upload(gradient, rows, columns);
      return backend.addProjectedStep(x, current, g, -0.15, 0.25, clip);
    });
  }
  for (const clip of [false, true]) {
    for (const [epsilon, size] of [
      [0.25, 0.15],
      [3, -0.15],
    ] as const) {
      await compare(`normalized step ${size} ${clip}`, (backend) => {
        const x = backend.upload(images, rows, columns);
        const current = backend.addUniformNoise(x, noiseKey, 0.25, false);
        // A row of zeros, and numbers whose squares are 0 in float32.
        const g = gradient.map((value, i) => (i < columns ? 0 : 1e-30 * value));
        const slopes = backend.upload(g, rows, columns);
        return backend.addNormalizedStep(x, current, slopes, size, epsilon, clip);
      });
    }
  }
  await compare('blend', (backend) =>
    backend.blend(
      0.3,
      backend.upload(images, rows, columns),
      -0.6,
      backend.upload(gradient, rows, columns),
    ),
  );
  await compare('dropout mask', (backend) =>
    backend.dropoutMask(rows, columns, 0.9, hashKey(seed, 'dropout', 2, 0)),
  );
  await compare('apply mask', (backend) =>
    backend.applyMask(
      backend.upload(images, rows, columns),
      backend.dropoutMask(rows, columns, 0.5, hashKey(seed, 'dropout', 2, 0)),
    ),
  );

  for (const optimizer of optimizers) {
    await compare(optimizer, (backend) => {
      const parameters = backend.upload(images, rows, columns);
      const state = Array.from({ length: stateCount[optimizer] }, () =>
        backend.zeros(rows, columns),
      );
      for (let step = 1; step <= 3; step++) {
        const g = backend.upload(gradient, rows, columns);
        backend.updateParameters(updateRule(optimizer, 0.01, step), parameters, g, state);
      }
      return [parameters, ...state];
    });
  }

  await compare('scale weights', (backend) => {
    const parameters = backend.upload(images, rows, columns);
    backend.scaleWeights(parameters, 0.75);
    return parameters;
  });

  const classes = 2 + Math.floor(draw() * 12);
  const logits = values(batch * classes).map((value) => 12 * value);
  const labels = Float32Array.from({ length: batch }, () => Math.floor(draw() * classes));
  for (const loss of ['bce', 'ce'] satisfies Loss[]) {
    const inputs = (backend: Backend): [Matrix, Matrix] => [
      backend.upload(logits, batch, classes),
      backend.upload(labels, batch, 1),
    ];
    await compare(`output delta ${loss}`, (backend) =>
      backend.outputDelta(...inputs(backend), loss),
    );
    await compare(`scores ${loss}`, (backend) => {
      const scores = backend.zeros(batch + 3, 2);
      backend.addScores(scores, ...inputs(backend), loss);
      backend.addScores(scores, ...inputs(backend), loss, 0.25);
      return scores;
    });
  }
  const movedLogits = logits.map((z) => z + 2 * draw() - 1);
  for (const loss of ['bce', 'ce'] satisfies Loss[]) {
    const inputs = (backend: Backend, scale = 1): [Matrix, Matrix] => [
      backend.upload(
        logits.map((z) => scale * z),
        batch,
        classes,
      ),
      backend.upload(
        movedLogits.map((z) => scale * z),
        batch,
        classes,
      ),
    ];
    for (const side of ['reference', 'moved'] as const) {
      // That at the images grows with the logits, and with it its rounding.
      for (const scale of side === 'moved' ? [1, 2000] : [1]) {
        await compare(`divergence delta ${loss} ${side} × ${scale}`, (backend) =>
          backend.divergenceDelta(...inputs(backend, scale), loss, side),
        );
      }
    }
    for (const scale of [1, 300]) {
      await compare(`divergence attack delta ${loss} × ${scale}`, (backend) =>
        backend.divergenceAttackDelta(...inputs(backend, scale), loss),
      );
    }
    await compare(`divergence ${loss}`, (backend) => {
      const scores = backend.zeros(batch + 3, 2);
      backend.addDivergence(scores, ...inputs(backend), loss, 0.5);
      return scores;
    });
  }
  for (const loss of ['bce', 'ce', 'margin'] satisfies AttackLoss[]) {
    // Logits of a confident network too, where every output delta rounds to 0.
    for (const scale of [1, 300]) {
      await compare(`attack delta ${loss} × ${scale}`, (backend) =>
        backend.attackDelta(
          backend.upload(
            logits.map((z) => scale * z),
            batch,
            classes,
          ),
          backend.upload(labels, batch, 1),
          loss,
        ),
      );
    }
  }

  // Enough zeros for SIMD to skip them.
  const sparseInput = deepInput.map((value) => (value < 0.5 ? 0 : value));
  const wide = { columns: 50 + size(), batch: 20 };
  const wideWeights = values((deep.fanIn + 1) * wide.columns);
  await compare('forward, mostly zeros', (backend) => {
    const input = backend.upload(sparseInput, deep.batch, deep.fanIn);
    const parameters = backend.upload(wideWeights, deep.fanIn + 1, wide.columns);
    return backend.forwardLayer(input, parameters, { type: 'relu' }, null).output;
  });
  await compare('weight gradient, mostly zeros', (backend) =>
    backend.weightGradient(
      backend.upload(sparseInput, deep.batch, deep.fanIn),
      backend.upload(wideWeights.subarray(0, deep.batch * wide.columns), deep.batch, wide.columns),
    ),
  );
  await compare('input gradient, mostly zeros', (backend) =>
    backend.inputGradient(
      backend.upload(sparseInput.subarray(0, wide.batch * deep.fanIn), wide.batch, deep.fanIn),
      backend.upload(wideWeights.subarray(0, wide.columns * deep.fanIn), wide.columns, deep.fanIn),
    ),
  );
  return differences;
}
