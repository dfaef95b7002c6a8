import { cleanName } from '../domain/cleanName.ts';
import { LabError } from '../domain/errors.ts';
import { type DataArray, type ElementType, numbersOf, sizeOf } from './custom/dataArray.ts';

/** Element types of the IDX format, by the third byte of the magic number. */
const elementTypes: Readonly<Record<number, string>> = {
  0x08: 'unsigned bytes',
  0x09: 'signed bytes',
  0x0b: '16-bit integers',
  0x0c: '32-bit integers',
  0x0d: '32-bit floats',
  0x0e: '64-bit floats',
};
const unsignedByte = 0x08;

/** Gray images: [count × rows × columns] bytes, row by row. */
export interface IdxImages {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** A view of the file's bytes. */
  readonly pixels: Uint8Array;
}

function corrupt(name: string, expected: string, found: string): LabError {
  return new LabError(
    'data-corrupt',
    `${cleanName(name, 200)} is not the IDX file it should be: expected ${expected}, found ${found}.`,
    'Use an uncompressed IDX file in the layout of MNIST (magic number, big-endian sizes, unsigned bytes).',
  );
}

/**
 * Reads an IDX file of unsigned bytes (the layout of MNIST's original files): two zero bytes, the
 * element type, the number of dimensions, each dimension's size as a big-endian 32-bit integer, and
 * exactly as many elements as their product.
 *
 * @throws LabError `data-corrupt` for anything else
 */
function parseIdx(
  bytes: Uint8Array,
  name: string,
  dimensions: readonly string[],
): { sizes: number[]; elements: Uint8Array } {
  const headerLength = 4 + 4 * dimensions.length;
  if (bytes.length < headerLength) {
    throw corrupt(name, `a header of ${headerLength} bytes`, `${bytes.length} bytes in all`);
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerLength);
  const magic = header.getUint32(0);
  const elementType = header.getUint8(2);
  if (header.getUint16(0) !== 0 || !(elementType in elementTypes)) {
    const found = magic.toString(16).padStart(8, '0');
    const expected = (unsignedByte * 256 + dimensions.length).toString(16).padStart(8, '0');
    throw corrupt(name, `the magic number ${expected}`, found);
  }
  if (elementType !== unsignedByte) {
    throw corrupt(name, elementTypes[unsignedByte]!, elementTypes[elementType]!);
  }
  if (header.getUint8(3) !== dimensions.length) {
    throw corrupt(
      name,
      `${dimensions.length} dimension${dimensions.length === 1 ? '' : 's'} (${dimensions.join(', ')})`,
      String(header.getUint8(3)),
    );
  }
  const sizes = dimensions.map((_, i) => header.getUint32(4 + 4 * i));
  const zero = sizes.indexOf(0);
  if (zero >= 0) throw corrupt(name, `at least one of its ${dimensions[zero]!}`, 'none');
  // Beyond 2⁵³ the product is rounded, but no real length is near that, so the lengths still differ.
  const expectedLength = sizes.reduce((product, size) => product * size, 1);
  if (bytes.length - headerLength !== expectedLength) {
    throw corrupt(
      name,
      `${sizes.length > 1 ? `${sizes.join(' × ')} = ` : ''}${expectedLength} bytes after its header`,
      `${bytes.length - headerLength}`,
    );
  }
  return { sizes, elements: bytes.subarray(headerLength) };
}

const typeNames: Readonly<Record<number, ElementType>> = {
  0x08: 'u1',
  0x09: 'i1',
  0x0b: 'i2',
  0x0c: 'i4',
  0x0d: 'f4',
  0x0e: 'f8',
};

/** Whether bytes start like an IDX file. */
export function isIdx(start: Uint8Array): boolean {
  return (
    start.length > 4 &&
    start[0] === 0 &&
    start[1] === 0 &&
    start[2]! in typeNames &&
    start[3]! > 0 &&
    start[3]! < 5
  );
}

/**
 * Reads an IDX file of any element type and one to four dimensions.
 *
 * @throws LabError `data-corrupt` for anything else
 */
export function parseIdxArray(bytes: Uint8Array, name: string): DataArray {
  if (bytes.length < 8) throw corrupt(name, 'a header of 8 bytes', `${bytes.length} bytes in all`);
  if (!isIdx(bytes)) {
    const found = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0'));
    throw corrupt(name, 'the magic number 00000801 or 00000803', found.join(''));
  }
  const [type, dimensions] = [typeNames[bytes[2]!]!, bytes[3]!];
  const headerLength = 4 + 4 * dimensions;
  if (bytes.length < headerLength) {
    throw corrupt(name, `a header of ${headerLength} bytes`, `${bytes.length} bytes in all`);
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, headerLength);
  const shape = Array.from({ length: dimensions }, (_, i) => header.getUint32(4 + 4 * i));
  if (shape.includes(0)) {
    const what = shape[0] === 0 ? (dimensions === 1 ? 'labels' : 'images') : 'pixels';
    throw corrupt(name, `at least one of its ${what}`, 'none');
  }
  const size = sizeOf(type);
  // Beyond 2⁵³ the product is rounded, but no real length is near that, so the lengths still differ.
  const expected = shape.reduce((product, one) => product * one, size);
  const found = bytes.length - headerLength;
  if (found !== expected) {
    const factors = size > 1 ? [...shape, size] : shape;
    const product = factors.length > 1 ? `${factors.join(' × ')} = ` : '';
    throw corrupt(name, `${product}${expected} bytes after its header`, String(found));
  }
  return { name, shape, values: numbersOf(bytes.subarray(headerLength), type, false) };
}

/** @throws LabError `data-corrupt` if the bytes are not exactly an IDX file of gray images */
export function parseIdxImages(bytes: Uint8Array, name = 'The image file'): IdxImages {
  const { sizes, elements } = parseIdx(bytes, name, ['images', 'rows', 'columns']);
  const [count, rows, columns] = sizes as [number, number, number];
  return { count, rows, columns, pixels: elements };
}

/**
 * Labels, one byte each, as a view of the file's bytes.
 *
 * @throws LabError `data-corrupt` if the bytes are not exactly an IDX file of labels
 */
export function parseIdxLabels(bytes: Uint8Array, name = 'The label file'): Uint8Array {
  return parseIdx(bytes, name, ['labels']).elements;
}

/** A copy of the images with rows and columns exchanged. */
export function transposeImages({ count, rows, columns, pixels }: IdxImages): IdxImages {
  const transposed = new Uint8Array(pixels.length);
  for (let i = 0; i < count; i++) {
    const first = i * rows * columns;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        transposed[first + column * rows + row] = pixels[first + row * columns + column]!;
      }
    }
  }
  return { count, rows: columns, columns: rows, pixels: transposed };
}
