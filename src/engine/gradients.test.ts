import { describe, expect, it } from 'vitest';
import { defaultConfig, losses, networkTypes } from '../domain/settings/config.ts';
import { Float64Backend } from './backends/float64/backend.ts';
import {
  divergenceAttackDeltas,
  divergenceDeltas,
  sampleDivergence,
} from './backends/float64/formulas.ts';
import type { Matrix } from './backends/backend.ts';
import type { Standardization } from '../domain/standardization.ts';
import { forward, inputGradient, weightGradients } from './backprop.ts';
import { objectiveGradients } from './trainingStep.ts';
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

describe.each(losses)('the objective of TRADES, %s', (loss) => {
  const beta = 4;
  /** x̃ is held fixed: nothing is differentiated through it. */
  const movedImages = Float64Array.from(
    { length: batch * features },
    (_, i) => 0.5 + 0.4 * Math.sin(3 * i),
  );
  const objectiveOf = ({ backend, build }: ReturnType<typeof makeProblem>) => {
    const { network, x, labels } = build();
    const moved = backend.upload(movedImages, batch, features);
    const inputs = [
      { images: x, masks: null, weight: 1 },
      { images: moved, masks: null, weight: beta, term: 'divergence' },
    ] as const;
    const scores = backend.zeros(batch, 2);
    const gradients = objectiveGradients({ backend, network, labels }, inputs, scores);
    return { gradients, scores };
  };

  it('has gradients at the weights that agree with central differences, through both outputs', async () => {
    const problem = makeProblem('tanh', loss);
    const { backend, parameters } = problem;
    const probe = async () => {
      const { scores } = objectiveOf(problem);
      return { loss: (await readScores(backend, scores, batch)).loss, pattern: '' };
    };
    for (const [layer, gradient] of objectiveOf(problem).gradients.entries()) {
      const values = await backend.read(gradient);
      await expectCentralDifferences({ ...problem, probe }, parameters[layer]!, values);
    }
  });

  it('has deltas at the outputs that agree with central differences, at any confidence', () => {
    for (const scale of [1, 30]) {
      const z = Float64Array.of(1.5, -0.3, 0.8, 2.1).map((value) => scale * value);
      const moved = Float64Array.of(1.2, -0.9, 1.4, 2.4).map((value) => scale * value);
      const step = 1e-5;
      const slopes = (values: Float64Array) =>
        values.map((value, j) => {
          const at = (change: number) => {
            values[j] = value + change;
            const divergence = sampleDivergence(z, moved, loss);
            values[j] = value;
            return divergence;
          };
          return (at(step) - at(-step)) / (2 * step);
        });
      for (const [values, side] of [
        [z, 'reference'],
        [moved, 'moved'],
      ] as const) {
        const expected = slopes(values);
        divergenceDeltas(z, moved, loss, side).forEach((delta, j) =>
          expect(delta).toBeCloseTo(expected[j]!, 6),
        );
      }
      // A positive factor: the deltas of an attack are proportional to those of the moved outputs.
      const deltas = divergenceDeltas(z, moved, loss, 'moved');
      const largest = deltas.findIndex(
        (delta) => Math.abs(delta) === Math.max(...deltas.map(Math.abs)),
      );
      const scaled = divergenceAttackDeltas(z, moved, loss);
      const factor = scaled[largest]! / deltas[largest]!;
      expect(factor).toBeGreaterThan(0);
      deltas.forEach((delta, j) => expect(scaled[j]! / factor).toBeCloseTo(delta, 10));
    }
  });

  it('keeps the direction of an attack where the outputs round to 0 or 1', () => {
    const z = Float64Array.of(900, -800, -850, -1000);
    const moved = Float64Array.of(890, -810, -830, -1000.5);
    const signs = Array.from(divergenceAttackDeltas(z, moved, loss), Math.sign);
    expect(signs).toEqual(loss === 'bce' ? [-1, -1, 1, -1] : [-1, 0, 1, 1]);
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
