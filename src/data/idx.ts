import { cleanName } from '../domain/cleanName.ts';
import { LabError } from '../domain/errors.ts';
import { type DataArray, type ElementType, numbersOf, sizeOf } from './custom/dataArray.ts';

/** Element types of the IDX format, by the third byte of the magic number. */
const elementTypes: Readonly<Record<number, { type: ElementType; words: string }>> = {
  0x08: { type: 'u1', words: 'unsigned bytes' },
  0x09: { type: 'i1', words: 'signed bytes' },
  0x0b: { type: 'i2', words: '16-bit integers' },
  0x0c: { type: 'i4', words: '32-bit integers' },
  0x0d: { type: 'f4', words: '32-bit floats' },
  0x0e: { type: 'f8', words: '64-bit floats' },
};
const unsignedByte = 0x08;
const maxDimensions = 4;

/** Gray images: [count × rows × columns] bytes, row by row. */
export interface IdxImages {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** A view of the file's bytes. */
  readonly pixels: Uint8Array;
}

interface Layout {
  /** What its sizes count; null for one to four dimensions of anything. */
  readonly dimensions: readonly string[] | null;
  readonly remedy: string;
}

const anyLayout: Layout = {
  dimensions: null,
  remedy:
    'Use an IDX file, gzipped or not: a magic number, big-endian sizes, and as many numbers as they say.',
};

/** The layout of MNIST's original files, uncompressed. */
function mnistLayout(...dimensions: string[]): Layout {
  const remedy =
    'Use an uncompressed IDX file in the layout of MNIST (magic number, big-endian sizes, unsigned bytes).';
  return { dimensions, remedy };
}

/** Whether bytes start like an IDX file. */
export function isIdx(start: Uint8Array): boolean {
  return (
    start.length > 4 &&
    start[0] === 0 &&
    start[1] === 0 &&
    start[2]! in elementTypes &&
    start[3]! > 0 &&
    start[3]! <= maxDimensions
  );
}

/**
 * Reads an IDX file: two zero bytes, the element type, the number of dimensions, each dimension's size as a big-endian
 * 32-bit integer, and exactly as many elements as their product.
 *
 * @throws LabError `data-corrupt` for anything else, and for another layout
 */
function parseIdx(
  bytes: Uint8Array,
  name: string,
  { dimensions, remedy }: Layout,
): { type: ElementType; shape: number[]; elements: Uint8Array } {
  const corrupt = (expected: string, found: string): LabError => {
    const file = cleanName(name, 200);
    const message = `${file} is not the IDX file it should be: expected ${expected}, found ${found}.`;
    return new LabError('data-corrupt', message, remedy);
  };
  const assertHeader = (length: number): void => {
    if (bytes.length < length)
      throw corrupt(`a header of ${length} bytes`, `${bytes.length} bytes in all`);
  };
  assertHeader(4 + 4 * (dimensions?.length ?? 1));
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const element = elementTypes[bytes[2]!];
  const count = bytes[3]!;
  if (header.getUint16(0) !== 0 || element === undefined || !(dimensions || isIdx(bytes))) {
    const hex = (magic: number) => magic.toString(16).padStart(8, '0');
    const expected = (dimensions ? [dimensions.length] : [1, 3])
      .map((length) => hex(unsignedByte * 256 + length))
      .join(' or ');
    throw corrupt(`the magic number ${expected}`, hex(header.getUint32(0)));
  }
  if (dimensions && bytes[2] !== unsignedByte)
    throw corrupt(elementTypes[unsignedByte]!.words, element.words);
  if (dimensions && count !== dimensions.length) {
    const plural = dimensions.length === 1 ? '' : 's';
    const expected = `${dimensions.length} dimension${plural} (${dimensions.join(', ')})`;
    throw corrupt(expected, String(count));
  }
  const headerLength = 4 + 4 * count;
  assertHeader(headerLength);
  const shape = Array.from({ length: count }, (_, i) => header.getUint32(4 + 4 * i));
  const zero = shape.indexOf(0);
  if (zero >= 0) {
    const counted = dimensions ?? (count === 1 ? ['labels'] : ['images', 'pixels']);
    throw corrupt(`at least one of its ${counted[zero] ?? counted.at(-1)!}`, 'none');
  }
  const size = sizeOf(element.type);
  const factors = size > 1 ? [...shape, size] : shape;
  // Beyond 2⁵³ the product is rounded, but no real length is near that, so the lengths still differ.
  const expected = factors.reduce((product, factor) => product * factor, 1);
  const found = bytes.length - headerLength;
  if (found !== expected) {
    const product = factors.length > 1 ? `${factors.join(' × ')} = ` : '';
    throw corrupt(`${product}${expected} bytes after its header`, String(found));
  }
  return { type: element.type, shape, elements: bytes.subarray(headerLength) };
}

/**
 * Reads an IDX file of any element type and one to four dimensions.
 *
 * @throws LabError `data-corrupt` for anything else
 */
export function parseIdxArray(bytes: Uint8Array, name: string): DataArray {
  const { type, shape, elements } = parseIdx(bytes, name, anyLayout);
  return { name, shape, values: numbersOf(elements, type, false) };
}

/** @throws LabError `data-corrupt` if the bytes are not exactly an IDX file of gray images */
export function parseIdxImages(bytes: Uint8Array, name = 'The image file'): IdxImages {
  const { shape, elements } = parseIdx(bytes, name, mnistLayout('images', 'rows', 'columns'));
  const [count, rows, columns] = shape as [number, number, number];
  return { count, rows, columns, pixels: elements };
}

/**
 * Labels, one byte each, as a view of the file's bytes.
 *
 * @throws LabError `data-corrupt` if the bytes are not exactly an IDX file of labels
 */
export function parseIdxLabels(bytes: Uint8Array, name = 'The label file'): Uint8Array {
  return parseIdx(bytes, name, mnistLayout('labels')).elements;
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
