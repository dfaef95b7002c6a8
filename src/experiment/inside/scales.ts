import type { FirstLayerWeights, InputGradients } from '../../domain/analysis/inspection.ts';

/**
 * One scale for the weights of all networks: the absolute value with full color, which 99 % of each one's
 * first-layer weights do not exceed, and the largest. The few largest weights would leave the rest gray.
 */
export function findWeightScale(
  all: readonly Pick<FirstLayerWeights, 'percentile99' | 'largest'>[],
): { readonly limit: number; readonly largest: number } {
  return {
    limit: findLargest(all.map(({ percentile99 }) => percentile99)),
    largest: findLargest(all.map(({ largest }) => largest)),
  };
}

/** One scale for gradients [784]: the absolute value that 99 % of each one's pixels do not exceed. */
export function findGradientLimit(all: readonly Pick<InputGradients, 'gradients'>[]): number {
  return findLargest(
    all.map(({ gradients }) => {
      const sorted = gradients.filter(Number.isFinite).map(Math.abs).sort();
      return sorted[Math.ceil(0.99 * sorted.length) - 1] ?? 0;
    }),
  );
}

/** The largest finite number, or 0: a diverged network has others, which do not count. */
function findLargest(sizes: readonly number[]): number {
  return Math.max(0, ...sizes.filter(Number.isFinite));
}

/** ‖g‖₁, ‖g‖₂ and the largest absolute value of a gradient's elements. */
export function measureNorms(gradient: Float32Array) {
  const sizes = Array.from(gradient, Math.abs);
  return {
    sum: sizes.reduce((sum, size) => sum + size, 0),
    length: Math.hypot(...sizes),
    largest: Math.max(...sizes),
  };
}
