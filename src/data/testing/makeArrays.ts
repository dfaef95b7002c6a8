import { encode } from 'fast-png';
import { zipSync } from 'fflate';
import { crc32 } from '../custom/crc32.ts';

/** A file of NumPy's, version 1. @param type such as "<f4" or "|u1" */
export function makeNpy(
  shape: readonly number[],
  type: string,
  values: Uint8Array,
  isFortran = false,
): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${type}', 'fortran_order': ${isFortran ? 'True' : 'False'}, 'shape': (${sizes}), }`;
  const header = new TextEncoder().encode(`${text.padEnd(128 - 10 - 1)}\n`);
  const start = [
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    1,
    0,
    header.length % 256,
    header.length >> 8,
  ];
  const file = new Uint8Array(start.length + header.length + values.length);
  file.set(start);
  file.set(header, start.length);
  file.set(values, start.length + header.length);
  return file;
}

/** The bytes of numbers, little-endian as here. */
export function bytesOf(numbers: ArrayBufferView): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

export function makeZip(
  files: Readonly<Record<string, Uint8Array>>,
  level: 0 | 6 = 6,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(zipSync(files, { level }));
}

/** A gray PNG picture of 28 × 28 pixels, or what `changes` say. */
export function makePng(
  data: Uint8Array | Uint16Array,
  changes: { width?: number; height?: number; channels?: number; depth?: 8 | 16 } = {},
): Uint8Array {
  return encode({ width: 28, height: 28, channels: 1, depth: 8, data, ...changes });
}

/** A chunk of a PNG picture. */
export function makeChunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(12 + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}

/** A PNG picture of these chunks and an end. */
export function makePngOf(...chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  const parts = [...chunks, makeChunk('IEND', new Uint8Array(0))];
  return Uint8Array.from([signature, ...parts].flatMap((part) => [...part]));
}
