import { describe, expect, it } from 'vitest';
import { makePageAttack } from '../../lab/state.ts';
import { countRight, findAnswer, getImage } from './answers.ts';

function makeProbabilities(...winners: number[]): Float32Array {
  const probabilities = new Float32Array(winners.length * 10).fill(0.125);
  winners.forEach((digit, index) => (probabilities[index * 10 + digit] = 0.75));
  return probabilities;
}

const labels = Uint8Array.of(3, 5);

describe('findAnswer', () => {
  it('names the class with the largest output', () => {
    const probabilities = makeProbabilities(3, 8);
    expect(findAnswer(probabilities, labels, 0)).toEqual({
      digit: 3,
      confidence: 0.75,
      isRight: true,
    });
    expect(findAnswer(probabilities, labels, 1)).toMatchObject({ digit: 8, isRight: false });
  });
});

describe('countRight', () => {
  it('counts before and after the attack', () => {
    const images = new Float32Array(2 * 784);
    const result = {
      attack: makePageAttack(0.1),
      images,
      adversarialImages: images,
      cleanProbabilities: makeProbabilities(3, 5),
      adversarialProbabilities: makeProbabilities(8, 5),
      labels,
    };
    expect(countRight(result, 2)).toEqual({ clean: 2, adversarial: 1 });
    expect(countRight(result, 1)).toEqual({ clean: 1, adversarial: 0 });
  });
});

describe('getImage', () => {
  it('finds the second image behind the first', () => {
    const images = new Float32Array(2 * 784);
    images[784] = 1;
    expect(getImage(images, 1)[0]).toBe(1);
    expect(getImage(images, 1)).toHaveLength(784);
  });
});
