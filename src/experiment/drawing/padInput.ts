import { type NormalizedDigit, normalizeDigit } from '../../digits/normalizeDigit.ts';
import { rasterizeStrokes } from '../../digits/rasterizeStrokes.ts';
import { isPadEmpty, type Pad } from './pad.ts';

const digitSide = 28;
/** Side of the image that strokes are drawn on before normalization: five pixels for each pixel of MNIST. */
const rasterSide = 5 * digitSide;

/** The pad's content in MNIST's format; null if it is empty or a digit that was placed whole, which is in it already. */
export function normalizePad(pad: Pad): NormalizedDigit | null {
  if (isPadEmpty(pad) || isWhole(pad)) return null;
  const picture = rasterizeStrokes(pad.strokes, rasterSide);
  if (pad.base === null) return normalizeDigit(picture);
  const base = enlarge(pad.base);
  const both = picture.pixels.map((value, index) => Math.max(value, base[index]!));
  return normalizeDigit({ ...picture, pixels: both });
}

/** The networks' input: a digit that was placed whole is passed unchanged. */
export function inputOfPad(pad: Pad, normalized: NormalizedDigit | null): Float32Array | null {
  if (isWhole(pad)) return pad.base;
  return normalized?.kind === 'digit' ? normalized.pixels : null;
}

function isWhole({ base, strokes }: Pad): boolean {
  return base !== null && strokes.length === 0;
}

/** @param pixels [28 × 28] @returns [140 × 140], bilinear between the pixels' centers */
function enlarge(pixels: Float32Array): Float32Array {
  const enlarged = new Float32Array(rasterSide * rasterSide);
  const at = (column: number, row: number): number =>
    pixels[
      Math.min(digitSide - 1, Math.max(0, row)) * digitSide +
        Math.min(digitSide - 1, Math.max(0, column))
    ]!;
  for (let row = 0; row < rasterSide; row++) {
    const y = ((row + 0.5) * digitSide) / rasterSide - 0.5;
    const top = Math.floor(y);
    for (let column = 0; column < rasterSide; column++) {
      const x = ((column + 0.5) * digitSide) / rasterSide - 0.5;
      const left = Math.floor(x);
      const [right, bottom] = [x - left, y - top];
      enlarged[row * rasterSide + column] =
        (1 - bottom) * ((1 - right) * at(left, top) + right * at(left + 1, top)) +
        bottom * ((1 - right) * at(left, top + 1) + right * at(left + 1, top + 1));
    }
  }
  return enlarged;
}
