import { describe, expect, it } from 'vitest';
import { findVerticalAxis, makeLogTicks, makeTicks, ticksOf } from './axes.ts';
import { makeTestSeries } from './testing/makeTestSeries.ts';

describe('makeTicks', () => {
  it.each([
    [0.05, [0, 0.01, 0.02, 0.03, 0.04, 0.05]],
    [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [4.2, [0, 1, 2, 3, 4, 5]],
    [50, [0, 10, 20, 30, 40, 50]],
  ])('chooses round ticks up to %d', (largest, ticks) => expect(makeTicks(largest)).toEqual(ticks));
});

describe('makeLogTicks', () => {
  it('labels more than powers of ten on a short axis', () =>
    expect(makeLogTicks(0.02, 1)).toEqual([0.02, 0.05, 0.1, 0.2, 0.5, 1]));
  it('labels only powers of ten on a long axis', () =>
    expect(makeLogTicks(1e-4, 1)).toEqual([1e-4, 1e-3, 0.01, 0.1, 1]));
});

describe('findVerticalAxis', () => {
  const falling = makeTestSeries([0.9, ...Array.from({ length: 40 }, () => 0.03)]);
  const linear = { isLogarithmic: false, smallest: 1e-4, largest: 1 };

  it('cuts off a start that is far above the rest and says so', () => {
    expect(findVerticalAxis([falling], linear)).toMatchObject({ top: 0.04, isCut: true });
  });

  it('keeps a start that is not far above the rest', () => {
    const flat = makeTestSeries(Array.from({ length: 40 }, () => 0.7));
    expect(findVerticalAxis([falling, flat], linear)).toMatchObject({ top: 1, isCut: false });
  });

  it('cuts off nothing while there are few points', () => {
    const axis = findVerticalAxis([makeTestSeries([0.9, 0.1])], linear);
    expect(axis).toMatchObject({ top: 1, isCut: false });
  });

  it('has ticks even without points', () => {
    expect(ticksOf(findVerticalAxis([], { ...linear, isLogarithmic: true }))).toContain(1);
  });

  it('surrounds the values on a logarithmic scale and treats zero as the smallest value', () => {
    const axis = findVerticalAxis([makeTestSeries([0.6, 0])], { ...linear, isLogarithmic: true });
    expect(axis).toMatchObject({ isLogarithmic: true, floor: 1e-4, top: 1 });
  });
});
