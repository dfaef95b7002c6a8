import { describe, expect, it } from 'vitest';
import { readKernels } from '../../../tools/train/readKernels.ts';
import { defaultConfig, losses, type RunConfig } from '../../domain/settings/config.ts';
import { directions } from '../../domain/analysis/directionMeasures.ts';
import type { Backend } from '../backends/backend.ts';
import { Float64Backend } from '../backends/float64/backend.ts';
import { SimdBackend } from '../backends/simd/backend.ts';
import { inspectStep } from './inspectStep.ts';
import { measureDirections } from './measureDirections.ts';
import { syntheticImages } from '../testing/syntheticImages.ts';
import { Trainer } from '../trainer.ts';

const simd = await SimdBackend.create(readKernels);
const set = syntheticImages(12);
const images = Float32Array.from(set.pixels, (pixel) => pixel / 255);

/** Trains a network for a few steps and measures it. */
async function measure(backend: Backend, changes: Partial<RunConfig>, epsilon: number) {
  const config: RunConfig = { ...defaultConfig, hiddenLayers: [16], batchSize: 4, ...changes };
  const trainer = new Trainer(backend, config, set);
  for (let step = 0; step < 9; step++) trainer.trainStep();
  const found = await measureDirections(backend, trainer.network, images, set.labels, epsilon);
  return { trainer, found };
}

describe.each([
  ['float64', () => new Float64Backend()],
  ['SIMD', () => simd],
] as const)('directions on %s', (_, makeBackend) => {
  it.each(losses)('are the means of the inspected steps of each image: %s', async (loss) => {
    const backend = makeBackend();
    const { trainer, found } = await measure(backend, { loss }, 0.07);
    let [sum, length, clean, adversarial] = [0, 0, 0, 0];
    for (let i = 0; i < 12; i++) {
      const image = images.slice(784 * i, 784 * (i + 1));
      const label = set.labels[i]!;
      const step = await inspectStep(backend, trainer.stepState, image, label, 0.07);
      const squares = step.inputGradient.reduce((total, g) => total + g * g, 0);
      length += Math.sqrt(squares) / 12;
      sum += step.inputGradient.reduce((total, g) => total + Math.abs(g), 0) / 12;
      clean += step.clean.loss / 12;
      adversarial += step.methods.adversarial.pass.loss / 12;
    }
    expect(found.gradientSum / sum).toBeCloseTo(1, 5);
    expect(found.gradientLength / length).toBeCloseTo(1, 5);
    expect(found.losses.clean / clean).toBeCloseTo(1, 5);
    expect(found.losses.fgsm / adversarial).toBeCloseTo(1, 5);
    expect(found).toMatchObject({ epsilon: 0.07, count: 12 });
    trainer.dispose();
  });

  it('follow the tangent close to the image, and change the loss least along random signs', async () => {
    const backend = makeBackend();
    const { trainer, found } = await measure(backend, { networkType: 'tanh' }, 0.01);
    expect(found.riseAtTenth / (0.001 * found.gradientSum)).toBeCloseTo(1, 1);
    const { clean, random, fgsm, pgd, fgsmTriple } = found.losses;
    expect(Math.abs(random - clean)).toBeLessThan(0.3 * (fgsm - clean));
    expect(pgd).toBeGreaterThan(clean);
    expect(fgsmTriple).toBeGreaterThan(fgsm);
    expect(found.logitFalls.whole).toBeGreaterThan(found.logitFalls.half);
    for (const direction of directions) {
      expect(found.errorRates[direction]).toBeGreaterThanOrEqual(0);
      expect(found.errorRates[direction]).toBeLessThanOrEqual(1);
    }
    trainer.dispose();
    expect(backend.memory().matrices).toBe(0);
  });
});
