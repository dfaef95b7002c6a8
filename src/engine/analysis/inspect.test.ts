import { describe, expect, it } from 'vitest';
import { defaultConfig, losses, networkTypes } from '../../domain/settings/config.ts';
import { pointAt } from '../../domain/analysis/inspection.ts';
import type { Attack } from '../../domain/metrics.ts';
import { hashAt, hashKey } from '../../domain/random.ts';
import { sampleLoss } from '../backends/float64/formulas.ts';
import { Float64Backend } from '../backends/float64/backend.ts';
import { forward } from '../backprop.ts';
import { evaluate } from '../evaluate.ts';
import {
  computeInputGradients,
  computeLossLandscape,
  computePredictions,
  readSamples,
  readFirstLayer,
} from './inspect.ts';
import { initialParameters, layerShapes, makeNetwork } from '../network.ts';
import { syntheticImages } from '../testing/syntheticImages.ts';

const features = 12;
const classes = 4;
const noYield = () => Promise.resolve();

function makeProblem(
  networkType: (typeof networkTypes)[number] = 'relu',
  loss: 'bce' | 'ce' = 'bce',
  hiddenLayers = [7, 5],
) {
  const config = { ...defaultConfig, networkType, hiddenLayers, maxoutPieces: 3 };
  const shapes = layerShapes(config, features, classes);
  const parameters = shapes.map((shape, l) =>
    Float64Array.from(initialParameters(shape, 5, l), (value) => 3 * value),
  );
  const backend = new Float64Backend();
  const network = makeNetwork(backend, shapes, parameters, loss);
  const set = syntheticImages(60, features, classes);
  const pixels = Float32Array.from(set.pixels, (pixel) => pixel / 255);
  const logitsOf = async (images: ArrayLike<number>): Promise<Float64Array> =>
    backend.read(
      forward(backend, network, backend.upload(images, images.length / features, features)).logits,
    );
  /** J of one image by the definition. */
  const lossOf = async (image: ArrayLike<number>, label: number): Promise<number> =>
    sampleLoss(await logitsOf(image), label, loss);
  return { backend, network, parameters, set, pixels, logitsOf, lossOf };
}

describe('computeInputGradients', () => {
  it.each(networkTypes.flatMap((type) => losses.map((loss) => [type, loss] as const)))(
    'returns the gradient of each image’s own loss (%s, %s)',
    async (type, loss) => {
      const { backend, network, set, pixels, lossOf } = makeProblem(type, loss);
      const before = backend.memory().matrices;
      const images = pixels.slice(0, 3 * features);
      const labels = set.labels.slice(0, 3);
      const found = await computeInputGradients(backend, network, images, labels);
      expect(backend.memory().matrices).toBe(before);
      const h = 1e-5;
      let compared = 0;
      for (const [n, label] of labels.entries()) {
        const image = Float64Array.from(images.subarray(n * features, (n + 1) * features));
        expect(found.losses[n]).toBeCloseTo(await lossOf(image, label), 5);
        for (let i = 0; i < features; i++) {
          const lossAt = async (change: number) =>
            await lossOf(
              image.map((pixel, j) => (j === i ? pixel + change : pixel)),
              label,
            );
          const at = await lossAt(0);
          const [up, down] = [(await lossAt(h)) - at, at - (await lossAt(-h))];
          if (Math.abs(up - down) > 1e-7) continue; // there is a kink between them
          compared++;
          expect(found.gradients[n * features + i]).toBeCloseTo((up + down) / (2 * h), 4);
        }
      }
      expect(compared).toBeGreaterThan(2 * features);
    },
  );

  it('does not depend on the other images of the batch', async () => {
    const { backend, network, set, pixels } = makeProblem();
    const all = await computeInputGradients(
      backend,
      network,
      pixels.slice(0, 60),
      set.labels.slice(0, 5),
    );
    const alone = await computeInputGradients(
      backend,
      network,
      pixels.slice(2 * features, 3 * features),
      set.labels.slice(2, 3),
    );
    alone.gradients.forEach((value, i) =>
      expect(all.gradients[2 * features + i]).toBeCloseTo(value, 6),
    );
  });
});

