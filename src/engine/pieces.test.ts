import { describe, expect, it } from 'vitest';
import { readKernels } from '../../tools/train/readKernels.ts';
import { defaultConfig } from '../domain/settings/config.ts';
import type { Attack } from '../domain/metrics.ts';
import { attackBatch, type AttackPart } from './attacks.ts';
import { Float64Backend } from './backends/float64/backend.ts';
import { SimdBackend } from './backends/simd/backend.ts';
import { forward } from './backprop.ts';
import { attackImages, classifyImages } from './evaluate.ts';
import { outputProbabilities } from './probabilities.ts';
import { attackUpToLastPart, isOnePiece } from './pieces.ts';
import { syntheticImages } from './testing/syntheticImages.ts';
import { Trainer } from './trainer.ts';

const ball = { epsilon: 0.1, clip: true };
const attacks: Attack[] = [
  { kind: 'pgd', ...ball, steps: 7, stepSize: 0.03, seed: 1 },
  { kind: 'margin-pgd', ...ball, steps: 7, seed: 2 },
  { kind: 'margin-pgd', ...ball, steps: 7, seed: 2, target: 1 },
  { kind: 'pgd', epsilon: 1, clip: true, norm: 'l2', steps: 7, stepSize: 0.3, seed: 3 },
];

describe('an attack in parts', () => {
  it.each(attacks)('gives the same images as at once: %o', async (attack) => {
    const backend = new Float64Backend();
    const set = syntheticImages(20, 49, 4);
    const { network } = new Trainer(backend, { ...defaultConfig, hiddenLayers: [9] }, set);
    const indices = Uint32Array.from({ length: set.count }, (_, i) => i);
    const [x, y] = [backend.loadImages(set, indices), backend.loadLabels(set, indices)];
    const { matrices } = backend.memory();
    const make = (from: number, to: number, reached: AttackPart['reached']) =>
      backend.scope((keep) =>
        keep(attackBatch(backend, network, x, y, attack, undefined, 0, { from, to, reached })),
      );
    const whole = make(0, 7, null);
    const parts = make(5, 7, make(1, 5, make(0, 1, null)));
    expect(await backend.read(parts)).toEqual(await backend.read(whole));
    backend.free(whole, parts);
    expect(backend.memory().matrices).toBe(matrices);
  });

  it('on a large network, whose images go in chunks, too', async () => {
    const backend = await SimdBackend.create(readKernels);
    const set = syntheticImages(20, 784);
    const config = { ...defaultConfig, hiddenLayers: [2048, 1024] };
    const { network } = new Trainer(backend, config, set);
    const attack = { kind: 'margin-pgd', ...ball, steps: 3, seed: 1 } as const;
    expect(isOnePiece(network, attack, set.count)).toBe(false);
    const images = Float32Array.from(set.pixels, (value) => value / 255);
    const { matrices } = backend.memory();
    let pieces = 0;
    const countPiece = () => Promise.resolve(void pieces++);
    const { labels } = set;
    const found = await attackImages(backend, network, images, labels, attack, null, countPiece);
    expect(pieces).toBeGreaterThan(2);
    const probabilities = await classifyImages(backend, network, images, 784, null, countPiece);
    expect(backend.memory().matrices).toBe(matrices);

    const x = backend.upload(images, 20, 784);
    const y = backend.upload(labels, 20, 1);
    const clean = forward(backend, network, x);
    const whole = attackBatch(backend, network, x, y, attack, clean, 0);
    expect(found.adversarialImages).toEqual(await backend.read(whole));
    const logits = await backend.read(clean.logits);
    expect(probabilities).toEqual(outputProbabilities(logits, 10, network.loss));
    expect(found.cleanProbabilities).toEqual(probabilities);
    const attackedLogits = await backend.read(forward(backend, network, whole).logits);
    expect(found.adversarialProbabilities).toEqual(
      outputProbabilities(attackedLogits, 10, network.loss),
    );
  });

  it('frees what it has reached when its caller stops it', async () => {
    const backend = new Float64Backend();
    const set = syntheticImages(20, 49, 4);
    const { network } = new Trainer(backend, { ...defaultConfig, hiddenLayers: [9] }, set);
    const { matrices } = backend.memory();
    let yields = 0;
    const stop = () => (++yields > 2 ? Promise.reject(new Error('stopped')) : Promise.resolve());
    const indices = Uint32Array.of(0, 1);
    const make = (part: AttackPart) => {
      const [x, y] = [backend.loadImages(set, indices), backend.loadLabels(set, indices)];
      return attackBatch(backend, network, x, y, attacks[0]!, undefined, 0, part);
    };
    // As many images as make each step a part of its own.
    const attack = attackUpToLastPart(backend, network, 7, 1e6, make, stop);
    await expect(attack).rejects.toThrow('stopped');
    expect(yields).toBe(3);
    expect(backend.memory().matrices).toBe(matrices);
  });
});
