import { describe, expect, it } from 'vitest';
import { noTransform, transformDigit } from './transform.ts';

function dotAt(column: number, row: number): Float32Array {
  const pixels = new Float32Array(784);
  pixels[row * 28 + column] = 1;
  return pixels;
}

function placeOf(pixels: Float32Array): [number, number] {
  const index = pixels.indexOf(Math.max(...pixels));
  return [index % 28, Math.floor(index / 28)];
}

describe('transformDigit', () => {
  it('leaves a digit alone when nothing is to change', () => {
    const pixels = dotAt(5, 9);
    expect(transformDigit(pixels, noTransform)).toBe(pixels);
  });

  it('shifts to the right and down', () => {
    const moved = transformDigit(dotAt(5, 9), { ...noTransform, shiftX: 3, shiftY: -2 });
    expect(moved).toEqual(dotAt(8, 7));
    const half = transformDigit(dotAt(5, 9), { ...noTransform, shiftX: 0.5 });
    expect([half[9 * 28 + 5], half[9 * 28 + 6]]).toEqual([0.5, 0.5]);
  });

  it('turns clockwise about the middle', () => {
    // Upper middle to the right middle.
    const turned = transformDigit(dotAt(13, 4), { ...noTransform, rotation: 90 });
    expect(placeOf(turned)).toEqual([23, 13]);
  });

  it('thickens and thins by parts of a pixel', () => {
    const thick = transformDigit(dotAt(5, 9), { ...noTransform, thickness: 0.5 });
    expect([thick[9 * 28 + 5], thick[9 * 28 + 6], thick[10 * 28 + 6]]).toEqual([1, 0.5, 0]);
    const thin = transformDigit(dotAt(5, 9), { ...noTransform, thickness: -1 });
    expect(Math.max(...thin)).toBe(0);
  });

  it('adds the same noise each time, within its bounds and those of a pixel', () => {
    const gray = new Float32Array(784).fill(0.5);
    const noisy = transformDigit(gray, { ...noTransform, noise: 0.2 });
    expect(transformDigit(gray, { ...noTransform, noise: 0.2 })).toEqual(noisy);
    const changes = noisy.map((value) => value - 0.5);
    expect(Math.max(...changes)).toBeLessThanOrEqual(0.2001);
    expect(Math.min(...changes)).toBeGreaterThanOrEqual(-0.2001);
    expect(Math.max(...changes)).toBeGreaterThan(0.18);
    const black = transformDigit(new Float32Array(784), { ...noTransform, noise: 0.5 });
    expect(Math.min(...black)).toBe(0);
  });
});
