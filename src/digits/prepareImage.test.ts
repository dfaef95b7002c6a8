import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GrayImage } from './grayImage.ts';
import { normalizeDigit } from './normalizeDigit.ts';
import { prepareImage } from './prepareImage.ts';
import { rasterizeStrokes, type Stroke } from './rasterizeStrokes.ts';

const side = 300;
/** A 7 without symmetry, well inside the picture. */
const seven: Stroke = {
  points: [
    { x: 0.3, y: 0.25 },
    { x: 0.65, y: 0.25 },
    { x: 0.45, y: 0.75 },
  ],
  thickness: 0.06,
};
const ink = rasterizeStrokes([seven], side);
const expected = inputOf(ink);

function inputOf(image: GrayImage): Float32Array {
  const result = normalizeDigit(image);
  if (result.kind === 'empty') throw new Error(result.reason);
  return result.pixels;
}

/** Cosine of the angle between two inputs. */
function similarity(a: Float32Array, b: Float32Array): number {
  const dot = (u: Float32Array, v: Float32Array) => u.reduce((sum, x, i) => sum + x * v[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** A gray picture; `light` gives 0 to 1 from the ink and the position as fractions of the sides. */
function picture(
  light: (ink: number, x: number, y: number) => number,
  { pixels, width, height }: GrayImage = ink,
): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(4 * width * height);
  pixels.forEach((value, i) => {
    const level = 255 * light(value, (i % width) / width, Math.floor(i / width) / height);
    rgba.set([level, level, level, 255], 4 * i);
  });
  return rgba;
}

/** Reproducible grain, −1 to 1. */
function grainAt(x: number, y: number): number {
  const wave = Math.sin(x * 91_331 + y * 47_717) * 43_758.5453;
  return 2 * (wave - Math.floor(wave)) - 1;
}

const inkAndLight: readonly [string, Parameters<typeof picture>[0]][] = [
  ['dark ink on white', (value) => 1 - value],
  ['light ink on black', (value) => value],
  [
    'a photo in uneven light, with grain',
    (value, x, y) => (0.8 - 0.4 * x - 0.1 * y) * (1 - 0.7 * value) + 0.03 * grainAt(x, y),
  ],
  ['pencil', (value, x) => (0.85 - 0.2 * x) * (1 - 0.25 * value)],
  [
    'chalk on an uneven board',
    (value, x, y) => 0.15 + 0.1 * x + (0.6 - 0.2 * y) * value + 0.02 * grainAt(x, y),
  ],
];

describe('prepareImage', () => {
  it.each(inkAndLight)('finds the digit in %s', (_, light) => {
    const prepared = prepareImage(picture(light), side, side);
    expect(similarity(expected, inputOf(prepared))).toBeGreaterThan(0.95);
  });

  it.each([
    ['dark', 0],
    ['light', 255],
  ])('finds %s ink on a transparent background', (_, level) => {
    const rgba = new Uint8ClampedArray(4 * side * side);
    ink.pixels.forEach((value, i) => rgba.set([level, level, level, 255 * value], 4 * i));
    expect(similarity(expected, inputOf(prepareImage(rgba, side, side)))).toBeGreaterThan(0.95);
  });

  it('removes specks and the edge of the paper', () => {
    const light = (value: number, x: number, y: number): number => {
      if (x > 0.93) return 0.1;
      if (Math.hypot(x - 0.1, y - 0.9) < 0.01) return 0;
      return 1 - value;
    };
    const prepared = prepareImage(picture(light), side, side);
    expect(similarity(expected, inputOf(prepared))).toBeGreaterThan(0.95);
  });

  it('keeps both strokes of a digit if they do not touch', () => {
    const strokes: Stroke[] = [
      { points: [{ x: 0.3, y: 0.3 }, { x: 0.3, y: 0.5 }], thickness: 0.06 }, // oxfmt-ignore
      { points: [{ x: 0.6, y: 0.2 }, { x: 0.6, y: 0.8 }], thickness: 0.06 }, // oxfmt-ignore
    ];
    const four = rasterizeStrokes(strokes, side);
    const prepared = prepareImage(
      picture((value) => 1 - value, four),
      side,
      side,
    );
    expect(similarity(inputOf(four), inputOf(prepared))).toBeGreaterThan(0.95);
  });

  it('shrinks 20 megapixels in bounded time', () => {
    const [width, height] = [5000, 4000];
    const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
    for (let y = 800; y < 3200; y++) {
      rgba.fill(30, 4 * (y * width + 2400), 4 * (y * width + 2700));
    }
    // This fills the opacity too, so a little of the backdrop shows through; that hardly matters.
    const start = performance.now();
    const prepared = prepareImage(rgba, width, height);
    expect(performance.now() - start).toBeLessThan(3000);
    expect([prepared.width, prepared.height]).toEqual([256, 205]);
    const result = normalizeDigit(prepared);
    expect(result.kind === 'digit' && result.steps.scaled.height).toBe(20);
  });

  it.each([
    ['white', () => 1],
    ['black', () => 0],
    ['a slope of light', (_: number, x: number) => 0.2 + 0.6 * x],
    ['grain', (_: number, x: number, y: number) => 0.5 + 0.02 * grainAt(x, y)],
  ])('finds nothing in %s', (_, light) => {
    const prepared = prepareImage(picture(light), side, side);
    expect(normalizeDigit(prepared).kind).toBe('empty');
  });

  it('returns values from 0 to 1 for any picture', () => {
    const size = fc.integer({ min: 0, max: 24 });
    const any = fc
      .tuple(size, size)
      .chain(([width, height]) =>
        fc
          .uint8ClampedArray({ minLength: 4 * width * height, maxLength: 4 * width * height })
          .map((rgba) => ({ rgba, width, height })),
      );
    fc.assert(
      fc.property(any, ({ rgba, width, height }) => {
        const { pixels } = prepareImage(rgba, width, height);
        expect(pixels.every((value) => value >= 0 && value <= 1)).toBe(true);
      }),
    );
  });
});
