import { describe, expect, it } from 'vitest';
import type { GrayImage } from '../../src/digits/grayImage.ts';
import { distort, none } from './distort.ts';

/** A bar of 4 × 20 pixels in the middle of 28 × 28. */
const bar: GrayImage = {
  width: 28,
  height: 28,
  pixels: Float32Array.from({ length: 784 }, (_, i) => {
    const [x, y] = [i % 28, Math.floor(i / 28)];
    return x >= 12 && x < 16 && y >= 4 && y < 24 ? 1 : 0;
  }),
};

/** Extent and middle of the pixels with at least half ink. */
function measure({ width, pixels }: GrayImage) {
  const places = [...pixels.keys()].filter((i) => pixels[i]! >= 0.5);
  const columns = places.map((i) => i % width);
  const rows = places.map((i) => Math.floor(i / width));
  const span = (all: number[]) => {
    const [least, most] = all.reduce(
      ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
      [Infinity, -Infinity],
    );
    return { length: most - least + 1, middle: (most + least + 1 - width) / 2 };
  };
  return { across: span(columns), down: span(rows) };
}

describe('distort', () => {
  it('enlarges ten times', () => {
    const { across, down } = measure(distort(bar, none));
    expect(Math.abs(across.length - 40)).toBeLessThanOrEqual(2);
    expect(Math.abs(down.length - 200)).toBeLessThanOrEqual(2);
    expect(Math.abs(across.middle)).toBeLessThanOrEqual(1);
  });

  it('scales and shifts, in fractions of the image', () => {
    const { across, down } = measure(
      distort(bar, { scale: 1.4, shiftX: 0.2, shiftY: -0.1, growth: 0 }),
    );
    expect(Math.abs(down.length - 280)).toBeLessThanOrEqual(2);
    expect(Math.abs(across.middle - 56)).toBeLessThanOrEqual(1);
    expect(Math.abs(down.middle + 28)).toBeLessThanOrEqual(1);
  });

  it.each([
    [0.5, 50],
    [-0.5, 30],
    [0.2, 44],
  ])('moves outlines by %d pixels of the original', (growth, expected) => {
    const { across } = measure(distort(bar, { ...none, growth }));
    expect(Math.abs(across.length - expected)).toBeLessThanOrEqual(2);
  });
});
