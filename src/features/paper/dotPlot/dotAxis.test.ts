import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBeyond, makeCleanAxis, placeOn, wholeAxis } from './dotAxis.ts';

const rates = fc.double({ min: 0, max: 1, noNaN: true });

describe('makeCleanAxis', () => {
  it('holds all published and reproduced values, with ticks that do not touch', () => {
    fc.assert(
      fc.property(fc.array(rates, { minLength: 1 }), fc.array(rates), (values, own) => {
        const axis = makeCleanAxis(values, own);
        for (const value of values) expect(isBeyond(axis, value)).toBe(false);
        for (const value of [...values, ...own]) {
          expect(placeOn(axis, value)).toBeGreaterThanOrEqual(0);
          expect(placeOn(axis, value)).toBeLessThanOrEqual(1);
        }
        const places = axis.ticks.map((tick) => placeOn(axis, tick));
        for (const [index, at] of places.entries()) {
          if (index > 0) expect(at - places[index - 1]!).toBeGreaterThan(0.14);
        }
      }),
    );
  });

  it('extends to the user’s runs that are near and leaves those far off at its end', () => {
    const axis = makeCleanAxis([0.0078, 0.016], [0.03, 0.9]);
    expect(isBeyond(axis, 0.03)).toBe(false);
    expect(isBeyond(axis, 0.9)).toBe(true);
    expect(placeOn(axis, 0.9)).toBe(1);
    expect(placeOn(axis, 0.0078)).toBeGreaterThan(0);
    expect(axis.ticks.length).toBeGreaterThan(3);
  });

  it('shows equal ratios as equal distances', () => {
    const axis = makeCleanAxis([0.005, 0.04], []);
    const gap = (a: number, b: number): number => placeOn(axis, b) - placeOn(axis, a);
    expect(gap(0.005, 0.01)).toBeCloseTo(gap(0.02, 0.04));
  });
});

it('uses a linear axis under attack', () => {
  expect(placeOn(wholeAxis, 0.25)).toBe(0.25);
});
