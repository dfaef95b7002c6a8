import { describe, expect, it } from 'vitest';
import { readDigitImage } from './readDigitImage.ts';

/** A digit of ink in the middle, with noise of up to ε 0.08 around, as an attack leaves it. */
const levels = Uint8Array.from({ length: 784 }, (_, i) => {
  const [row, column] = [Math.floor(i / 28), i % 28];
  const isInk = row > 5 && row < 22 && column > 11 && column < 16;
  return isInk ? 235 + (i % 20) : (i * 7) % 21;
});

function rgbaOf(pixels: Uint8Array, factor = 1, change: (at: number) => number[] = () => []) {
  const side = 28 * factor;
  const rgba = new Uint8ClampedArray(4 * side * side);
  for (let i = 0; i < side * side; i++) {
    const [y, x] = [Math.floor(i / side), i % side];
    const level = pixels[Math.floor(y / factor) * 28 + Math.floor(x / factor)]!;
    rgba.set([level, level, level, 255], 4 * i);
  }
  for (const at of change(rgba.length)) rgba[at]! ^= 1;
  return [rgba, side, side] as const;
}

describe('readDigitImage', () => {
  it.each([1, 2, 20])(
    'takes a gray picture of 28 × 28 pixels as it is, enlarged %d times',
    (factor) => {
      const read = readDigitImage(...rgbaOf(levels, factor));
      expect(Array.from(read!, (value) => Math.round(255 * value))).toEqual([...levels]);
    },
  );

  it('leaves every other picture to normalization', () => {
    const [rgba] = rgbaOf(levels);
    expect(readDigitImage(rgba, 14, 56)).toBeNull();
    expect(readDigitImage(...rgbaOf(levels, 1, () => [0]))).toBeNull(); // not gray
    expect(readDigitImage(...rgbaOf(levels, 1, () => [3]))).toBeNull(); // not opaque
    expect(readDigitImage(...rgbaOf(levels, 2, () => [4, 5, 6]))).toBeNull(); // a square of two levels
    expect(readDigitImage(...rgbaOf(levels.map((level) => 255 - level)))).toBeNull(); // dark on light
    expect(readDigitImage(...rgbaOf(new Uint8Array(784)))).toBeNull(); // nothing on it
    expect(readDigitImage(new Uint8ClampedArray(4 * 900), 30, 30)).toBeNull();
  });
});
