import { seededGenerator, shuffledIndices } from '../shared/random.ts';

/** The order of training images in an epoch: a permutation of 0 … count − 1 fixed by the seed. */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  return shuffledIndices(count, seededGenerator(seed, 'batchOrder', epoch));
}

/** Steps of an epoch; a last partial batch counts as one. */
export function stepsPerEpoch(count: number, batchSize: number): number {
  return Math.ceil(count / batchSize);
}

/** The images of one step: a view of the order, shorter than batchSize at the end of an epoch. */
export function batchOf(order: Uint32Array, batchSize: number, stepInEpoch: number): Uint32Array {
  return order.subarray(stepInEpoch * batchSize, (stepInEpoch + 1) * batchSize);
}
