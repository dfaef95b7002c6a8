import { describe, expect, it } from 'vitest';
import { rasterizeStrokes } from './rasterizeStrokes.ts';

const side = 100;
const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);

describe('rasterizeStrokes', () => {
  it('covers the area of a line with round caps', () => {
    const points = [
      { x: 0.2, y: 0.3 },
      { x: 0.7, y: 0.6 },
    ];
    const { pixels } = rasterizeStrokes([{ points, thickness: 0.1 }], side);
    const expected = 10 * side * Math.hypot(0.5, 0.3) + Math.PI * 25;
    expect(sum(pixels) / expected).toBeCloseTo(1, 1);
    expect(pixels[45 * side + 45]).toBe(1);
    expect(pixels[10 * side + 90]).toBe(0);
  });

  it('covers a pixel once where strokes cross or points repeat', () => {
    const points = [
      { x: 0.2, y: 0.5 },
      { x: 0.8, y: 0.5 },
    ];
    const once = rasterizeStrokes([{ points, thickness: 0.05 }], side);
    const doubled = [points[0]!, points[0]!, points[1]!, points[1]!, points[0]!];
    const twice = rasterizeStrokes(
      [
        { points: doubled, thickness: 0.05 },
        { points, thickness: 0.05 },
      ],
      side,
    );
    expect(twice.pixels).toEqual(once.pixels);
  });

  it('draws a single point as a dot', () => {
    const { pixels } = rasterizeStrokes([{ points: [{ x: 0.5, y: 0.5 }], thickness: 0.2 }], side);
    expect(sum(pixels) / (Math.PI * 100)).toBeCloseTo(1, 1);
  });

  it('draws lines thinner than a pixel faintly', () => {
    const points = [
      { x: 0.1, y: 0.505 },
      { x: 0.9, y: 0.505 },
    ];
    const { pixels } = rasterizeStrokes([{ points, thickness: 0.003 }], side);
    expect(pixels[50 * side + 50]).toBeCloseTo(0.3, 2);
  });

  it('cuts off what is outside of the pad and skips points that are not finite', () => {
    const points = [
      { x: -3, y: 0.5 },
      { x: Number.NaN, y: 0 },
      { x: 4, y: 0.5 },
    ];
    const { pixels } = rasterizeStrokes([{ points, thickness: 0.1 }], side);
    expect(sum(pixels) / (10 * side)).toBeCloseTo(1, 2);
    const nothing = rasterizeStrokes([{ points, thickness: Number.NaN }], side);
    expect(sum(nothing.pixels)).toBe(0);
    expect(sum(rasterizeStrokes([{ points: [], thickness: 1 }], side).pixels)).toBe(0);
  });
});