describe('readFirstLayer', () => {
  it('returns the weights of each unit, and the magnitudes of all weights', async () => {
    const { backend, network, parameters } = makeProblem();
    const found = await readFirstLayer(backend, network, 2, 3);
    expect(found).toMatchObject({ first: 2, features, pieces: 1, units: 7 });
    const weights = parameters[0]!;
    for (let unit = 0; unit < 3; unit++) {
      for (let i = 0; i < features; i++) {
        expect(found.images[unit * features + i]).toBeCloseTo(weights[i * 7 + 2 + unit]!, 6);
      }
      expect(found.biases[unit]).toBeCloseTo(weights[features * 7 + 2 + unit]!, 6);
    }
    const sizes = [...weights.subarray(0, features * 7)].map(Math.abs).sort((a, b) => a - b);
    expect(found.largest).toBeCloseTo(sizes.at(-1)!, 6);
    // 99 % of 84 weights: all but the largest. The result is rounded up to one bin.
    const bin = found.largest / 2047;
    expect(found.percentile99).toBeGreaterThanOrEqual(sizes[Math.ceil(0.99 * 84) - 1]! - 1e-6);
    expect(found.percentile99).toBeLessThanOrEqual(sizes[Math.ceil(0.99 * 84) - 1]! + bin + 1e-6);
  });

  it('returns all pieces of a maxout unit, and no units beyond the last', async () => {
    const { backend, network, parameters } = makeProblem('maxout');
    const found = await readFirstLayer(backend, network, 5, 24);
    expect(found).toMatchObject({ pieces: 3, units: 7 });
    expect(found.images).toHaveLength(2 * 3 * features);
    // Unit 6, piece 1 owns column 6 · 3 + 1.
    expect(found.images[(1 * 3 + 1) * features]).toBeCloseTo(parameters[0]![6 * 3 + 1]!, 6);
    expect((await readFirstLayer(backend, network, 7, 24)).images).toHaveLength(0);
  });

  it('treats the classes as units if there is no hidden layer', async () => {
    const { backend, network } = makeProblem('relu', 'bce', []);
    expect(await readFirstLayer(backend, network, 0, 100)).toMatchObject({ units: classes });
  });
});

const attacks: readonly Attack[] = [
  { kind: 'fgsm', epsilon: 0.1, clip: true },
  { kind: 'pgd', epsilon: 0.1, clip: true, steps: 3, stepSize: 0.05, seed: 1 },
  { kind: 'random-signs', epsilon: 0.1, clip: true, seed: 1 },
];

describe('computePredictions', () => {
  it.each(attacks)('agrees with an evaluation ($kind)', async (attack) => {
    const { backend, network, set } = makeProblem();
    const before = backend.memory().matrices;
    const { clean, attacked, labels } = await computePredictions(
      backend,
      network,
      set,
      50,
      attack,
      noYield,
    );
    expect(backend.memory().matrices).toBe(before);
    const scores = await evaluate(backend, network, set, 50, attack, noYield);
    for (const [found, score] of [
      [clean, scores.clean],
      [attacked, scores.adversarial],
    ] as const) {
      const wrong = [...found.predictions].filter(
        (prediction, i) => prediction !== labels[i],
      ).length;
      expect(wrong / 50).toBe(score.errorRate);
      found.margins.forEach((margin, i) => {
        expect(margin > 0).toBe(found.predictions[i] === labels[i]);
      });
    }
    expect([...labels]).toEqual([...set.labels.subarray(0, 50)]);
  });

  it('measures margins between logits, and the confidence of each prediction', async () => {
    const { backend, network, set, pixels, logitsOf } = makeProblem('tanh', 'ce');
    const { clean } = await computePredictions(backend, network, set, 20, attacks[0]!, noYield);
    for (let i = 0; i < 20; i++) {
      const z = [...(await logitsOf(pixels.subarray(i * features, (i + 1) * features)))];
      const label = set.labels[i]!;
      const other = Math.max(...z.filter((_, j) => j !== label));
      expect(clean.margins[i]).toBeCloseTo(z[label]! - other, 5);
      const sum = z.reduce((total, logit) => total + Math.exp(logit), 0);
      expect(clean.confidences[i]).toBeCloseTo(Math.exp(Math.max(...z)) / sum, 5);
    }
  });
});

