import '../domain/jitless.ts';
import { z } from 'zod/mini';
import { LabError } from '../domain/errors.ts';
import { fromFloat16Bits, toFloat16Bits } from './float16.ts';

/** Number formats of a file with the bytes per number: single, half and brain precision, and double. */
const bytesOf = { F32: 4, F16: 2, BF16: 2, F64: 8 } as const;
type StoredType = keyof typeof bytesOf;
/** The formats that are written. */
export type FloatType = 'F32' | 'F16';

/** A named array of 32-bit floats, row by row. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Position of a tensor, in bytes from the end of the header. */
interface TensorEntry {
  readonly name: string;
  readonly type: StoredType;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** A file whose header has been read and checked. */
export interface SafetensorsFile {
  /** In the order of the file; together they fill it. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Reads the values of one of the entries. */
  readonly readTensor: (name: string) => Promise<Float32Array>;
}

/** Bytes before the header: its length as a little-endian 64-bit integer. */
const prefixBytes = 8;
/** A longer header is refused unread; the header of the largest network here has a few thousand bytes. */
export const maxHeaderBytes = 2 ** 20;
const counts = z.array(z.int().check(z.minimum(0)));
const shapeSchema = counts.check(z.maxLength(8));
const offsetsSchema = counts.check(z.length(2));
const metadataSchema = z.record(z.string(), z.string());
/** The header ends at a multiple of this, so that the floats are aligned. */
const alignment = 8;

/**
 * The safetensors layout: the header's length, the header as JSON padded with spaces, then the tensors
 * one after another (https://huggingface.co/docs/safetensors#format).
 *
 * @param metadata strings to store with the tensors
 * @param type of all tensors; half precision rounds each value to the nearest
 * @throws RangeError if a value is too large for half precision
 */
export function encodeSafetensors(
  tensors: readonly Tensor[],
  metadata: Readonly<Record<string, string>>,
  type: FloatType = 'F32',
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let length = 0;
  for (const { name, shape, values } of tensors) {
    const end = length + values.length * bytesOf[type];
    header[name] = { dtype: type, shape, data_offsets: [length, end] };
    length = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / alignment) * alignment;
  const bytes = new Uint8Array(prefixBytes + headerLength + length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, prefixBytes, prefixBytes + headerLength).set(json, prefixBytes);
  let at = prefixBytes + headerLength;
  for (const { values } of tensors) {
    for (const value of values) {
      if (type === 'F32') view.setFloat32(at, value, true);
      else view.setUint16(at, toFloat16Bits(value), true);
      at += bytesOf[type];
    }
  }
  return bytes;
}

/**
 * Reads and checks the header of a file: types, shapes, and that the tensors fill the rest of the file without a gap
 * or an overlap. Nothing is allocated for the tensors.
 *
 * @throws LabError 'data-corrupt' naming the first mismatch
 */
export async function openSafetensors(file: Blob): Promise<SafetensorsFile> {
  const read = async (from: number, to: number): Promise<DataView> =>
    new DataView(await file.slice(from, to).arrayBuffer());
  const dataStart = prefixBytes + readHeaderLength(await read(0, prefixBytes), file.size);
  const { __metadata__: metadata = {}, ...named } = parseObject(await read(prefixBytes, dataStart));
  const dataBytes = file.size - dataStart;
  const entries = Object.entries(named).map(([name, entry]) => readEntry(name, entry, dataBytes));
  entries.sort((a, b) => a.from - b.from || a.to - b.to);
  let end = 0;
  for (const { name, from, to } of entries) {
    if (from !== end) {
      const what = from < end ? 'overlaps the tensor before it' : 'leaves a gap before it';
      refuse(`${show(name)} should begin at byte ${end} of the data, but ${what}, at byte ${from}`);
    }
    end = to;
  }
  if (end !== dataBytes) {
    refuse(`its tensors should fill ${count(dataBytes)} bytes of data, but fill ${count(end)}`);
  }
  if (!metadataSchema.safeParse(metadata).success) {
    refuse(`its metadata should be strings by name, but are ${show(metadata)}`);
  }
  const readTensor = async (name: string): Promise<Float32Array> => {
    const { from, to, type } = entries.find((entry) => entry.name === name)!;
    return readValues(await read(dataStart + from, dataStart + to), type);
  };
  return { entries, metadata: metadata as Record<string, string>, readTensor };
}

/** @param prefix the file's first 8 bytes, or fewer if it has no more */
function readHeaderLength(prefix: DataView, fileBytes: number): number {
  if (prefix.byteLength < prefixBytes) {
    refuse(
      `it should begin with ${prefixBytes} bytes of length, but has ${prefix.byteLength} bytes`,
    );
  }
  const length = prefix.getBigUint64(0, true);
  if (length > BigInt(maxHeaderBytes)) {
    refuse(
      `its header should have at most ${count(maxHeaderBytes)} bytes, but claims ${length.toLocaleString('en-US')}`,
    );
  }
  const available = fileBytes - prefixBytes;
  if (length > BigInt(available)) {
    refuse(
      `its header should have ${count(Number(length))} bytes, but only ${count(available)} follow`,
    );
  }
  return Number(length);
}

const upper = new DataView(new ArrayBuffer(4));

const readers: Readonly<Record<StoredType, (bytes: DataView, at: number) => number>> = {
  F32: (bytes, at) => bytes.getFloat32(at, true),
  F64: (bytes, at) => bytes.getFloat64(at, true),
  F16: (bytes, at) => fromFloat16Bits(bytes.getUint16(at, true)),
  // The upper half of a 32-bit float.
  BF16: (bytes, at) => {
    upper.setUint16(0, bytes.getUint16(at, true));
    return upper.getFloat32(0);
  },
};

function readValues(bytes: DataView, type: StoredType): Float32Array {
  const read = readers[type];
  const values = new Float32Array(bytes.byteLength / bytesOf[type]);
  for (let i = 0; i < values.length; i++) {
    values[i] = read(bytes, i * bytesOf[type]);
  }
  return values;
}

function parseObject(json: DataView): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    parsed = null;
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
    return parsed as Record<string, unknown>;
  }
  return refuse('its header should be a JSON object, but is not');
}

