import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../domain/errors.ts';
import { makeChunk, makePng, makePngOf } from '../testing/makeArrays.ts';
import { readPicture, sizeOfPng } from './picture.ts';

/** The header of a picture of 28 × 28 pixels. */
const header = ({ depth = 8, colorType = 0, interlace = 0, width = 28 } = {}) =>
  makeChunk('IHDR', Uint8Array.of(0, 0, 0, width, 0, 0, 0, 28, depth, colorType, 0, 0, interlace));
const pixels = Uint8Array.from({ length: 784 }, (_, i) => i % 256);
/** A byte for the filter in front of each row. */
const raw = Uint8Array.from({ length: 28 * 29 }, (_, i) =>
  i % 29 === 0 ? 0 : pixels[28 * Math.floor(i / 29) + (i % 29) - 1]!,
);
const data = makeChunk('IDAT', deflateSync(raw));
const read = (...chunks: Uint8Array[]) => readPicture(makePngOf(...chunks), 'a.png');

describe('a PNG picture', () => {
  it('is read without a profile beside its pixels, which is never decompressed', () => {
    const profile = new TextEncoder().encode('name\0\0not compressed');
    expect(read(header(), makeChunk('iCCP', profile), data).pixels).toEqual(pixels);
  });

  it('with colors is read by them, and not by the palette that it suggests', () => {
    const rgb = Uint8Array.from({ length: 28 * 85 }, (_, i) => (i % 85 === 0 ? 0 : 90));
    const palette = makeChunk('PLTE', Uint8Array.of(1, 2, 3));
    const picture = read(header({ colorType: 2 }), palette, makeChunk('IDAT', deflateSync(rgb)));
    expect(picture.pixels).toEqual(new Uint8Array(784).fill(90));
  });

  it('with its pixels in several parts and some bytes behind them is read', () => {
    const packed = deflateSync(Buffer.concat([raw, new Uint8Array(5)]));
    const parts = [packed.subarray(0, 9), packed.subarray(9)];
    expect(read(header(), ...parts.map((part) => makeChunk('IDAT', part))).pixels).toEqual(pixels);
  });

  it('that is interlaced is read', () => {
    const sizes = [
      [4, 4],
      [3, 4],
      [7, 3],
      [7, 7],
      [14, 7],
      [14, 14],
      [28, 14],
    ] as const;
    const rows = sizes.flatMap(([width, height]) =>
      new Array<Uint8Array>(height).fill(Uint8Array.of(0, ...new Uint8Array(width).fill(90))),
    );
    const idat = makeChunk('IDAT', deflateSync(Buffer.concat(rows)));
    expect(read(header({ interlace: 1 }), idat).pixels).toEqual(new Uint8Array(784).fill(90));
  });

  it.each([1, 2, 4])('with %i bits a pixel is read', (depth) => {
    const rowBytes = (28 * depth) / 8 + (depth === 1 ? 0.5 : 0);
    const white = Uint8Array.from({ length: 28 * (1 + rowBytes) }, (_, i) =>
      i % (1 + rowBytes) === 0 ? 0 : 255,
    );
    const idat = makeChunk('IDAT', deflateSync(white));
    expect(read(header({ depth }), idat).pixels).toEqual(new Uint8Array(784).fill(255));
  });

  const palette = makeChunk('PLTE', new Uint8Array(9));
  it.each<[string, Uint8Array[]]>([
    [
      'with more pixels than its header says',
      [header(), makeChunk('IDAT', deflateSync(new Uint8Array(6e7)))],
    ],
    ['with fewer', [header(), makeChunk('IDAT', deflateSync(raw.subarray(0, -1)))]],
    [
      'that is stored in parts without an end',
      [header(), makeChunk('IDAT', deflateSync(raw).subarray(0, 20))],
    ],
    ['without pixels', [header()]],
    ['whose header is not first', [makeChunk('gAMA', new Uint8Array(4)), header(), data]],
    ['whose header is too long', [makeChunk('IHDR', new Uint8Array(14).fill(8)), data]],
    ['with a second header', [header(), header({ width: 255 }), data]],
    [
      'of very many chunks',
      [header(), ...new Array<Uint8Array>(20_000).fill(makeChunk('tEXt', new Uint8Array(0))), data],
    ],
    ['with a width of 0', [header({ width: 0 }), data]],
    ['with 3 bits', [header({ depth: 3 }), data]],
    [
      'with a palette too long',
      [header({ colorType: 3 }), makeChunk('PLTE', new Uint8Array(771)), data],
    ],
    ['with colors beyond its palette', [header({ colorType: 3 }), palette, data]],
    ['with a palette that is missing', [header({ colorType: 3 }), data]],
    ['that is interlaced with 1 bit', [header({ depth: 1, interlace: 1 }), data]],
  ])('%s is refused', (_, chunks) => {
    expect(() => read(...chunks)).toThrow(LabError);
  });

  it('is refused wherever it is cut or changed', () => {
    const whole = makePng(pixels);
    for (let at = 0; at < whole.length; at++) {
      expect(() => readPicture(whole.subarray(0, at), 'a.png')).toThrow(LabError);
      const changed = whole.slice();
      changed[at]! ^= 0x41;
      try {
        expect(readPicture(changed, 'a.png').pixels).toEqual(pixels);
      } catch (error) {
        expect(error).toBeInstanceOf(LabError);
      }
    }
  });

  it('has the size that its header says', () => {
    expect(sizeOfPng(makePngOf(header({ width: 30 })), 'a.png')).toMatchObject({
      rows: 28,
      columns: 30,
    });
    expect(() => sizeOfPng(makePngOf(data, header()), 'a.png')).toThrow(LabError);
  });
});
