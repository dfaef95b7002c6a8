import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../shared/config.ts';
import type { Attack } from '../shared/metrics.ts';
import { hashKey } from '../shared/random.ts';
import { fgsm, pgd } from './attacks.ts';
import { Float64Backend } from './backends/float64/backend.ts';
import { evaluate } from './evaluate.ts';
import { syntheticImages } from './testing/syntheticImages.ts';
import { Trainer } from './trainer.ts';

const set = syntheticImages(60, 20, 4);
const epsilon = 0.1;

/** A network that has learnt the images a little, and the images. */
function trained() {
  const backend = new Float64Backend();
  const trainer = new Trainer(
    backend,
    { ...defaultConfig, method: 'plain', hiddenLayers: [8], learningRate: 0.01, batchSize: 20 },
    set,
  );
  for (let step = 0; step < 12; step++) trainer.trainStep();
  const indices = Uint32Array.from({ length: set.count }, (_, i) => i);
  const images = backend.loadImages(set, indices);
  const labels = backend.loadLabels(set, indices);
  return { backend, network: trainer.network, images, labels };
}

describe('attacks', () => {
  it.each([false, true])('stay within ε, and within [0, 1] when clipped: %s', async (clip) => {
    const { backend, network, images, labels } = trained();
    const key = hashKey(1, 'attackStart', 0, 0);
    const attack = { epsilon, clip, steps: 5, stepSize: 0.04 };
    const x = await backend.read(images);
    for (const attacked of [
      fgsm(backend, network, images, labels, attack),
      pgd(backend, network, images, labels, attack, key),
    ]) {
      const moved = await backend.read(attacked);
      const largest = Math.max(...moved.map((value, i) => Math.abs(value - x[i]!)));
      expect(largest).toBeLessThanOrEqual(epsilon + 1e-12);
      expect(largest).toBeGreaterThan(0.9 * epsilon);
      if (clip) {
        expect(Math.min(...moved)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...moved)).toBeLessThanOrEqual(1);
      } else {
        expect(Math.min(...moved)).toBeLessThan(0);
      }
    }
  });

  it('PGD raises the loss more than FGSM, and repeats for a seed', async () => {
    const { backend, network } = trained();
    const lossUnder = async (attack: Attack) => {
      const breathe = () => Promise.resolve();
      const scores = await evaluate(backend, network, set, set.count, attack, breathe);
      return scores.adversarial.loss;
    };
    const byPgd = (seed: number, steps = 20): Attack => ({
      kind: 'pgd',
      epsilon,
      clip: false,
      steps,
      stepSize: 0.02,
      seed,
    });
    const before = backend.memory();
    const fgsmLoss = await lossUnder({ kind: 'fgsm', epsilon, clip: false });
    const pgdLoss = await lossUnder(byPgd(1));
    expect(pgdLoss).toBeGreaterThan(fgsmLoss);
    expect(await lossUnder(byPgd(1))).toBe(pgdLoss);
    expect(await lossUnder(byPgd(1, 1))).not.toBe(await lossUnder(byPgd(2, 1)));
    expect(backend.memory()).toEqual(before);
  });
});