function readEntry(name: string, entry: unknown, dataBytes: number): TensorEntry {
  if (typeof entry !== 'object' || entry === null) {
    refuse(`${show(name)} should be described by an object, but is ${show(entry)}`);
  }
  const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>;
  if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16' && dtype !== 'F64') {
    refuse(
      `${show(name)} should have the type "F32", "F16", "BF16" or "F64" (floats), but has ${show(dtype)}`,
    );
  }
  const lengths = shapeSchema.safeParse(shape).data;
  if (!lengths) {
    refuse(`the shape of ${show(name)} should be a list of whole numbers, but is ${show(shape)}`);
  }
  const range = offsetsSchema.safeParse(offsets).data;
  if (!range) {
    refuse(`${show(name)} should have two offsets in bytes, but has ${show(offsets)}`);
  }
  const [from, to] = range as [number, number];
  if (from > to || to > dataBytes) {
    refuse(
      `${show(name)} should lie within ${count(dataBytes)} bytes of data, but claims bytes ${from} to ${to}`,
    );
  }
  // A product that is too large to be exact is still far from any length of a file.
  const wanted = bytesOf[dtype] * lengths.reduce((product, length) => product * length, 1);
  if (to - from !== wanted) {
    refuse(
      `${show(name)} of shape ${show(shape)} should take ${count(wanted)} bytes, but takes ${count(to - from)}`,
    );
  }
  return { name, type: dtype, shape: lengths, from, to };
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A value from the file, short enough for a sentence. */
function show(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'none';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function refuse(what: string): never {
  throw new LabError(
    'data-corrupt',
    `This is not a whole safetensors file: ${what}.`,
    'Open a file that this page or its command line saved, or save it again.',
  );
}
