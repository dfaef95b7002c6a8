import { describe, expect, it } from 'vitest';
import { orderPixels } from '../data/imageSet.ts';
import { defaultConfig, type RunConfig } from '../domain/settings/config.ts';
import { drawPixelOrder } from '../domain/pixelOrder.ts';
import type { Attack } from '../domain/metrics.ts';
import { Float64Backend } from './backends/float64/backend.ts';
import { attackImages, classifyImages, evaluate } from './evaluate.ts';
import { initialParameters, layerShapes } from './network.ts';
import { syntheticImages } from './testing/syntheticImages.ts';
import { Trainer } from './trainer.ts';

const features = 30;
const seed = 9;
const images = syntheticImages(80, features, 4);
const permuted = orderPixels(images, seed);
const order = drawPixelOrder(seed, features)!;
const config: RunConfig = {
  ...defaultConfig,
  hiddenLayers: [7, 5],
  batchSize: 16,
  epochs: 4,
  learningRate: 0.01,
};
const attack: Attack = { kind: 'fgsm', epsilon: 0.1, clip: true };
const noYield = () => Promise.resolve();

/** Permutes the rows of first-layer parameters [features + 1, columns] as the network's inputs are permuted. */
function permuteRows(parameters: ArrayLike<number>, columns: number): Float64Array {
  const rows = Float64Array.from(parameters);
  order.forEach((pixel, j) => {
    for (let c = 0; c < columns; c++) rows[j * columns + c] = parameters[pixel * columns + c]!;
  });
  return rows;
}

/** A run on pixels in order, and one on permuted pixels from the same weights, permuted in the same way. */
function makePair(method: RunConfig['method']) {
  const settings = { ...config, method };
  const plain = { backend: new Float64Backend(), set: images };
  const permutedRun = { backend: new Float64Backend(), set: permuted };
  const layers = layerShapes(settings, features, 4).map((shape, l) => {
    const parameters = initialParameters(shape, settings.seed, l);
    return {
      rows: shape.fanIn + 1,
      columns: shape.units,
      parameters: l === 0 ? Float32Array.from(permuteRows(parameters, shape.units)) : parameters,
      states: [new Float32Array(parameters.length)],
    };
  });
  const scores = new Float32Array(2 * settings.batchSize);
  const start = { step: 0, layers, scores, scored: 0 };
  return {
    plain: { ...plain, trainer: new Trainer(plain.backend, settings, images) },
    permuted: {
      ...permutedRun,
      trainer: new Trainer(permutedRun.backend, settings, permuted, start),
    },
  };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

describe('training on permuted pixels', () => {
  it.each(['plain', 'adversarial', 'mixed'] as const)(
    'equals training on pixels in order, with the first layer’s weights permuted (%s)',
    async (method) => {
      const { plain, permuted: permutedCase } = makePair(method);
      while (plain.trainer.step < plain.trainer.totalSteps) {
        plain.trainer.trainStep();
        permutedCase.trainer.trainStep();
      }
      for (const [l, layer] of plain.trainer.network.layers.entries()) {
        const values = await plain.backend.read(layer.parameters);
        const expected = l === 0 ? permuteRows(values, layer.units) : values;
        const found = await permutedCase.backend.read(
          permutedCase.trainer.network.layers[l]!.parameters,
        );
        expect(largestDifference(found, expected)).toBeLessThan(1e-9);
      }
      const score = ({ backend, trainer, set }: typeof plain) =>
        evaluate(backend, trainer.network, set, set.count, attack, noYield);
      const [inOrder, outOfOrder] = [await score(plain), await score(permutedCase)];
      expect(outOfOrder.clean.errorRate).toBe(inOrder.clean.errorRate);
      expect(outOfOrder.adversarial.errorRate).toBe(inOrder.adversarial.errorRate);
      expect(outOfOrder.adversarial.loss).toBeCloseTo(inOrder.adversarial.loss, 9);
    },
  );

  it('takes images in the order of the data set, and returns adversarial images in that order', async () => {
    const { plain, permuted: permutedCase } = makePair('adversarial');
    const some = Float32Array.from(images.pixels.subarray(0, 3 * features), (byte) => byte / 255);
    const labels = images.labels.slice(0, 3);
    const [a, b] = [
      await attackImages(plain.backend, plain.trainer.network, some, labels, attack),
      await attackImages(
        permutedCase.backend,
        permutedCase.trainer.network,
        some,
        labels,
        attack,
        order,
      ),
    ];
    expect(b.images).toEqual(some);
    expect(b.adversarialImages).toEqual(a.adversarialImages);
    expect(a.adversarialImages).not.toEqual(some);
    expect(largestDifference(b.cleanProbabilities, a.cleanProbabilities)).toBeLessThan(1e-6);
    const probabilities = await classifyImages(
      permutedCase.backend,
      permutedCase.trainer.network,
      some,
      features,
      order,
    );
    expect(probabilities).toEqual(b.cleanProbabilities);
    // The order matters: without it, the probabilities differ.
    const probabilitiesWithoutOrder = await classifyImages(
      permutedCase.backend,
      permutedCase.trainer.network,
      some,
      features,
    );
    expect(probabilitiesWithoutOrder).not.toEqual(probabilities);
  });
});
