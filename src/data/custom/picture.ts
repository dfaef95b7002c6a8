import { convertIndexedToRgb, decode, type DecodedPng } from 'fast-png';
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

export function isPng(start: Uint8Array): boolean {
  return start[0] === 0x89 && start[1] === 0x50 && start[2] === 0x4e && start[3] === 0x47;
}

/** Width and height by the header, without decoding. */
export function sizeOfPng(bytes: Uint8Array, name: string): { rows: number; columns: number } {
  if (bytes.length < 24) throw corruptFile(name, 'a PNG picture', 'its end', remedy);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return { columns: view.getUint32(16), rows: view.getUint32(20) };
}

/**
 * Decodes a PNG picture to gray; what is transparent becomes black.
 *
 * @throws LabError 'data-corrupt' if it cannot be decoded
 */
export function readPicture(bytes: Uint8Array, name: string): GrayPicture {
  let png: DecodedPng;
  try {
    png = decode(bytes, { checkCrc: true });
  } catch {
    throw corruptFile(name, 'a PNG picture', 'damaged data', 'Save it again, or leave it out.');
  }
  const { width: columns, height: rows } = png;
  const [channels, data] = channelsOf(png);
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
