import { convertIndexedToRgb, decode, type DecodedPng } from 'fast-png';
import { unzlibSync } from 'fflate';
import type { LabError } from '../../domain/errors.ts';
import { corruptFile } from './byteSource.ts';

const remedy = 'Save the pictures as gray PNG files of one size.';
/** The part of red, green and blue in the brightness (ITU-R BT.601). */
const weights = [0.299, 0.587, 0.114] as const;

export interface GrayPicture {
  readonly rows: number;
  readonly columns: number;
  readonly pixels: Uint8Array;
  /** Whether its colors were made gray. */
  readonly wasColored: boolean;
}

interface Header {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly colorType: number;
  readonly isInterlaced: boolean;
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** With its length, type and checksum. */
  readonly whole: Uint8Array;
}

const signature: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const headerBytes = 13;
/** Far more than a small picture has; each takes memory. */
const maxChunks = 10_000;
/** Samples of a pixel and their possible bits, by color type (PNG specification, table 8). */
const colorTypes: Readonly<Record<number, { channels: number; depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};
const indexed = 3;
/** Most bytes of a palette and of its transparency. */
const mostPaletteBytes: Readonly<Record<string, number>> = { PLTE: 3 * 256, tRNS: 256 };
type Pass = readonly [left: number, top: number, across: number, down: number];
/** First column and row of Adam7's passes, and the steps to the next. */
const passes: readonly Pass[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];
const onePass: readonly Pass[] = [[0, 0, 1, 1]];
/** Bytes that some programs write behind the pixels. */
const slack = 1024;

function damaged(name: string): LabError {
  return corruptFile(name, 'a PNG picture', 'damaged data', 'Save it again, or leave it out.');
}

export function isPng(start: Uint8Array): boolean {
  return signature.slice(0, 4).every((byte, i) => start[i] === byte);
}

/** @throws LabError 'data-corrupt' if the first chunk is not a valid header */
function readHeader(bytes: Uint8Array, name: string): Header {
  const start = signature.length + 8;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < start + headerBytes + 4)
    throw corruptFile(name, 'a PNG picture', 'its end', remedy);
  const [columns, rows] = [view.getUint32(start), view.getUint32(start + 4)];
  const [depth, colorType, compression, filter, interlace] = bytes.subarray(start + 8);
  const isHeader =
    signature.every((byte, i) => bytes[i] === byte) &&
    view.getUint32(signature.length) === headerBytes &&
    typeAt(bytes, signature.length) === 'IHDR' &&
    columns > 0 &&
    rows > 0 &&
    colorTypes[colorType!]?.depths.includes(depth!) === true &&
    compression === 0 &&
    filter === 0 &&
    interlace! < 2;
  if (!isHeader) throw damaged(name);
  return { rows, columns, depth: depth!, colorType: colorType!, isInterlaced: interlace === 1 };
}

/** @param at where the chunk starts */
function typeAt(bytes: Uint8Array, at: number): string {
  return String.fromCodePoint(...bytes.subarray(at + 4, at + 8));
}

/** Width and height by the header, without decoding. @throws LabError 'data-corrupt' if it is no header */
export function sizeOfPng(bytes: Uint8Array, name: string): { rows: number; columns: number } {
  return readHeader(bytes, name);
}

/** Null if the chunks do not follow each other up to the last, or are too many. */
function listChunks(bytes: Uint8Array): Chunk[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: Chunk[] = [];
  for (let at = signature.length; at + 12 <= bytes.length;) {
    const end = at + 12 + view.getUint32(at);
    if (end > bytes.length || chunks.length === maxChunks) return null;
    const type = typeAt(bytes, at);
    chunks.push({ type, data: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) });
    if (type === 'IEND') return chunks;
    at = end;
  }
  return null;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Bytes of the pixels before compression: in each row of each pass, one for the filter and then the samples. */
function rawSize({ rows, columns, depth, colorType, isInterlaced }: Header): number {
  const bits = depth * colorTypes[colorType]!.channels;
  let size = 0;
  for (const [left, top, across, down] of isInterlaced ? passes : onePass) {
    const width = Math.ceil((columns - left) / across);
    const height = Math.ceil((rows - top) / down);
    if (width > 0 && height > 0) size += height * (1 + Math.ceil((width * bits) / 8));
  }
  return size;
}

