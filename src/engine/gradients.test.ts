import { describe, expect, it } from 'vitest';
import { defaultConfig, losses, networkTypes } from '../domain/settings/config.ts';
import { Float64Backend } from './backends/float64/backend.ts';
import type { Matrix } from './backends/backend.ts';
import type { Standardization } from '../domain/standardization.ts';
import { forward, inputGradient, weightGradients } from './backprop.ts';
import { readScores } from './evaluate.ts';
import { initialParameters, layerShapes, makeNetwork } from './network.ts';
import { syntheticImages } from './testing/syntheticImages.ts';

const h = 1e-5;
const batch = 5;
const features = 9;

/** A network on the reference backend whose loss can be computed for any parameters and images. */
function makeProblem(
  networkType: (typeof networkTypes)[number],
  loss: 'bce' | 'ce',
  standardization: Standardization | null = null,
) {
  const config = { ...defaultConfig, networkType, hiddenLayers: [7, 6], maxoutPieces: 3 };
  const shapes = layerShapes(config, features, 4);
  const parameters = shapes.map((shape, l) =>
    Float64Array.from(initialParameters(shape, 3, l), (value) => 2 * value),
  );
  const set = syntheticImages(batch, features, 4);
  const images = Float64Array.from(set.pixels, (pixel) => pixel / 255);
  const backend = new Float64Backend();
  const build = () => {
    const network = makeNetwork(backend, shapes, parameters, loss, standardization);
    const x = backend.upload(images, batch, features);
    const labels = backend.upload(set.labels, batch, 1);
    return { network, x, labels, pass: forward(backend, network, x) };
  };
  /** The loss, and the active pieces and signs of all units: the loss has a kink where they change. */
  const probe = async () => {
    const { pass, labels } = build();
    const scores = backend.zeros(batch, 2);
    backend.addScores(scores, pass.logits, labels, loss);
    const pattern: number[] = [];
    for (const { output, preactivation } of pass.hidden) {
      if (preactivation) {
        const z = await backend.read(preactivation);
        for (let i = 0; i < z.length; i += 3) {
          const pieces = [z[i]!, z[i + 1]!, z[i + 2]!];
          pattern.push(pieces.indexOf(Math.max(...pieces)));
        }
      } else if (networkType === 'relu') {
        pattern.push(...(await backend.read(output)).map((value) => Number(value > 0)));
      }
    }
    return { loss: (await readScores(backend, scores, batch)).loss, pattern: pattern.join('') };
  };
  return { backend, build, probe, parameters, images };
}

/** Compares a gradient with central differences of the loss, element by element. */
async function expectCentralDifferences(
  problem: ReturnType<typeof makeProblem>,
  values: Float64Array,
  gradient: ArrayLike<number>,
): Promise<void> {
  const largest = Math.max(...Array.from(gradient, Math.abs));
  expect(largest).toBeGreaterThan(1e-3);
  let compared = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    values[i] = value + h;
    const above = await problem.probe();
    values[i] = value - h;
    const below = await problem.probe();
    values[i] = value;
    if (above.pattern !== below.pattern) continue; // there is a kink between them
    compared++;
    const slope = (above.loss - below.loss) / (2 * h);
    expect(Math.abs(slope - gradient[i]!) / largest).toBeLessThanOrEqual(1e-6);
  }
  expect(compared).toBeGreaterThan(0.95 * values.length);
}

describe.each(networkTypes)('gradients of a %s network', (networkType) => {
  it.each(losses)('agree with central differences of %s at the images', async (loss) => {
    const problem = makeProblem(networkType, loss);
    const { network, pass, labels } = problem.build();
    const gradient = inputGradient(problem.backend, network, pass, labels);
    const values = await problem.backend.read(gradient);
    await expectCentralDifferences(problem, problem.images, values);
  });

  it.each(losses)('agree with central differences of %s at the weights', async (loss) => {
    const problem = makeProblem(networkType, loss);
    const { network, pass, labels } = problem.build();
    const gradients: Matrix[] = weightGradients(problem.backend, network, pass, labels);
    expect(gradients).toHaveLength(3);
    for (const [layer, gradient] of gradients.entries()) {
      const values = await problem.backend.read(gradient);
      await expectCentralDifferences(problem, problem.parameters[layer]!, values);
    }
  });
});

describe('a network that standardizes its images', () => {
  const standardization: Standardization = { mean: 0.47, deviation: 0.25 };

  it('has gradients with respect to the images on the [0, 1] scale and to its weights', async () => {
    const problem = makeProblem('tanh', 'ce', standardization);
    const { network, pass, labels } = problem.build();
    const values = await problem.backend.read(
      inputGradient(problem.backend, network, pass, labels),
    );
    await expectCentralDifferences(problem, problem.images, values);
    const first = weightGradients(problem.backend, network, pass, labels)[0]!;
    const weights = await problem.backend.read(first);
    await expectCentralDifferences(problem, problem.parameters[0]!, weights);
  });

  it('has the logits of a plain network for standardized images, and gives a dropped pixel the mean', async () => {
    const { backend, build, images } = makeProblem('relu', 'bce', standardization);
    const { network, pass } = build();
    const standardized = images.map((pixel) => (pixel - 0.47) / 0.25);
    const plain = { ...network, standardization: null };
    const expected = forward(backend, plain, backend.upload(standardized, batch, features));
    const found = await backend.read(pass.logits);
    (await backend.read(expected.logits)).forEach((logit, i) =>
      expect(found[i]).toBeCloseTo(logit, 12),
    );
    const units = [features, ...network.layers.map((layer) => layer.units)];
    const masks = units.map((count, l) =>
      l === 0 ? backend.zeros(batch, count) : backend.dropoutMask(batch, count, 0, [1, 2]),
    );
    const meanGray = images.map(() => 0.47);
    const dropped = forward(backend, network, backend.upload(images, batch, features), masks);
    const atMean = forward(backend, network, backend.upload(meanGray, batch, features));
    const logits = await backend.read(dropped.logits);
    (await backend.read(atMean.logits)).forEach((logit, i) =>
      expect(logits[i]).toBeCloseTo(logit, 12),
    );
  });
});
