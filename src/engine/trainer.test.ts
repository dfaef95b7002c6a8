import { describe, expect, it } from 'vitest';
import { defaultConfig, type RunConfig, trainingMethods } from '../domain/settings/config.ts';
import { methodFacts } from '../domain/settings/methods.ts';
import type { Backend } from './backends/backend.ts';
import { Float64Backend } from './backends/float64/backend.ts';
import { evaluate } from './evaluate.ts';
import { syntheticImages } from './testing/syntheticImages.ts';
import { Trainer } from './trainer.ts';

const images = syntheticImages(70, 20, 4);
const config: RunConfig = {
  ...defaultConfig,
  hiddenLayers: [6],
  batchSize: 16,
  epochs: 3,
  learningRate: 0.01,
};

async function parametersAfter(steps: number, changes: Partial<RunConfig> = {}) {
  const backend = new Float64Backend();
  const trainer = new Trainer(backend, { ...config, ...changes }, images);
  for (let step = 0; step < steps; step++) trainer.trainStep();
  const values: number[] = [];
  for (const layer of trainer.network.layers)
    values.push(...(await backend.read(layer.parameters)));
  return values;
}

/** Counts the calls that one training step makes to its backend, by name. */
function countCalls(method: RunConfig['method']): Record<string, number> {
  const calls: Record<string, number> = {};
  const backend: Backend = new Proxy(new Float64Backend(), {
    get(target, name: keyof Backend) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        calls[name] = (calls[name] ?? 0) + 1;
        return member.apply(target, args);
      };
    },
  });
  const trainer = new Trainer(backend, { ...config, hiddenLayers: [6, 5], method }, images);
  const setUp = { ...calls };
  trainer.trainStep();
  return Object.fromEntries(
    Object.entries(calls).map(([name, count]) => [name, count - (setUp[name] ?? 0)]),
  );
}

describe('Trainer', () => {
  it('keeps the last, partial batch, so every image is trained on once per epoch', () => {
    const trainer = new Trainer(new Float64Backend(), config, images);
    const sizes = Array.from({ length: trainer.stepsPerEpoch }, () => trainer.trainStep());
    expect(sizes).toEqual([16, 16, 16, 16, 6]);
    expect(trainer.totalSteps).toBe(15);
  });

  it.each(trainingMethods)(
    'gives equal weights for equal seeds and different ones for different seeds (%s)',
    async (method) => {
      const [first, again, other] = await Promise.all([
        parametersAfter(8, { method }),
        parametersAfter(8, { method }),
        parametersAfter(8, { method, seed: 2 }),
      ]);
      expect(again).toEqual(first);
      expect(other).not.toEqual(first);
    },
  );

  it('starts every method from the same weights', async () => {
    const [first, ...others] = await Promise.all(
      trainingMethods.map((method) => parametersAfter(0, { method })),
    );
    for (const other of others) expect(other).toEqual(first);
  });

  it('has methods that all give different weights after one step', async () => {
    const results = await Promise.all(
      trainingMethods.map(async (method) => (await parametersAfter(1, { method })).join()),
    );
    expect(new Set(results).size).toBe(trainingMethods.length);
  });

  it('mixes the clean and the adversarial objective by their weights', async () => {
    const [start, plain, adversarial, mixed] = await Promise.all([
      parametersAfter(0),
      parametersAfter(1, { method: 'plain', optimizer: 'sgd' }),
      parametersAfter(1, { method: 'adversarial', optimizer: 'sgd' }),
      parametersAfter(1, { method: 'mixed', cleanLossWeight: 0.25, optimizer: 'sgd' }),
    ]);
    // SGD is linear in the gradient, so the updates mix as the gradients do.
    mixed.forEach((value, i) => {
      const expected = 0.25 * (plain[i]! - start[i]!) + 0.75 * (adversarial[i]! - start[i]!);
      expect(value - start[i]!).toBeCloseTo(expected, 12);
    });
    expect(plain).not.toEqual(adversarial);
  });

  it('multiplies the learning rate by the decay after each epoch', async () => {
    const changes = { method: 'plain', optimizer: 'sgd' } as const;
    const atEpochEnd = await parametersAfter(5, changes);
    const next = await parametersAfter(6, changes);
    const decayed = await parametersAfter(6, { ...changes, learningRateDecay: 0.5 });
    const change = (after: number[]) => after.map((value, i) => value - atEpochEnd[i]!);
    // Both runs are equal until the first step of epoch 2, which is 0.94 and 0.5 times a full one.
    change(next).forEach((full, i) => {
      expect(change(decayed)[i]).toBeCloseTo((full * 0.5) / config.learningRateDecay, 12);
    });
  });

  it('computes no weight gradient in the first pass of adversarial back-propagation', () => {
    const plain = countCalls('plain');
    const adversarial = countCalls('adversarial');
    expect(plain).toMatchObject({ forwardLayer: 3, weightGradient: 3, backwardLayer: 2 });
    expect(plain['inputGradient']).toBeUndefined();
    expect(adversarial).toMatchObject({
      forwardLayer: 6,
      weightGradient: 3,
      backwardLayer: 4,
      inputGradient: 1,
      addSignedStep: 1,
    });
  });

  it.each(trainingMethods)('takes as many passes as the table of methods says (%s)', (method) => {
    const { toWeights, toPixels, forward = 0 } = methodFacts[method].passes;
    const pixelPasses = toPixels === 'pgdSteps' ? config.pgdSteps : toPixels;
    const { forwardLayer, weightGradient, inputGradient = 0 } = countCalls(method);
    expect({ forwardLayer, weightGradient, inputGradient }).toEqual({
      forwardLayer: 3 * (toWeights + pixelPasses + forward),
      weightGradient: 3 * toWeights,
      inputGradient: pixelPasses,
    });
  });

  it('draws dropout masks for the training pass only', () => {
    expect(countCalls('adversarial-dropout')).toMatchObject({ dropoutMask: 3, applyMask: 1 });
    expect(countCalls('adversarial')['dropoutMask']).toBeUndefined();
  });

  it('reports the mean loss since the last report, once', async () => {
    const trainer = new Trainer(new Float64Backend(), config, images);
    expect(await trainer.takeTrainLoss()).toBeNull();
    trainer.trainStep();
    // Four sigmoid outputs near 1/2: about 4 ln 2.
    expect(await trainer.takeTrainLoss()).toBeCloseTo(4 * Math.LN2, 0);
    expect(await trainer.takeTrainLoss()).toBeNull();
  });

  it('learns, and frees everything', async () => {
    const backend = new Float64Backend();
    const trainer = new Trainer(backend, { ...config, method: 'plain' }, images);
    const attack = { kind: 'fgsm', epsilon: 0.1, clip: true } as const;
    const score = () =>
      evaluate(backend, trainer.network, images, images.count, attack, () => Promise.resolve());
    const before = await score();
    while (trainer.step < 60) trainer.trainStep();
    const after = await score();
    expect(before.clean.errorRate).toBeGreaterThan(0.4);
    expect(after.clean.errorRate).toBeLessThan(0.1);
    expect(after.adversarial.errorRate).toBeGreaterThanOrEqual(after.clean.errorRate);
    expect(after.adversarial.loss).toBeGreaterThan(after.clean.loss);
    trainer.dispose();
    expect(backend.memory()).toEqual({ matrices: 0, bytes: 0 });
  });
});
