import { describe, expect, it } from 'vitest';
import { readKernels } from '../../../tools/train/readKernels.ts';
import { orderPixels, selectImages } from '../../data/imageSet.ts';
import { defaultConfig } from '../../domain/settings/config.ts';
import { SimdBackend } from '../backends/simd/backend.ts';
import { marginPgdRestart } from '../attacks.ts';
import { forward } from '../backprop.ts';
import { certifyImages } from '../certify/certifySet.ts';
import { evaluate } from '../evaluate.ts';
import { readResults } from '../readResults.ts';
import { syntheticImages } from '../testing/syntheticImages.ts';
import { Trainer } from '../trainer.ts';
import { shapeOf, squareAttack } from './square.ts';
import { attackStrongest, type Survivors, weakerAttacks } from './strongestAttack.ts';

const noYield = () => Promise.resolve();
const count = 60;
const attack = { epsilon: 0.1, clip: true, seed: 1 };

/** A network that was trained for a few steps on images whose pixels are permuted. */
async function trainNetwork() {
  const backend = await SimdBackend.create(readKernels);
  const set = orderPixels(syntheticImages(count, 49, 4), 5);
  const config = { ...defaultConfig, hiddenLayers: [12], batchSize: 20, learningRate: 0.01 };
  const trainer = new Trainer(backend, config, set);
  for (let step = 0; step < 60; step++) trainer.trainStep();
  return { backend, set, network: trainer.network };
}

const total = (flags: Uint8Array) => flags.reduce((sum, flag) => sum + flag, 0);

describe('the strongest attack', () => {
  it('finds every image that one of its parts finds, and what is certified survives it', async () => {
    const { backend, set, network } = await trainNetwork();
    const { matrices } = backend.memory();
    const survivors = await attackStrongest(backend, network, set, 0, count, attack, noYield);
    const parts = Object.keys(survivors) as (keyof Survivors)[];
    for (let i = 0; i < count; i++) {
      for (const part of parts) {
        expect(survivors.strongest[i]!, part).toBeLessThanOrEqual(survivors[part][i]!);
      }
    }
    expect(total(survivors.strongest)).toBeLessThan(total(survivors.clean));
    const safe = await certifyImages(backend, network, set, 0, count, attack.epsilon, noYield);
    safe.forEach((isSafe, i) => expect(isSafe).toBeLessThanOrEqual(survivors.strongest[i]!));
    expect(total(await certifyImages(backend, network, set, 0, count, 1e-4, noYield))).toBe(
      total(survivors.clean),
    );
    expect(backend.memory().matrices).toBe(matrices);
  });

  it('moves each image towards its target, and within the ball', async () => {
    const { backend, set, network } = await trainNetwork();
    const chunk = Uint32Array.from({ length: count }, (_, i) => i);
    const targets = Uint8Array.from(chunk, (i) => (set.labels[i]! + 1) % set.classes);
    const { before, after, moved, images } = await readResults(backend, () => {
      const x = backend.loadImages(set, chunk);
      const aim = { classes: backend.upload(targets, count, 1), isTargeted: true };
      const attacked = marginPgdRestart(
        backend,
        network,
        x,
        aim,
        { ...attack, steps: 20 },
        chunk,
        6,
      );
      return {
        before: forward(backend, network, x).logits,
        after: forward(backend, network, attacked).logits,
        moved: attacked,
        images: x,
      };
    });
    /** z_t − max over j ≠ t of z_j. */
    const lead = (logits: ArrayLike<number>, i: number) => {
      const row = Array.from({ length: set.classes }, (_, j) => logits[i * set.classes + j]!);
      const [target] = row.splice(targets[i]!, 1);
      return target! - Math.max(...row);
    };
    for (let i = 0; i < count; i++) expect(lead(after, i)).toBeGreaterThan(lead(before, i));
    for (let i = 0; i < moved.length; i++) {
      expect(Math.abs(moved[i]! - images[i]!)).toBeLessThanOrEqual(attack.epsilon + 1e-6);
    }
  });

  it('counts each weaker attack as an evaluation does, however the images are divided', async () => {
    const { backend, set, network } = await trainNetwork();
    const survivors = await attackStrongest(backend, network, set, 0, count, attack, noYield);
    for (const [part, weak] of Object.entries(weakerAttacks(attack))) {
      const { clean, adversarial } = await evaluate(backend, network, set, count, weak, noYield);
      expect(total(survivors.clean)).toBe(count - Math.round(count * clean.errorRate));
      expect(total(survivors[part as keyof Survivors])).toBe(
        count - Math.round(count * adversarial.errorRate),
      );
    }
    const second = await attackStrongest(backend, network, set, 30, 30, attack, noYield);
    for (const [part, flags] of Object.entries(survivors)) {
      expect([...second[part as keyof Survivors]], part).toEqual([...flags.subarray(30)]);
    }
  });

  it('stops when its caller throws', async () => {
    const { backend, set, network } = await trainNetwork();
    const { matrices } = backend.memory();
    let calls = 0;
    const stop = () => (++calls > 8 ? Promise.reject(new Error('stopped')) : Promise.resolve());
    await expect(attackStrongest(backend, network, set, 0, count, attack, stop)).rejects.toThrow(
      'stopped',
    );
    expect(backend.memory().matrices).toBe(matrices);
  });
});

describe('the Square attack', () => {
  it('fools images without a gradient, more of them with more queries, the same for one seed', async () => {
    const { backend, set, network } = await trainNetwork();
    const { images, labels } = selectImages(set, 0, count);
    const indices = Uint32Array.from({ length: count }, (_, i) => i);
    const clean = await attackStrongest(backend, network, set, 0, count, attack, noYield);
    const wrong = count - total(clean.clean);
    const fool = async (queries: number, epsilon = 0.2) => {
      const options = { epsilon, clip: true, seed: 1, queries };
      const chosen = { images, labels, indices };
      const made = await squareAttack(backend, network, chosen, options, set.pixelOrder!, noYield);
      made.images.forEach((pixel, i) => {
        expect(Math.abs(pixel - images[i]!)).toBeLessThanOrEqual(epsilon + 1e-6);
        expect(pixel >= 0 && pixel <= 1).toBe(true);
      });
      return made.isFooled.filter(Boolean).length;
    };
    const few = await fool(2);
    const many = await fool(200);
    expect(many).toBeGreaterThan(few);
    expect(many).toBeGreaterThan(wrong);
    expect(await fool(200)).toBe(many);
    expect(await fool(200, 0)).toBe(wrong);
  });

  it('knows square images of one and of three channels; others are one row', () => {
    expect(shapeOf(784)).toEqual({ channels: 1, rows: 28, columns: 28 });
    expect(shapeOf(3072)).toEqual({ channels: 3, rows: 32, columns: 32 });
    expect(shapeOf(20)).toEqual({ channels: 1, rows: 1, columns: 20 });
  });
});
