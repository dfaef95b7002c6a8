import { uniformFloat32 } from 'pure-rand/distribution/uniformFloat32';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** The uses of random numbers. The streams of a seed are independent; never renumber them. */
export const streams = {
  initialWeights: 1,
  batchOrder: 2,
  dropout: 3,
  noise: 4,
  attackStart: 5,
  attackSigns: 6,
  pixelOrder: 7,
  squareAttack: 8,
  attackRestart: 9,
} as const;
export type Stream = keyof typeof streams;

/** Two 32-bit words that select one sequence of the counter-based hash. */
export type HashKey = readonly [number, number];

const goldenRatio = 0x9e3779b9;

/**
 * A bijection of 32-bit integers in which every input bit changes every output bit with probability
 * near 1/2 (the constants are C. Wellons's "lowbias32"). Backends implement the same function.
 */
export function mix32(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

function absorb(words: readonly number[], start: number): number {
  return words.reduce((state, word) => mix32((state ^ word) + goldenRatio), mix32(start));
}

/**
 * The key of a matrix of random numbers. It depends only on these four values, so a run that resumes at a step draws
 * the same numbers.
 *
 * @param seed the run's seed, 0 to 2³² − 1
 * @param step weight updates before this one
 * @param layer 0 for the input, 1 for the first hidden layer, and so on
 */
export function hashKey(seed: number, stream: Stream, step: number, layer: number): HashKey {
  const words = [seed, streams[stream], step, layer];
  return [absorb(words, 1), absorb(words, 2)];
}

/** The 32-bit random integer at a position (row · columns + column) of the matrix with this key. */
export function hashAt(key: HashKey, index: number): number {
  return mix32(mix32(index + key[0]) ^ key[1]);
}

/** The largest hash, exclusive, at which a unit is dropped: rate · 2³². */
export function dropThreshold(rate: number): number {
  return Math.floor(rate * 0x1_0000_0000);
}

/** A generator for shuffles and initial weights, the same for equal arguments. */
export function seededGenerator(
  seed: number,
  stream: Stream,
  ...counters: readonly number[]
): RandomGenerator {
  const words = [seed, streams[stream], ...counters];
  return xoroshiro128plusFromState([3, 4, 5, 6].map((start) => absorb(words, start) | 0));
}

/** A uniform number in [−bound, bound). */
export function uniformWithin(generator: RandomGenerator, bound: number): number {
  return (2 * uniformFloat32(generator) - 1) * bound;
}

/** 0 … count − 1 in random order (Fisher and Yates). */
export function shuffledIndices(count: number, generator: RandomGenerator): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const chosen = uniformInt(generator, 0, last);
    const value = order[last]!;
    order[last] = order[chosen]!;
    order[chosen] = value;
  }
  return order;
}
