import { describe, expect, it } from 'vitest';
import { fromFloat16Bits, toFloat16Bits } from './float16.ts';

/** All patterns of finite, not negative numbers, in rising order: 0 to 65504. */
const finite = Array.from({ length: 0x7c00 }, (_, bits) => bits);

describe('half precision', () => {
  it.each([
    [0x0000, 0],
    [0x0001, 2 ** -24],
    [0x03ff, 1023 * 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x3c00, 1],
    [0x3c01, 1 + 2 ** -10],
    [0xc000, -2],
    [0x7bff, 65504],
    [0xfbff, -65504],
  ])('holds the standard’s example 0x%s as %s', (bits, value) => {
    expect(fromFloat16Bits(bits)).toBe(value);
    expect(toFloat16Bits(value)).toBe(bits);
  });

  it('represents every half-precision number exactly, and the sign of zero', () => {
    const signed = finite.flatMap((bits) => [bits, bits | 0x8000]);
    expect(signed.map((bits) => toFloat16Bits(fromFloat16Bits(bits)))).toEqual(signed);
    expect(Object.is(fromFloat16Bits(0x8000), -0)).toBe(true);
  });

  it('rounds to the nearest number, and halfway cases to the even one, between all neighbors', () => {
    const wrong = finite.slice(0, -1).filter((bits) => {
      const low = fromFloat16Bits(bits);
      const high = fromFloat16Bits(bits + 1);
      const half = (low + high) / 2;
      // Single precision has 13 more bits, so it can represent the step beside the halfway point.
      const beside = (high - low) / 2 ** 12;
      const even = bits % 2 === 0 ? bits : bits + 1;
      const found = [half, -half, half - beside, half + beside].map(toFloat16Bits);
      return found.join() !== [even, even | 0x8000, bits, bits + 1].join();
    });
    expect(wrong).toEqual([]);
  });

  it('rounds numbers below half of its smallest step to zero', () => {
    expect(toFloat16Bits(2 ** -25)).toBe(0);
    expect(toFloat16Bits(Math.fround(2 ** -25 * 1.001))).toBe(1);
    expect(toFloat16Bits(-(2 ** -149))).toBe(0x8000);
  });

  it('refuses NaN and numbers that would become infinite', () => {
    expect(toFloat16Bits(Math.fround(65_519))).toBe(0x7bff);
    for (const value of [65_520, -65_520, 1e38, Infinity, -Infinity, NaN]) {
      expect(() => toFloat16Bits(value)).toThrow(RangeError);
    }
  });

  it('reads infinities and NaN', () => {
    expect(fromFloat16Bits(0x7c00)).toBe(Infinity);
    expect(fromFloat16Bits(0xfc00)).toBe(-Infinity);
    expect(fromFloat16Bits(0x7e00)).toBeNaN();
  });
});
