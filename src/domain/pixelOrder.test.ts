import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawPixelOrder, permutePixels, restorePixels } from './pixelOrder.ts';

const seeds = fc.integer({ min: 0, max: 0xffff_ffff });

describe('the pixel order', () => {
  it('contains every pixel once, and depends on the seed', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 900 }), (seed, features) => {
        const order = drawPixelOrder(seed, features)!;
        expect([...order].sort((a, b) => a - b)).toEqual([...new Uint32Array(features).keys()]);
        expect(drawPixelOrder(seed, features)).toEqual(order);
      }),
      { numRuns: 50 },
    );
    expect(drawPixelOrder(2, 784)).not.toEqual(drawPixelOrder(1, 784));
  });

  it('never changes, because saved experiments and network files rely on it', () => {
    expect([...drawPixelOrder(1, 784)!.subarray(0, 8)]).toEqual([
      769, 113, 185, 643, 656, 57, 654, 634,
    ]);
  });

  it('moves pixel order[j] to input j, and back', () => {
    const order = Uint32Array.of(2, 0, 1);
    const images = Float32Array.of(1, 2, 3, 4, 5, 6);
    const permuted = permutePixels(images, order);
    expect([...permuted]).toEqual([3, 1, 2, 6, 4, 5]);
    expect(restorePixels(permuted, order)).toEqual(images);
  });

  it('is null without a seed', () => {
    const images = Float32Array.of(1, 2);
    expect(drawPixelOrder(null, 2)).toBe(null);
    expect(permutePixels(images, null)).toBe(images);
    expect(restorePixels(images, null)).toBe(images);
  });
});