/**
 * The picture with no more than its pixels need, because the decoder inflates whatever a file holds: profiles, and
 * pixels beyond the size in the header.
 *
 * @returns null if it is damaged or holds more
 */
function keepPixels(bytes: Uint8Array, header: Header): Uint8Array | null {
  const chunks = listChunks(bytes);
  if (chunks === null) return null;
  const once = ['IHDR', 'IEND', ...(header.colorType === indexed ? ['PLTE', 'tRNS'] : [])];
  const kept = chunks.filter(({ type }) => type === 'IDAT' || once.includes(type));
  if (once.some((type) => kept.filter((one) => one.type === type).length > 1)) return null;
  if (kept.some(({ type, data }) => data.length > (mostPaletteBytes[type] ?? Infinity)))
    return null;
  if (header.colorType === indexed && !kept.some(({ type }) => type === 'PLTE')) return null;
  const packed = join(kept.flatMap(({ type, data }) => (type === 'IDAT' ? [data] : [])));
  const size = rawSize(header);
  // What is compressed is hardly ever larger; so the time is bounded too.
  if (packed.length > 2 * size + slack) return null;
  const inflated = unzlibSync(packed, { out: new Uint8Array(size + slack) });
  if (inflated.length < size || inflated.length === size + slack) return null;
  return join([Uint8Array.from(signature), ...kept.map(({ whole }) => whole)]);
}

/**
 * Decodes a PNG picture to gray; what is transparent becomes black.
 *
 * @throws LabError 'data-corrupt' if it cannot be decoded
 */
export function readPicture(bytes: Uint8Array, name: string): GrayPicture {
  const header = readHeader(bytes, name);
  if (header.isInterlaced && header.depth < 8) {
    const expected = 'a PNG picture that is not interlaced';
    throw corruptFile(name, expected, 'one that is', 'Save it without interlacing.');
  }
  let png: DecodedPng;
  let channels: number;
  let data: ArrayLike<number>;
  try {
    const pixels = keepPixels(bytes, header);
    if (pixels === null) throw damaged(name);
    png = decode(pixels, { checkCrc: true });
    [channels, data] = channelsOf(png);
  } catch {
    throw damaged(name);
  }
  const { width: columns, height: rows } = png;
  const scale = png.depth === 16 ? 257 : 1;
  const pixels = new Uint8Array(rows * columns);
  const hasAlpha = channels % 2 === 0;
  let wasColored = false;
  for (let i = 0; i < pixels.length; i++) {
    const at = i * channels;
    let gray = data[at]! / scale;
    if (channels > 2) {
      const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
      if (red !== green || green !== blue) {
        wasColored = true;
        gray = (weights[0] * red + weights[1] * green + weights[2] * blue) / scale;
      }
    }
    if (hasAlpha) gray *= data[at + channels - 1]! / (255 * scale);
    pixels[i] = Math.round(gray);
  }
  return { rows, columns, pixels, wasColored };
}

/** Channels and samples, 0 to 255 or (with 16 bits) to 65,535. */
function channelsOf(png: DecodedPng): readonly [number, ArrayLike<number>] {
  if (png.palette) {
    const data = convertIndexedToRgb(png);
    return [data.length / (png.width * png.height), data];
  }
  if (png.depth >= 8) return [png.channels, png.data];
  // Several pixels share a byte, and each row starts a new one.
  const perByte = 8 / png.depth;
  const rowBytes = Math.ceil(png.width / perByte);
  const most = 2 ** png.depth - 1;
  const data = Uint8Array.from({ length: png.width * png.height }, (_, i) => {
    const [row, column] = [Math.floor(i / png.width), i % png.width];
    const byte = png.data[row * rowBytes + Math.floor(column / perByte)]!;
    const shift = 8 - png.depth * ((column % perByte) + 1);
    return (((byte >> shift) & most) * 255) / most;
  });
  return [1, data];
}
