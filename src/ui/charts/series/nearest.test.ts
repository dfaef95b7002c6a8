import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFirstFrom, findNearest, findNeighbor } from './nearest.ts';

describe('findNearest', () => {
  it('finds the same index as a linear search', () => {
    const sorted = fc
      .array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 30 })
      .map((values) => Float64Array.from(values.sort((a, b) => a - b)));
    fc.assert(
      fc.property(sorted, fc.integer({ min: -5, max: 45 }), (xs, x) => {
        const distance = Math.min(...xs.map((value) => Math.abs(value - x)));
        const index = findNearest(xs, x);
        expect(Math.abs(xs[index]! - x)).toBe(distance);
        // The newest of several measurements at one moment.
        expect(xs[index + 1]).not.toBe(xs[index]);
      }),
    );
  });

  it('returns −1 for an empty list', () => expect(findNearest(new Float64Array(), 1)).toBe(-1));
});

describe('findFirstFrom', () => {
  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 1],
    [9, 3],
  ])('finds the first value from %d on at index %d', (x, index) =>
    expect(findFirstFrom(Float64Array.of(1, 3, 5), x)).toBe(index),
  );
});

describe('findNeighbor', () => {
  const all = [Float64Array.of(0, 1, 1, 3), Float64Array.of(0.5, 2)];

  it.each([
    [0, 1, 0.5],
    [0.5, 1, 1],
    [1, 1, 2],
    [3, 1, null],
    [3, -1, 2],
    [0, -1, null],
  ] as const)('finds, from %d in direction %d, the neighbor %s', (x, direction, neighbor) =>
    expect(findNeighbor(all, x, direction)).toBe(neighbor),
  );
});
