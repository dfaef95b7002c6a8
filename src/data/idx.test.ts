import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../domain/errors.ts';
import { parseIdxArray, parseIdxImages, parseIdxLabels, transposeImages } from './idx.ts';
import { encodeIdx } from './testing/encodeIdx.ts';

const twoImages = encodeIdx([2, 1, 3], [1, 2, 3, 4, 5, 255]);

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).code).toBe('data-corrupt');
    return (error as LabError).message;
  }
  throw new Error('Nothing was thrown.');
}

describe('parseIdxImages', () => {
  it('reads count, rows, columns and pixels', () => {
    expect(parseIdxImages(twoImages)).toEqual({
      count: 2,
      rows: 1,
      columns: 3,
      pixels: Uint8Array.of(1, 2, 3, 4, 5, 255),
    });
  });

  it('reads a file inside a larger buffer', () => {
    const larger = new Uint8Array(twoImages.length + 5);
    larger.set(twoImages, 3);
    expect(parseIdxImages(larger.subarray(3, -2))).toEqual(parseIdxImages(twoImages));
  });

  it.each([
    ['an empty file', new Uint8Array(), 'expected a header of 16 bytes, found 0 bytes in all'],
    ['a cut header', twoImages.subarray(0, 15), 'found 15 bytes in all'],
    [
      'missing pixels',
      twoImages.subarray(0, -1),
      'expected 2 × 1 × 3 = 6 bytes after its header, found 5',
    ],
    ['too many pixels', Uint8Array.of(...twoImages, 0), 'found 7'],
    [
      'text',
      new TextEncoder().encode('<!doctype html><html>'),
      'expected the magic number 00000803, found 3c21646f',
    ],
    ['gzip', Uint8Array.of(0x1f, 0x8b, ...twoImages), 'found 1f8b0000'],
    ['an unknown element type', encodeIdx([2, 1, 3], [1, 2, 3, 4, 5, 6], 0x0a), 'found 00000a03'],
    [
      'floats',
      encodeIdx([1, 1, 1], [0, 0, 0, 0], 0x0d),
      'expected unsigned bytes, found 32-bit floats',
    ],
    [
      'labels',
      encodeIdx([12], new Array<number>(12).fill(0)),
      'expected 3 dimensions (images, rows, columns), found 1',
    ],
    ['no images', encodeIdx([0, 28, 28], []), 'expected at least one of its images, found none'],
    ['no columns', encodeIdx([5, 28, 0], []), 'expected at least one of its columns, found none'],
    [
      'sizes whose product overflows 32 bits to 0',
      encodeIdx([0x10000, 0x10000, 1], []),
      '= 4294967296 bytes',
    ],
    ['the largest sizes', encodeIdx([0xffffffff, 0xffffffff, 0xffffffff], [1]), 'found 1'],
  ])('refuses %s', (_, bytes, expected) => {
    const message = refusal(() => parseIdxImages(bytes, 'my-images'));
    expect(message).toMatch(/^my-images is not the IDX file it should be: /);
    expect(message).toContain(expected);
  });

  it('reads any encoded images back', () => {
    const size = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(
        size,
        size,
        size,
        fc.infiniteStream(fc.nat(255)),
        (count, rows, columns, bytes) => {
          const pixels = [...bytes.take(count * rows * columns)];
          const parsed = parseIdxImages(encodeIdx([count, rows, columns], pixels));
          expect(parsed).toEqual({ count, rows, columns, pixels: Uint8Array.from(pixels) });
        },
      ),
    );
  });

  it('either reads the whole file or throws a LabError, for any bytes', () => {
    const header = fc.constantFrom([0, 0, 8, 3], [0, 0, 8, 1], [0, 0, 13, 3]);
    const sizes = fc.array(fc.constantFrom(0, 1, 2, 255), { minLength: 12, maxLength: 12 });
    const rest = fc.array(fc.nat(255), { maxLength: 40 });
    fc.assert(
      fc.property(fc.oneof(header, rest), sizes, rest, (magic, dimensions, data) => {
        const bytes = Uint8Array.from([...magic, ...dimensions, ...data]);
        try {
          const { count, rows, columns, pixels } = parseIdxImages(bytes);
          expect(pixels.length).toBe(count * rows * columns);
          expect(pixels.length).toBe(bytes.length - 16);
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
        }
      }),
    );
  });
});

