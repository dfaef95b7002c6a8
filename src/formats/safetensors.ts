import { LabError } from '../domain/errors.ts';
import { fromFloat16Bits, toFloat16Bits } from './float16.ts';

/** Number formats of a file with the bytes per number: single or half precision. */
const bytesOf = { F32: 4, F16: 2 } as const;
export type FloatType = keyof typeof bytesOf;

/** A named array of 32-bit floats, row by row. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Position of a tensor, in bytes from the end of the header. */
export interface TensorEntry {
  readonly name: string;
  readonly type: FloatType;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

export interface SafetensorsHeader {
  /** In the order of the file; together they fill it. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Bytes before the first tensor. */
  readonly dataStart: number;
}

/** Bytes before the header: its length as a little-endian 64-bit integer. */
export const prefixBytes = 8;
/** A longer header is refused unread; the header of the largest network here has a few thousand bytes. */
export const maxHeaderBytes = 2 ** 20;
const maxDimensions = 8;
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
 * Reads the length of the header.
 *
 * @param prefix the file's first 8 bytes, or fewer if it has no more
 * @throws LabError 'data-corrupt' if a file of `fileBytes` cannot contain such a header
 */
export function readHeaderLength(prefix: Uint8Array, fileBytes: number): number {
  if (prefix.length < prefixBytes) {
    refuse(`it should begin with ${prefixBytes} bytes of length, but has ${prefix.length} bytes`);
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefixBytes);
  const length = view.getBigUint64(0, true);
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

/**
 * Reads and checks a header: types, shapes, and that the tensors fill the rest of the file without a gap
 * or an overlap. Nothing is allocated for the tensors.
 *
 * @param json the header's bytes, without the 8 before them
 * @param fileBytes length of the whole file
 * @throws LabError 'data-corrupt' naming the first mismatch
 */
export function parseHeader(json: Uint8Array, fileBytes: number): SafetensorsHeader {
  const dataStart = prefixBytes + json.length;
  const dataBytes = fileBytes - dataStart;
  const { __metadata__: metadata = {}, ...named } = parseObject(json);
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
  return { entries, metadata: readMetadata(metadata), dataStart };
}

/** The values of a tensor. @param bytes the tensor's own, `to − from` of them */
export function readValues(bytes: Uint8Array, type: FloatType): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(bytes.byteLength / bytesOf[type]);
  for (let i = 0; i < values.length; i++) {
    values[i] =
      type === 'F32' ? view.getFloat32(4 * i, true) : fromFloat16Bits(view.getUint16(2 * i, true));
  }
  return values;
}

/**
 * Reads a whole file of single- or half-precision floats.
 *
 * @throws LabError 'data-corrupt' before anything is allocated for the tensors
 */
export function decodeSafetensors(bytes: Uint8Array): {
  readonly tensors: readonly Tensor[];
  readonly metadata: Readonly<Record<string, string>>;
} {
  const headerLength = readHeaderLength(bytes.subarray(0, prefixBytes), bytes.length);
  const json = bytes.subarray(prefixBytes, prefixBytes + headerLength);
  const { entries, metadata, dataStart } = parseHeader(json, bytes.length);
  const tensors = entries.map(({ name, type, shape, from, to }) => ({
    name,
    shape,
    values: readValues(bytes.subarray(dataStart + from, dataStart + to), type),
  }));
  return { tensors, metadata };
}

function parseObject(json: Uint8Array): Record<string, unknown> {
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
  if (dtype !== 'F32' && dtype !== 'F16') {
    refuse(
      `${show(name)} should have the type "F32" or "F16" (floats of 32 or 16 bits), but has ${show(dtype)}`,
    );
  }
  if (!isCounts(shape) || shape.length > maxDimensions) {
    refuse(`the shape of ${show(name)} should be a list of whole numbers, but is ${show(shape)}`);
  }
  if (!isCounts(offsets) || offsets.length !== 2) {
    refuse(`${show(name)} should have two offsets in bytes, but has ${show(offsets)}`);
  }
  const [from, to] = offsets as [number, number];
  if (from > to || to > dataBytes) {
    refuse(
      `${show(name)} should lie within ${count(dataBytes)} bytes of data, but claims bytes ${from} to ${to}`,
    );
  }
  // A product that is too large to be exact is still far from any length of a file.
  const wanted = bytesOf[dtype] * shape.reduce((product, length) => product * length, 1);
  if (to - from !== wanted) {
    refuse(
      `${show(name)} of shape ${show(shape)} should take ${count(wanted)} bytes, but takes ${count(to - from)}`,
    );
  }
  return { name, type: dtype, shape, from, to };
}

function readMetadata(metadata: unknown): Record<string, string> {
  const isStrings =
    typeof metadata === 'object' &&
    metadata !== null &&
    !Array.isArray(metadata) &&
    Object.values(metadata).every((value) => typeof value === 'string');
  if (!isStrings) refuse(`its metadata should be strings by name, but are ${show(metadata)}`);
  return metadata as Record<string, string>;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);
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
