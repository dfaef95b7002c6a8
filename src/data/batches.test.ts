import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf, epochOrder, stepsPerEpoch } from './batches.ts';

describe('epochOrder', () => {
  it('contains every image once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(0xffff_ffff), (count, seed) => {
        const sorted = epochOrder(count, seed, 0).sort();
        expect(sorted).toEqual(Uint32Array.from({ length: count }, (_, i) => i));
      }),
    );
  });

  it('depends only on seed and epoch', () => {
    const order = epochOrder(1000, 7, 3);
    expect(epochOrder(1000, 7, 3)).toEqual(order);
    expect(epochOrder(1000, 8, 3)).not.toEqual(order);
    expect(epochOrder(1000, 7, 4)).not.toEqual(order);
  });

  it('puts each image at each place equally often', () => {
    const size = 5;
    const epochs = 4000;
    const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
    for (let epoch = 0; epoch < epochs; epoch++) {
      epochOrder(size, 1, epoch).forEach((image, place) => counts[image]![place]!++);
    }
    const expected = epochs / size;
    const chiSquare = counts.flat().reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // 16 degrees of freedom: 39.3 is exceeded with probability 0.001.
    expect(chiSquare).toBeLessThan(39.3);
  });
});

describe('batches', () => {
  it('cover an epoch in order, including the last, partial one', () => {
    const order = epochOrder(130, 1, 0);
    expect(stepsPerEpoch(130, 64)).toBe(3);
    const batches = [0, 1, 2].map((step) => batchOf(order, 64, step));
    expect(batches.map((batch) => batch.length)).toEqual([64, 64, 2]);
    expect(batches.flatMap((batch) => [...batch])).toEqual([...order]);
  });

  it('do not end with an empty one', () => {
    expect(stepsPerEpoch(128, 64)).toBe(2);
    expect(stepsPerEpoch(10, 64)).toBe(1);
  });
});
