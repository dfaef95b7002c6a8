import { describe, expect, it } from 'vitest';
import { readKernels } from '../../../tools/train/readKernels.ts';
import {
  defaultConfig,
  networkTypes,
  optimizers,
  type RunConfig,
} from '../../domain/settings/config.ts';
import { drawPixelOrder, permutePixels, type PixelOrder } from '../../domain/pixelOrder.ts';
import { inspectedMethods } from '../../domain/analysis/stepInspection.ts';
import type { Backend } from '../backends/backend.ts';
import { Float64Backend } from '../backends/float64/backend.ts';
import { SimdBackend } from '../backends/simd/backend.ts';
import { classifyImages } from '../evaluate.ts';
import { inspectStep } from './inspectStep.ts';
import { compareInspections, inspectedNumbers } from '../testing/compareInspections.ts';
import { syntheticImages } from '../testing/syntheticImages.ts';
import { Trainer } from '../trainer.ts';

const simd = await SimdBackend.create(readKernels);

/** A training set of a single image, so every batch is that image. */
const oneImage = syntheticImages(1);
const pixels = Float32Array.from(oneImage.pixels, (pixel) => pixel / 255);

function trainOnOne(backend: Backend, changes: Partial<RunConfig>, steps: number) {
  const config: RunConfig = {
    ...defaultConfig,
    hiddenLayers: [20, 12],
    trainingSetSize: 100,
    batchSize: 1,
    epochs: 50,
    ...changes,
  };
  const trainer = new Trainer(backend, config, oneImage);
  for (let step = 0; step < steps; step++) trainer.trainStep();
  return { trainer, config };
}

describe.each([
  // The inspected image is float32, but the float64 backend trains on pixels in float64.
  { name: 'float64', makeBackend: () => new Float64Backend(), tolerance: 1e-6 },
  { name: 'SIMD', makeBackend: () => simd, tolerance: 0 },
])('an inspected step on $name', ({ makeBackend, tolerance }) => {
  const expectSame = (found: ArrayLike<number>, expected: ArrayLike<number>) => {
    expect(found.length).toBe(expected.length);
    for (let i = 0; i < expected.length; i++) {
      expect(Math.abs(found[i]! - expected[i]!)).toBeLessThanOrEqual(tolerance);
    }
  };

  it.each(
    inspectedMethods.flatMap((method) => optimizers.map((optimizer) => ({ method, optimizer }))),
  )('is the step that training takes next: $method, $optimizer', async ({ method, optimizer }) => {
    const backend = makeBackend();
    const { trainer, config } = trainOnOne(backend, { method, optimizer }, 3);
    await trainer.takeTrainLoss();
    const label = oneImage.labels[0]!;
    const { trainingEpsilon } = config;
    const inspection = await inspectStep(
      backend,
      trainer.stepState,
      pixels,
      label,
      trainingEpsilon,
    );
    expect(inspection.step).toBe(3);
    const { pass, after, input } = inspection.methods[method];

    trainer.trainStep();
    expectSame([pass.loss], [(await trainer.takeTrainLoss())!]);
    const probabilities = await classifyImages(backend, trainer.network, pixels, pixels.length);
    expectSame(after.clean.probabilities, probabilities);
    const adversarialImage = inspection.methods.adversarial.input;
    const attacked = await classifyImages(
      backend,
      trainer.network,
      adversarialImage,
      pixels.length,
    );
    expectSame(after.adversarial.probabilities, attacked);
    if (method === 'plain') expect(input).toEqual(pixels);
    if (method === 'dropout') {
      const dropped = input.filter((value, i) => value === 0 && pixels[i]! > 0).length;
      expect(dropped).toBeGreaterThan(40);
      expect(dropped).toBeLessThan(130);
    }
    trainer.dispose();
  });

  it('changes nothing in the run and leaves nothing in memory', async () => {
    const backend = makeBackend();
    const { trainer } = trainOnOne(backend, {}, 3);
    const before = { memory: backend.memory(), state: await trainer.snapshot() };
    await inspectStep(backend, trainer.stepState, pixels, 4, 0.3);
    expect(await trainer.snapshot()).toEqual(before.state);
    expect(backend.memory()).toEqual(before.memory);
    trainer.dispose();
  });

  it('changes every pixel by ε along the sign of the gradient that it returns', async () => {
    const backend = makeBackend();
    const { trainer } = trainOnOne(backend, { clipTrainingImages: false }, 2);
    const { inputGradient, methods } = await inspectStep(
      backend,
      trainer.stepState,
      pixels,
      oneImage.labels[0]!,
      0.25,
    );
    inputGradient.forEach((gradient, i) => {
      const expected = pixels[i]! + 0.25 * Math.sign(gradient);
      expect(methods.adversarial.input[i]).toBeCloseTo(expected, 6);
    });
    trainer.dispose();
  });
});

describe('an inspected step on SIMD', () => {
  it.each(networkTypes)(
    'agrees with the float64 reference in all numbers of a %s network',
    async (networkType) => {
      for (const loss of ['bce', 'ce'] as const) {
        for (const clipTrainingImages of [false, true]) {
          const changes = { networkType, loss, clipTrainingImages };
          const differences = await compareInspections(simd, new Float64Backend(), changes);
          for (const [name, difference] of Object.entries(differences)) {
            expect(difference, `${loss} ${name}`).toBeLessThanOrEqual(2e-5);
          }
        }
      }
    },
  );

  it('is compared in every number, each under its own name', async () => {
    const backend = new Float64Backend();
    const { trainer } = trainOnOne(backend, {}, 1);
    const inspection = await inspectStep(backend, trainer.stepState, pixels, 1, 0.1);
    expect(Object.keys(inspectedNumbers(inspection))).toHaveLength(5 + 2 + 3 * (6 + 2));
  });
});

it('permutes the image for the network, and returns images in the order of the data set', async () => {
  const { trainer, config } = trainOnOne(new Float64Backend(), { method: 'adversarial' }, 3);
  const backend = new Float64Backend();
  const order = drawPixelOrder(5, pixels.length)!;
  const { stepState } = trainer;
  const inspect = (image: Float32Array, by: PixelOrder | null) =>
    inspectStep(backend, stepState, image, 3, config.trainingEpsilon, by);
  const permutedResult = await inspect(pixels, order);
  const plainResult = await inspect(permutePixels(pixels, order), null);
  expect(permutedResult.clean).toEqual(plainResult.clean);
  expect(permutedResult.image).toEqual(pixels);
  expect(permutePixels(permutedResult.inputGradient, order)).toEqual(plainResult.inputGradient);
  for (const method of inspectedMethods) {
    const [permuted, plain] = [permutedResult.methods[method], plainResult.methods[method]];
    expect({ ...permuted, input: permutePixels(permuted.input, order) }).toEqual(plain);
  }
});
