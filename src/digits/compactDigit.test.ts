import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDigit, encodeDigit, maxCompactLength } from './compactDigit.ts';

const digits = fc
  .tuple(
    fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 784, maxLength: 784 }),
    fc.boolean(),
  )
  .map(([levels, isSparse]) =>
    Float32Array.from(levels, (level, i) => (isSparse && i % 9 > 0 ? 0 : level / 15)),
  );

describe('a digit as text', () => {
  it('comes back as it was, to 16 gray levels', () => {
    fc.assert(
      fc.property(digits, (pixels) => {
        expect(decodeDigit(encodeDigit(pixels))).toEqual(pixels);
      }),
    );
  });

  it('is never longer than it says', () => {
    const worst = Float32Array.from({ length: 784 }, (_, i) => i % 2);
    expect(encodeDigit(worst).length).toBeLessThanOrEqual(maxCompactLength);
    expect(decodeDigit(encodeDigit(worst))).toEqual(worst);
  });

  it('is short for a digit on black', () => {
    expect(encodeDigit(new Float32Array(784)).length).toBeLessThan(70);
  });

  it('is read in one spelling only', () => {
    const text = encodeDigit(Float32Array.from({ length: 784 }, (_, i) => (i > 300 ? 1 : 0)));
    expect(decodeDigit(text)).toBeDefined();
    for (const other of ['', 'A', `${text}A`, text.slice(0, -1), `${text.slice(0, -1)}*`]) {
      expect(decodeDigit(other)).toBeUndefined();
    }
    // Runs of black in the wrong lengths: the same pixels otherwise.
    expect(decodeDigit('A'.repeat(maxCompactLength))).toBeUndefined();
  });

  it('never throws and never gives anything but 784 levels', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 900 }), (text) => {
        const pixels = decodeDigit(text);
        expect(pixels === undefined || pixels.length === 784).toBe(true);
      }),
    );
  });
});
