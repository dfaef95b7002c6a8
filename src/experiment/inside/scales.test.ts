import { describe, expect, it } from 'vitest';
import { findGradientScale, findWeightScale, measureNorms } from './scales.ts';

const weights = (percentile99: number, largest: number) => ({
  first: 0,
  images: new Float32Array(0),
  biases: new Float32Array(0),
  features: 784,
  pieces: 1,
  units: 4,
  percentile99,
  largest,
});

describe('scales', () => {
  it('are common to all networks: the largest of the networks’ own scales', () => {
    expect(findWeightScale([weights(0.2, 1), weights(0.3, 0.5)])).toEqual({
      limit: 0.3,
      largest: 1,
    });
    const faint = { gradients: Float32Array.from({ length: 784 }, (_, i) => (i - 392) / 1e6) };
    const strong = { gradients: Float32Array.from({ length: 784 }, (_, i) => (392 - i) / 100) };
    const { limit, largest } = findGradientScale([faint, strong]);
    expect(findGradientScale([strong])).toEqual({ limit, largest });
    expect(largest).toBeCloseTo(3.92, 5);
    const exceeding = strong.gradients.filter((value) => Math.abs(value) > limit);
    expect(exceeding.length).toBeLessThanOrEqual(7);
    expect(exceeding.length).toBeGreaterThan(0);
  });

  it('ignore a diverged network', () => {
    const diverged = { gradients: new Float32Array(784).fill(Number.NaN) };
    const sound = { gradients: new Float32Array(784).fill(0.5) };
    expect(findGradientScale([diverged, sound])).toEqual({ limit: 0.5, largest: 0.5 });
    expect(findWeightScale([weights(Number.NaN, Infinity), weights(0.1, 0.2)])).toEqual({
      limit: 0.1,
      largest: 0.2,
    });
  });

  it('are 0 when there is nothing to scale', () => {
    expect(findWeightScale([])).toEqual({ limit: 0, largest: 0 });
    expect(findGradientScale([{ gradients: new Float32Array(784) }]).limit).toBe(0);
  });
});

describe('measureNorms', () => {
  it('sums absolute values and squares', () => {
    expect(measureNorms(Float32Array.of(3, -4, 0))).toEqual({ sum: 7, length: 5, largest: 4 });
  });
});
