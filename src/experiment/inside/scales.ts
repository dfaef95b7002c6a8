import type { FirstLayerWeights, InputGradients } from '../../domain/analysis/inspection.ts';

/**
 * How signed images are colored: one scale for all of them, from −limit to +limit. A diverged network has
 * values that are not finite; they do not count.
 */
export interface SignedScale {
  /** The absolute value with full color. */
  readonly limit: number;
  /** The largest absolute value. */
  readonly largest: number;
}

/**
 * One scale for the weights of all networks: the absolute value that 99 % of each one's first-layer weights do
 * not exceed. The few largest weights would leave the rest gray.
 */
export function findWeightScale(all: readonly FirstLayerWeights[]): SignedScale {
  return {
    limit: findLargest(all.map(({ percentile99 }) => percentile99)),
    largest: findLargest(all.map(({ largest }) => largest)),
  };
}

/** One scale for gradients [784]: the absolute value that 99 % of each one's pixels do not exceed. */
export function findGradientScale(all: readonly Pick<InputGradients, 'gradients'>[]): SignedScale {
  const sizes = all.map(({ gradients }) => gradients.filter(Number.isFinite).map(Math.abs).sort());
  return {
    limit: Math.max(0, ...sizes.map((sorted) => sorted[Math.ceil(0.99 * sorted.length) - 1] ?? 0)),
    largest: Math.max(0, ...sizes.map((sorted) => sorted.at(-1) ?? 0)),
  };
}

function findLargest(sizes: readonly number[]): number {
  return Math.max(0, ...sizes.filter(Number.isFinite));
}

/** ‖g‖₁, ‖g‖₂ and the largest absolute value of a gradient's elements. */
export function measureNorms(gradient: Float32Array): {
  readonly sum: number;
  readonly length: number;
  readonly largest: number;
} {
  let sum = 0;
  let squares = 0;
  let largest = 0;
  for (const value of gradient) {
    const size = Math.abs(value);
    sum += size;
    squares += size * size;
    largest = Math.max(largest, size);
  }
  return { sum, length: Math.sqrt(squares), largest };
}
