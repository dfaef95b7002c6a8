import { describe, expect, it } from 'vitest';
import { defaultConfig, type RunConfig } from '../../domain/settings/config.ts';
import { Float64Backend } from '../backends/float64/backend.ts';
import { initialParameters, layerShapes, makeNetwork } from '../network.ts';
import { syntheticImages } from '../testing/syntheticImages.ts';
import { Trainer } from '../trainer.ts';
import type { StepContext } from './method.ts';
import { methods } from './registry.ts';

const set = syntheticImages(70, 20, 4);
const config: RunConfig = {
  ...defaultConfig,
  hiddenLayers: [6],
  batchSize: 16,
  epochs: 3,
  learningRate: 0.01,
};

/** The images and what a method makes of them in its first step, on an untrained network. */
async function makeImages(changes: Partial<RunConfig>, labelOf = (label: number) => label) {
  const used = { ...config, ...changes };
  const backend = new Float64Backend();
  const shapes = layerShapes(used, set.features, set.classes);
  const parameters = shapes.map((shape, l) => initialParameters(shape, used.seed, l));
  const indices = Uint32Array.from({ length: set.count }, (_, i) => i);
  const images = backend.loadImages(set, indices);
  const context: StepContext = {
    backend,
    network: makeNetwork(backend, shapes, parameters, used.loss),
    config: used,
    step: 0,
    images,
    labels: backend.upload(Float32Array.from(set.labels, labelOf), set.count, 1),
    drawMasks: () => [],
  };
  const made = methods[used.method](context).at(-1)!;
  return { x: await backend.read(images), made: await backend.read(made.images) };
}

async function parametersAfter(steps: number, changes: Partial<RunConfig>) {
  const backend = new Float64Backend();
  const trainer = new Trainer(backend, { ...config, ...changes }, set);
  for (let step = 0; step < steps; step++) trainer.trainStep();
  const layers: number[][] = [];
  for (const { parameters } of trainer.network.layers) {
    layers.push(Array.from(await backend.read(parameters)));
  }
  return { layers, columns: trainer.network.layers.map(({ parameters }) => parameters.columns) };
}

describe('FGSM with a random start', () => {
  it('moves each pixel by 1.25 ε from a start within ε, and back to within ε', async () => {
    const { trainingEpsilon: epsilon } = config;
    const { x, made } = await makeImages({ method: 'random-start' });
    const changes = made.map((value, i) => Math.abs(value - x[i]!) / epsilon);
    expect(Math.min(...changes)).toBeGreaterThanOrEqual(0.25 - 1e-9);
    expect(Math.max(...changes)).toBeLessThanOrEqual(1 + 1e-9);
    // A start above −ε/4, seen along the step, ends at the border: 5 of 8.
    const atBorder = changes.filter((change) => change > 1 - 1e-9).length / changes.length;
    expect(atBorder).toBeCloseTo(0.625, 1);
  });
});

describe('TRADES', () => {
  it('finds x̃ within ε and without the labels', async () => {
    const { x, made } = await makeImages({ method: 'trades' });
    const changes = made.map((value, i) => Math.abs(value - x[i]!));
    expect(Math.max(...changes)).toBeLessThanOrEqual(config.trainingEpsilon + 1e-12);
    expect(Math.max(...changes)).toBeGreaterThan(0.9 * config.trainingEpsilon);
    const relabelled = await makeImages({ method: 'trades' }, (label) => (label + 1) % 4);
    expect(relabelled.made).toEqual(made);
  });

  it('is plain back-propagation with a β of 0, and moves away from it with β', async () => {
    const [plain, none, some] = await Promise.all([
      parametersAfter(5, { method: 'plain' }),
      parametersAfter(5, { method: 'trades', tradesBeta: 0 }),
      parametersAfter(5, { method: 'trades', tradesBeta: 2 }),
    ]);
    plain.layers.forEach((layer, l) =>
      layer.forEach((value, i) => expect(none.layers[l]![i]).toBeCloseTo(value, 12)),
    );
    expect(some.layers).not.toEqual(plain.layers);
  });
});

describe('weight decay', () => {
  it('shrinks the weights by the learning rate times λ before the step, and no bias', async () => {
    const changes = { method: 'plain', learningRateDecay: 0.5, epochs: 2 } as const;
    const [start, plain, decayed] = await Promise.all([
      parametersAfter(0, changes),
      parametersAfter(1, changes),
      parametersAfter(1, { ...changes, weightDecay: 3 }),
    ]);
    start.layers.forEach((layer, l) => {
      const firstBias = layer.length - start.columns[l]!;
      layer.forEach((before, i) => {
        const shrunk = i < firstBias ? config.learningRate * 3 * before : 0;
        expect(decayed.layers[l]![i]).toBeCloseTo(plain.layers[l]![i]! - shrunk, 12);
      });
    });
  });
});
