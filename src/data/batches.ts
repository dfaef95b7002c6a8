import { seededGenerator, shuffledIndices } from '../domain/random.ts';

/** The order of the training images in an epoch: a permutation of 0 to count − 1, fixed by seed and epoch. */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  return shuffledIndices(count, seededGenerator(seed, 'batchOrder', epoch));
}

/** Number of steps per epoch, including the last, partial batch. */
export function stepsPerEpoch(count: number, batchSize: number): number {
  return Math.ceil(count / batchSize);
}

/** Indices of the images of one step, a view of the order; fewer than batchSize at the end of an epoch. */
export function batchOf(order: Uint32Array, batchSize: number, stepInEpoch: number): Uint32Array {
  return order.subarray(stepInEpoch * batchSize, (stepInEpoch + 1) * batchSize);
}
