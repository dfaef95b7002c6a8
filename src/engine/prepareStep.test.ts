import { describe, expect, it } from 'vitest';
import { readKernels } from '../../tools/train/readKernels.ts';
import { defaultConfig, type RunConfig, trainingMethods } from '../domain/settings/config.ts';
import { SimdBackend } from './backends/simd/backend.ts';
import { syntheticImages } from './testing/syntheticImages.ts';
import { Trainer } from './trainer.ts';

const backend = await SimdBackend.create(readKernels);
const images = syntheticImages(70);
const config: RunConfig = { ...defaultConfig, hiddenLayers: [20], batchSize: 16, epochs: 3 };

describe.each(trainingMethods)('the two halves of a step by %s', (method) => {
  const make = (checkpoint: ConstructorParameters<typeof Trainer>[3] = null) =>
    new Trainer(backend, { ...config, method }, images, checkpoint);

  it('equal a whole step to the bit, also for the last, partial batch', async () => {
    const whole = make();
    const halved = make();
    for (let step = 0; step < 7; step++) {
      whole.trainStep();
      halved.prepareStep();
      expect(halved.isPrepared).toBe(true);
      halved.prepareStep(); // does nothing the second time
      halved.trainStep();
      expect(halved.isPrepared).toBe(false);
    }
    expect(await halved.snapshot()).toEqual(await whole.snapshot());
    expect(await halved.takeTrainLoss()).toBe(await whole.takeTrainLoss());
    whole.dispose();
    halved.dispose();
    expect(backend.memory().matrices).toBe(0);
  });

  it('lose nothing if the run is saved and resumed between them', async () => {
    const whole = make();
    const halved = make();
    for (let step = 0; step < 2; step++) {
      whole.trainStep();
      halved.trainStep();
    }
    halved.prepareStep();
    const shown = await halved.readPrepared(3);
    const between = await halved.snapshot();
    expect(between.step).toBe(2);
    halved.trainStep();
    const resumed = make(between);
    expect(resumed.isPrepared).toBe(false);
    resumed.prepareStep();
    expect(await resumed.readPrepared(3)).toEqual(shown);
    resumed.trainStep();
    whole.trainStep();
    const expected = await whole.snapshot();
    expect(await halved.snapshot()).toEqual(expected);
    expect(await resumed.snapshot()).toEqual(expected);
    resumed.prepareStep(); // is freed with the rest
    for (const trainer of [whole, halved, resumed]) trainer.dispose();
    expect(backend.memory().matrices).toBe(0);
  });
});

describe('readPrepared', () => {
  it('returns the next mini-batch and the inputs that the method made from it', async () => {
    const trainer = new Trainer(backend, { ...config, method: 'adversarial' }, images);
    expect(await trainer.readPrepared(5)).toBeNull();
    trainer.prepareStep();
    const prepared = (await trainer.readPrepared(5))!;
    expect(prepared.batchSize).toBe(16);
    expect(prepared.labels).toHaveLength(5);
    expect(prepared.images).toHaveLength(5 * 784);
    const { trainingEpsilon } = config;
    const changes = prepared.inputs.map((value, i) => Math.abs(value - prepared.images[i]!));
    const movedByEpsilon = changes.filter((change) => Math.abs(change - trainingEpsilon) < 1e-6);
    expect(movedByEpsilon.length).toBeGreaterThan(0.99 * changes.length);
    trainer.dispose();

    const plain = new Trainer(backend, { ...config, method: 'plain' }, images);
    plain.prepareStep();
    const same = (await plain.readPrepared(5))!;
    expect(same.inputs).toEqual(same.images);
    expect(same.images).toEqual(prepared.images);
    plain.dispose();
  });
});