describe('parseIdxLabels', () => {
  it('reads labels', () => {
    expect(parseIdxLabels(encodeIdx([4], [7, 2, 1, 0]))).toEqual(Uint8Array.of(7, 2, 1, 0));
  });

  it('either reads the whole file or throws a LabError, for any bytes', () => {
    const header = fc.constantFrom([0, 0, 8, 1], [0, 0, 8, 3], [0, 0, 9, 1]);
    const size = fc.array(fc.constantFrom(0, 1, 5, 255), { minLength: 4, maxLength: 4 });
    const rest = fc.array(fc.nat(255), { maxLength: 10 });
    fc.assert(
      fc.property(fc.oneof(header, rest), size, rest, (magic, length, data) => {
        const bytes = Uint8Array.from([...magic, ...length, ...data]);
        try {
          expect(parseIdxLabels(bytes).length).toBe(bytes.length - 8);
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
        }
      }),
    );
  });

  it('refuses images and truncated labels', () => {
    expect(refusal(() => parseIdxLabels(twoImages))).toContain(
      'expected 1 dimension (labels), found 3',
    );
    expect(refusal(() => parseIdxLabels(encodeIdx([5], [1, 2])))).toContain(
      'expected 5 bytes after its header, found 2',
    );
  });
});

describe('parseIdxArray', () => {
  it.each([
    [0x08, [1, 200], [1, 200]],
    [0x09, [1, 200], [1, -56]],
    [0x0b, [1, 2, 255, 255], [258, -1]],
    [0x0c, [0, 0, 1, 2, 255, 255, 255, 255], [258, -1]],
    [0x0d, [0x3f, 0x80, 0, 0, 0xbf, 0, 0, 0], [1, -0.5]],
    [0x0e, [0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0xbf, 0xe0, 0, 0, 0, 0, 0, 0], [1, -0.5]],
  ])('reads elements of type %i', (type, bytes, values) => {
    const array = parseIdxArray(encodeIdx([2, 1], bytes, type), 'a');
    expect(array).toMatchObject({ name: 'a', shape: [2, 1] });
    expect([...array.values]).toEqual(values);
  });

  it.each([
    ['an empty file', new Uint8Array(), 'expected a header of 8 bytes, found 0 bytes in all'],
    ['a cut header', twoImages.subarray(0, 15), 'a header of 16 bytes, found 15 bytes in all'],
    ['five dimensions', encodeIdx([1, 1, 1, 1, 1], [1]), '00000801 or 00000803, found 00000805'],
    ['no dimension', Uint8Array.of(0, 0, 8, 0, 0, 0, 0, 0), 'found 00000800'],
    ['no pixels', encodeIdx([5, 28, 0], []), 'expected at least one of its pixels, found none'],
    ['no labels', encodeIdx([0], []), 'expected at least one of its labels, found none'],
    ['missing numbers', encodeIdx([3], [0, 0], 0x0c), '3 × 4 = 12 bytes after its header, found 2'],
  ])('refuses %s, and does not ask for bytes or an uncompressed file', (_, bytes, expected) => {
    expect(refusal(() => parseIdxArray(bytes, 'a'))).toContain(expected);
    const remedy = expect.stringMatching(/gzipped or not/) as string;
    expect(() => parseIdxArray(bytes, 'a')).toThrow(expect.objectContaining({ remedy }) as Error);
  });
});

describe('transposeImages', () => {
  it('exchanges rows and columns of each image, and does not change its input', () => {
    const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16);
    const images = { count: 2, rows: 2, columns: 3, pixels };
    const transposed = transposeImages(images);
    expect(transposed).toEqual({
      count: 2,
      rows: 3,
      columns: 2,
      pixels: Uint8Array.of(1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16),
    });
    expect(pixels[1]).toBe(2);
    expect(transposeImages(transposed)).toEqual(images);
  });
});