describe('readSamples', () => {
  it.each(attacks)('returns the images that the predictions belong to ($kind)', async (attack) => {
    const { backend, network, set, logitsOf } = makeProblem();
    const before = backend.memory().matrices;
    const predicted = await computePredictions(backend, network, set, 50, attack, noYield);
    const indices = [3, 41, 17];
    const found = await readSamples(backend, network, set, indices, attack, noYield);
    expect(backend.memory().matrices).toBe(before);
    for (const [n, index] of indices.entries()) {
      const at = (images: Float32Array) => images.subarray(n * features, (n + 1) * features);
      at(found.images).forEach((pixel, i) =>
        expect(pixel).toBeCloseTo(set.pixels[index * features + i]! / 255, 6),
      );
      const z = await logitsOf(at(found.attacked));
      expect(z.indexOf(Math.max(...z))).toBe(predicted.attacked.predictions[index]);
      const label = set.labels[index]!;
      const other = Math.max(...[...z].filter((_, j) => j !== label));
      expect(z[label]! - other).toBeCloseTo(predicted.attacked.margins[index]!, 4);
    }
  });
});

describe('computeLossLandscape', () => {
  const query = {
    kind: 'losses',
    label: 2,
    epsilon: 0.2,
    seed: 9,
    linePoints: 5,
    surfacePoints: 3,
  } as const;

  it.each(losses)('computes the loss at clip(x + a sign(g) + b r) (%s)', async (loss) => {
    const { backend, network, pixels, lossOf, logitsOf } = makeProblem('tanh', loss);
    const before = backend.memory().matrices;
    const image = pixels.slice(0, features);
    const found = await computeLossLandscape(backend, network, { ...query, image }, noYield);
    expect(backend.memory().matrices).toBe(before);
    const { gradients } = await computeInputGradients(backend, network, image, Uint8Array.of(2));
    const key = hashKey(9, 'attackSigns', 0, 0);
    const at = (a: number, b: number) =>
      Float64Array.from(image, (pixel, i) => {
        const r = hashAt(key, i) & 1 ? 1 : -1;
        return Math.min(1, Math.max(0, pixel + a * Math.sign(gradients[i]!) + b * r));
      });
    for (let i = 0; i < 5; i++) {
      const place = [-0.2, -0.1, 0, 0.1, 0.2][i]!;
      expect(pointAt(i, 5, 0.2)).toBeCloseTo(place, 12);
      expect(found.adversarial[i]).toBeCloseTo(await lossOf(at(place, 0), 2), 5);
      expect(found.random[i]).toBeCloseTo(await lossOf(at(0, place), 2), 5);
    }
    for (let row = 0; row < 3; row++) {
      for (let column = 0; column < 3; column++) {
        const point = at(0.2 * (column - 1), 0.2 * (row - 1));
        expect(found.surface[row * 3 + column]).toBeCloseTo(await lossOf(point, 2), 5);
        const z = await logitsOf(point);
        expect(found.predictions[row * 3 + column]).toBe(z.indexOf(Math.max(...z)));
      }
    }
    expect(found.surface[4]).toBeCloseTo(found.adversarial[2]!, 6);
    expect(found.adversarial[4]).toBeGreaterThan(found.adversarial[2]!);
  });
});
