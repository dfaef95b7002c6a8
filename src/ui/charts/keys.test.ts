import { describe, expect, it } from 'vitest';
import { findKeyTarget } from './keys.ts';
import { makeTestSeries } from './testing/makeTestSeries.ts';

const series = [makeTestSeries([1, 1, 1, 1, 1])];

describe('findKeyTarget', () => {
  it.each([
    ['ArrowRight', null, 4],
    ['ArrowLeft', null, 4],
    ['ArrowLeft', 4, 3],
    ['ArrowRight', 1.4, 2],
    ['ArrowRight', 4, 4],
    ['ArrowLeft', 0, 0],
    ['PageUp', 1, 2],
    ['PageDown', 0.5, 0],
    ['Home', 3, 0],
    ['End', null, 4],
    ['Escape', 3, null],
    ['Escape', null, undefined],
    ['Tab', 3, undefined],
  ])('moves with %s from %s to %s', (key, from, to) =>
    expect(findKeyTarget(key, series, from, 10)).toBe(to),
  );

  it('ignores all keys while nothing is drawn', () =>
    expect(findKeyTarget('Home', [], null, 1)).toBeUndefined());
});
