import { describe, expect, it } from 'vitest';
import { makeAttack } from '../../../experiment/runs/measurements.ts';
import {
  countRight,
  findPrediction,
  getImage,
  measurePerturbation,
  selectExamples,
} from './predictions.ts';

function makeProbabilities(...winners: number[]): Float32Array {
  const probabilities = new Float32Array(winners.length * 10).fill(0.125);
  winners.forEach((digit, index) => (probabilities[index * 10 + digit] = 0.75));
  return probabilities;
}

const labels = Uint8Array.of(3, 5);

describe('findPrediction', () => {
  it('names the class with the largest output', () => {
    const probabilities = makeProbabilities(3, 8);
    expect(findPrediction(probabilities, labels, 0)).toEqual({
      digit: 3,
      confidence: 0.75,
      isRight: true,
    });
    expect(findPrediction(probabilities, labels, 1)).toMatchObject({ digit: 8, isRight: false });
  });
});

function makeResult(clean: number[], adversarial: number[], all = labels) {
  const images = new Float32Array(all.length * 784);
  return {
    attack: makeAttack('fgsm', 0.1),
    images,
    adversarialImages: images,
    cleanProbabilities: makeProbabilities(...clean),
    adversarialProbabilities: makeProbabilities(...adversarial),
    labels: all,
  };
}

describe('countRight', () => {
  it('counts before and after the attack', () => {
    expect(countRight(makeResult([3, 5], [8, 5]))).toEqual({ clean: 2, adversarial: 1 });
  });
});

describe('selectExamples', () => {
  const digits = Uint8Array.of(3, 5, 3, 7);
  const weak = makeResult([3, 5, 3, 7], [8, 8, 3, 7], digits);
  const strong = makeResult([3, 5, 3, 7], [8, 5, 3, 7], digits);

  it('selects images by which runs were fooled', () => {
    const select = (filter: 'all' | 'fooled-any' | 'fooled-all' | 'fooled-none') =>
      selectExamples(digits, [weak, strong], filter, null);
    expect(select('all')).toEqual([0, 1, 2, 3]);
    expect(select('fooled-any')).toEqual([0, 1]);
    expect(select('fooled-all')).toEqual([0]);
    expect(select('fooled-none')).toEqual([2, 3]);
  });

  it('selects the images of one digit, also before there are results', () => {
    expect(selectExamples(digits, [weak], 'fooled-none', 3)).toEqual([2]);
    expect(selectExamples(digits, [], 'fooled-all', 3)).toEqual([0, 2]);
  });
});

describe('measurePerturbation', () => {
  it('returns the largest change and the Euclidean length', () => {
    const before = new Float32Array(784);
    const after = before.slice();
    after[0] = 0.25;
    after[1] = -0.5;
    expect(measurePerturbation(before, after)).toEqual({
      largest: 0.5,
      length: Math.hypot(0.25, 0.5),
    });
  });
});

describe('getImage', () => {
  it('finds the second image after the first', () => {
    const images = new Float32Array(2 * 784);
    images[784] = 1;
    expect(getImage(images, 1, 2)[0]).toBe(1);
    expect(getImage(images, 1, 2)).toHaveLength(784);
  });
});
