import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../domain/settings/config.ts';
import type { Attack } from '../domain/metrics.ts';
import { hashKey } from '../domain/random.ts';
import { attackBatch, fgsm, marginPgd, pgd } from './attacks.ts';
import { Float64Backend } from './backends/float64/backend.ts';
import { forward } from './backprop.ts';
import { attackImages, evaluate } from './evaluate.ts';
import { syntheticImages } from './testing/syntheticImages.ts';
import { Trainer } from './trainer.ts';

const set = syntheticImages(60, 20, 4);
const epsilon = 0.1;

/** A network that was trained for a few steps, and its images. */
function trainNetwork() {
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
    const { backend, network, images, labels } = trainNetwork();
    const key = hashKey(1, 'attackStart', 0, 0);
    const attack = { epsilon, clip, steps: 5, stepSize: 0.04 };
    const x = await backend.read(images);
    for (const attacked of [
      fgsm(backend, network, images, labels, attack),
      pgd(backend, network, images, labels, attack, key),
      marginPgd(backend, network, images, labels, attack, key),
    ]) {
      const attackedPixels = await backend.read(attacked);
      const largest = Math.max(...attackedPixels.map((value, i) => Math.abs(value - x[i]!)));
      expect(largest).toBeLessThanOrEqual(epsilon + 1e-12);
      expect(largest).toBeGreaterThan(0.9 * epsilon);
      if (clip) {
        expect(Math.min(...attackedPixels)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...attackedPixels)).toBeLessThanOrEqual(1);
      } else {
        expect(Math.min(...attackedPixels)).toBeLessThan(0);
      }
    }
  });

  it('raise the loss more with PGD than with FGSM, and repeat for the same seed', async () => {
    const { backend, network } = trainNetwork();
    const lossUnder = async (attack: Attack) => {
      const noYield = () => Promise.resolve();
      const scores = await evaluate(backend, network, set, set.count, attack, noYield);
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

describe('the random numbers of an attack', () => {
  it('follow from the index of an image, not from the batch size', async () => {
    const { backend, network, images, labels } = trainNetwork();
    const pixels = await backend.read(images);
    const classes = await backend.read(labels);
    const features = images.columns;
    const attacks: Attack[] = [
      { kind: 'random-signs', epsilon, clip: false, seed: 3 },
      { kind: 'pgd', epsilon, clip: false, seed: 3, steps: 1, stepSize: 0 },
      { kind: 'margin-pgd', epsilon, clip: false, seed: 3, steps: 2 },
    ];
    for (const attack of attacks) {
      const attackFrom = async (first: number) => {
        const rows = images.rows - first;
        const x = backend.upload(pixels.subarray(first * features), rows, features);
        const y = backend.upload(classes.subarray(first), rows, 1);
        const pass = forward(backend, network, x);
        return backend.read(attackBatch(backend, network, x, y, attack, pass, first));
      };
      const whole = await attackFrom(0);
      expect(await attackFrom(5)).toEqual(whole.slice(5 * features));
    }
  });
});

describe('targeted attacks', () => {
  const untargeted = { epsilon, clip: false };
  const untargetedPgd = { ...untargeted, kind: 'pgd', steps: 10, stepSize: 0.03, seed: 1 } as const;

  it('descend the loss of the target, where FGSM ascends the loss of the label', async () => {
    const { backend, network, images, labels } = trainNetwork();
    const target = 2;
    const targetLabels = backend.upload(new Float32Array(labels.rows).fill(target), labels.rows, 1);
    const x = await backend.read(images);
    const change = async (to: typeof labels, attack: Parameters<typeof fgsm>[4]) =>
      (await backend.read(fgsm(backend, network, images, to, attack))).map((v, i) => v - x[i]!);
    const up = await change(targetLabels, untargeted);
    const down = await change(labels, { ...untargeted, target });
    expect(up.some((value) => value !== 0)).toBe(true);
    down.forEach((value, i) => expect(value).toBeCloseTo(-up[i]!, 12));
  });

  it('stay within ε and make the target more probable, PGD at least as much as FGSM', async () => {
    const { backend, network } = trainNetwork();
    const count = set.count;
    const pixels = Float32Array.from(set.pixels, (value) => value / 255);
    const before = backend.memory();
    for (const target of [0, 1, 2, 3]) {
      /** Mean probability of the target, before and after the attack. */
      const measure = async (attack: Attack) => {
        const result = await attackImages(backend, network, pixels, set.labels, attack);
        const mean = (probabilities: Float32Array) =>
          Array.from({ length: count }, (_, i) => probabilities[4 * i + target]!).reduce(
            (sum, p) => sum + p / count,
            0,
          );
        result.adversarialImages.forEach((pixel, i) =>
          expect(Math.abs(pixel - pixels[i]!)).toBeLessThanOrEqual(epsilon + 1e-6),
        );
        return [mean(result.cleanProbabilities), mean(result.adversarialProbabilities)] as const;
      };
      const [clean, byFgsm] = await measure({ kind: 'fgsm', ...untargeted, target });
      const [, byPgd] = await measure({ ...untargetedPgd, target });
      expect(byFgsm).toBeGreaterThan(clean + 0.02);
      expect(byPgd).toBeGreaterThan(byFgsm - 1e-3);
    }
    expect(backend.memory()).toEqual(before);
  });
});
