import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Float64Backend } from '../../engine/backends/float64/backend.ts';
import { attackImages, classifyImages } from '../../engine/evaluate.ts';
import { syntheticImages } from '../../engine/testing/syntheticImages.ts';
import { Trainer } from '../../engine/trainer.ts';
import { defaultConfig } from '../../domain/settings/config.ts';
import type { Attack } from '../../domain/metrics.ts';
import { findPrediction } from '../drawing/prediction.ts';
import {
  type AttackCopies,
  findSmallestEpsilon,
  largestSearched,
  type Search,
  searchStarts,
} from './smallestEpsilon.ts';

const pixels = new Float32Array(784).fill(0.5);

/** A network that predicts `after` if ε is at least `threshold` / 256, from one start only. */
function createFake(threshold: number, after = 8): { attack: AttackCopies; tried: Attack[] } {
  const tried: Attack[] = [];
  return {
    tried,
    attack: ({ images, labels }, attack) => {
      tried.push(attack);
      const adversarialProbabilities = new Float32Array(labels.length * 10);
      labels.forEach((label, copy) => {
        const isHit = attack.epsilon * 256 >= threshold && copy === 2;
        adversarialProbabilities[copy * 10 + (isHit ? after : label)] = 1;
      });
      // Distinguished by their first pixel.
      const adversarialImages = images.map((value, i) => (i % 784 === 0 ? i / 784 : value));
      const cleanProbabilities = new Float32Array(labels.length * 10);
      return Promise.resolve({
        attack,
        images,
        adversarialImages,
        labels,
        cleanProbabilities,
        adversarialProbabilities,
      });
    },
  };
}

function makeSearch(changes: Partial<Search> = {}): Search {
  const { signal } = new AbortController();
  return { pixels, before: 3, target: null, signal, onTrial: () => undefined, ...changes };
}

describe('findSmallestEpsilon', () => {
  it('finds the smallest ε of the grid, and tries its lower neighbor without success', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: largestSearched }), async (threshold) => {
        const { attack, tried } = createFake(threshold);
        const onTrial = vi.fn();
        const result = await findSmallestEpsilon(attack, makeSearch({ onTrial }));
        expect(result.found?.epsilon).toBe(threshold / 256);
        expect(result.failedEpsilon).toBe((threshold - 1) / 256);
        const inVain = tried.some(({ epsilon }) => epsilon === (threshold - 1) / 256);
        expect(inVain).toBe(threshold > 1);
        expect(result.found?.prediction.digit).toBe(8);
        expect(result.found?.image[0]).toBe(2); // the copy that was fooled
        expect(result.trials).toBe(tried.length);
        expect(onTrial).toHaveBeenCalledTimes(tried.length);
        for (const [epsilon, done, most] of onTrial.mock.calls as [number, number, number][]) {
          expect(epsilon).toBe(tried[done]!.epsilon);
          expect(done).toBeLessThan(most);
        }
      }),
    );
  });

  it('reports how far it has searched if nothing changes the prediction', async () => {
    const { attack } = createFake(Infinity);
    const result = await findSmallestEpsilon(attack, makeSearch());
    expect(result).toMatchObject({ found: null, failedEpsilon: 0.5, trials: 8 });
  });

  it('counts only the target as success', async () => {
    const other = createFake(4, 8);
    const missed = await findSmallestEpsilon(other.attack, makeSearch({ target: 5 }));
    expect(missed.found).toBeNull();
    expect(other.tried.every((attack) => 'target' in attack && attack.target === 5)).toBe(true);
    const { attack } = createFake(4, 5);
    const hit = await findSmallestEpsilon(attack, makeSearch({ target: 5 }));
    expect(hit.found).toMatchObject({ epsilon: 4 / 256, prediction: { digit: 5 } });
  });

  it('stops when it is canceled', async () => {
    const abort = new AbortController();
    const { attack, tried } = createFake(100);
    const onTrial = (): void => {
      if (tried.length === 2) abort.abort();
    };
    const search = makeSearch({ signal: abort.signal, onTrial });
    await expect(findSmallestEpsilon(attack, search)).rejects.toThrow();
    expect(tried.length).toBe(3);
  });

  it('is right about a trained network, checked against its predictions alone', async () => {
    const set = syntheticImages(200);
    const backend = new Float64Backend();
    const trainer = new Trainer(
      backend,
      { ...defaultConfig, method: 'plain', hiddenLayers: [16], learningRate: 0.01, batchSize: 20 },
      set,
    );
    for (let step = 0; step < 30; step++) trainer.trainStep();
    const { network } = trainer;
    const predict = async (image: Float32Array): Promise<number> =>
      findPrediction(await classifyImages(backend, network, image, 784)).digit;
    const attack: AttackCopies = ({ images, labels }, one) =>
      attackImages(backend, network, images, labels, one);

    let searched = 0;
    for (let place = 0; place < 5; place++) {
      const digit = Float32Array.from(
        set.pixels.subarray(784 * place, 784 * (place + 1)),
        (level) => level / 255,
      );
      const before = await predict(digit);
      const { found, failedEpsilon } = await findSmallestEpsilon(
        attack,
        makeSearch({ pixels: digit, before }),
      );
      if (found === null) continue;
      searched++;
      // The perturbed digit is within ε of the digit, valid, and predicted differently.
      const changes = found.image.map((value, i) => Math.abs(value - digit[i]!));
      expect(Math.max(...changes)).toBeLessThanOrEqual(found.epsilon + 1e-6);
      expect(Math.min(...found.image)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...found.image)).toBeLessThanOrEqual(1);
      expect(await predict(found.image)).not.toBe(before);
      // The same attack with the next smaller ε of the grid leaves the prediction, from every start.
      expect(failedEpsilon).toBe(found.epsilon - 1 / 256);
      if (failedEpsilon === 0) continue;
      const smaller = {
        ...(found.attack as Extract<Attack, { kind: 'pgd' }>),
        epsilon: failedEpsilon,
        stepSize: (2.5 * failedEpsilon) / 20,
      };
      const copies = new Float32Array(784 * searchStarts);
      for (let copy = 0; copy < searchStarts; copy++) copies.set(digit, 784 * copy);
      const labels = new Uint8Array(searchStarts).fill(before);
      const { adversarialImages } = await attack({ images: copies, labels }, smaller);
      for (let copy = 0; copy < searchStarts; copy++) {
        expect(await predict(adversarialImages.slice(784 * copy, 784 * (copy + 1)))).toBe(before);
      }
    }
    expect(searched).toBeGreaterThanOrEqual(3);
  });
});
