import { describe, expect, it } from 'vitest';
import { paintSurface } from './surfaceColors.ts';
import { findSurfaceRange, makeLossSeries, traceBorder } from './lossSeries.ts';

describe('losses around a digit', () => {
  it('are placed from −ε to ε', () => {
    const answer = {
      adversarial: Float32Array.of(0.5, 1, 4),
      random: Float32Array.of(1, 1, 1),
      surface: new Float32Array(9),
      predictions: new Uint8Array(9),
    };
    const network = { id: 'a', name: 'Plain', paletteIndex: 0, stepsPerEpoch: null };
    const series = makeLossSeries({ network, step: 1, answer }, 'adversarial', 0.1);
    expect([...series.xs].map((x) => Number(x.toFixed(9)))).toEqual([-0.1, 0, 0.1]);
    expect([...series.ys]).toEqual([0.5, 1, 4]);
    expect(series.describe(0)).toEqual({ value: '0.500', details: ['t −0.1'] });
  });

  it('share one scale for all surfaces, bounded below by the floor of the logarithm', () => {
    const surfaces = [Float32Array.of(0, 0.5), Float32Array.of(2, 8)];
    expect(findSurfaceRange(surfaces, 1e-4)).toEqual({ low: 1e-4, high: 8 });
    expect(findSurfaceRange([surfaces[1]!], 1e-4)).toEqual({ low: 2, high: 8 });
    expect(findSurfaceRange([Float32Array.of(0)], 1e-4)).toEqual({ low: 1e-4, high: 1e-4 });
    const diverged = Float32Array.of(Number.NaN, Infinity);
    expect(findSurfaceRange([diverged, surfaces[1]!], 1e-4)).toEqual({ low: 2, high: 8 });
    expect(findSurfaceRange([diverged], 1e-4)).toEqual({ low: 1e-4, high: 1e-4 });
  });

  it('are dark when low, and bright when high or not a number', () => {
    const bytes = paintSurface(Float32Array.of(0, 8, 0.5, Number.NaN), 0.5, 8);
    const colors = [0, 1, 2, 3].map((pixel) => [...bytes.subarray(4 * pixel, 4 * pixel + 3)]);
    // The second row of the surface is the upper row of the picture.
    const [dark, bright] = [
      [12, 8, 38],
      [252, 253, 191],
    ];
    expect(colors).toEqual([dark, bright, dark, bright]);
  });

  it('have a border only where the prediction changes between right and wrong', () => {
    expect(traceBorder(Uint8Array.of(4, 9, 4, 4), 2, 4)).toBe('M1,0v1M1,1h1');
    expect(traceBorder(Uint8Array.of(4, 4, 4, 4), 2, 4)).toBe('');
    expect(traceBorder(Uint8Array.of(9, 8, 1, 2), 2, 4)).toBe('');
  });
});
