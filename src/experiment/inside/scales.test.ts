import { describe, expect, it } from 'vitest';
import { findGradientLimit, findWeightScale, measureNorms } from './scales.ts';

const weights = (percentile99: number, largest: number) => ({ percentile99, largest });

describe('scales', () => {
  it('are common to all networks: the largest of the networks’ own scales', () => {
    expect(findWeightScale([weights(0.2, 1), weights(0.3, 0.5)])).toEqual({
      limit: 0.3,
      largest: 1,
    });
    const faint = { gradients: Float32Array.from({ length: 784 }, (_, i) => (i - 392) / 1e6) };
    const strong = { gradients: Float32Array.from({ length: 784 }, (_, i) => (392 - i) / 100) };
    const limit = findGradientLimit([faint, strong]);
    expect(findGradientLimit([strong])).toBe(limit);
    const exceeding = strong.gradients.filter((value) => Math.abs(value) > limit);
    expect(exceeding.length).toBeLessThanOrEqual(7);
    expect(exceeding.length).toBeGreaterThan(0);
  });

  it('ignore a diverged network', () => {
    const diverged = { gradients: new Float32Array(784).fill(Number.NaN) };
    const sound = { gradients: new Float32Array(784).fill(0.5) };
    expect(findGradientLimit([diverged, sound])).toBe(0.5);
    expect(findWeightScale([weights(Number.NaN, Infinity), weights(0.1, 0.2)])).toEqual({
      limit: 0.1,
      largest: 0.2,
    });
  });

  it('are 0 when there is nothing to scale', () => {
    expect(findWeightScale([])).toEqual({ limit: 0, largest: 0 });
    expect(findGradientLimit([{ gradients: new Float32Array(784) }])).toBe(0);
  });
});

describe('measureNorms', () => {
  it('sums absolute values and squares', () => {
    expect(measureNorms(Float32Array.of(3, -4, 0))).toEqual({ sum: 7, length: 5, largest: 4 });
  });
});
