/** Width and height of an MNIST image. */
export const imageSide = 28;

export type Color = readonly [red: number, green: number, blue: number];

/**
 * The ends and the middle of the diverging color map. Darker blue means less brightness and lighter orange
 * more; mid-gray means no change. The sign also shows in the lightness, on a white and on a black page.
 */
const darker: Color = [0, 62, 120];
const neutral: Color = [128, 128, 128];
const brighter: Color = [255, 186, 66];
export const signedColors: readonly Color[] = [darker, neutral, brighter];

/** Whether the number of values is that of a color image: 1,024 each of red, green and blue. */
function isColored({ length }: ArrayLike<number>): boolean {
  return length === 3 * 32 * 32;
}

/** RGBA bytes of gray levels from 0 to 1, or of all red, then all green, then all blue levels. */
export function paintDigit(pixels: ArrayLike<number>): Uint8ClampedArray<ArrayBuffer> {
  if (isColored(pixels)) return paintChannels(pixels, (value) => 255 * value);
  return paint(pixels.length, (index) => {
    const level = 255 * pixels[index]!;
    return [level, level, level];
  });
}

/** Width and height of a square picture of RGBA bytes. */
export function sideOf(bytes: Uint8ClampedArray | Uint8Array): number {
  return Math.round(Math.sqrt(bytes.length / 4));
}

function paintChannels(
  values: ArrayLike<number>,
  levelOf: (value: number, index: number) => number,
): Uint8ClampedArray<ArrayBuffer> {
  const count = values.length / 3;
  const level = (channel: number, index: number): number => {
    const at = channel * count + index;
    return levelOf(values[at]!, at);
  };
  return paint(count, (index) => [level(0, index), level(1, index), level(2, index)]);
}

/**
 * The change from one image to another as RGBA bytes; a change of ±`scale` has full color. In color
 * images, each channel goes up or down from mid-gray by itself.
 */
export function paintPerturbation(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  scale: number,
): Uint8ClampedArray<ArrayBuffer> {
  if (isColored(before)) {
    return paintChannels(before, (value, at) =>
      scale > 0 ? 127.5 * (1 + (after[at]! - value) / scale) : 127.5,
    );
  }
  return paint(before.length, (index) => {
    const change = scale > 0 ? (after[index]! - before[index]!) / scale : 0;
    const strength = Math.min(1, Math.abs(change));
    const end = change < 0 ? darker : brighter;
    const blend = (channel: 0 | 1 | 2): number =>
      neutral[channel] + strength * (end[channel] - neutral[channel]);
    return [blend(0), blend(1), blend(2)];
  });
}

function paint(count: number, colorAt: (index: number) => Color): Uint8ClampedArray<ArrayBuffer> {
  const bytes = new Uint8ClampedArray(count * 4);
  for (let index = 0; index < count; index++) {
    bytes.set(colorAt(index), index * 4);
    bytes[index * 4 + 3] = 255;
  }
  return bytes;
}

/**
 * The factor by which a perturbation is amplified for display: mid-gray plus or minus half
 * the range is full color, reached at ±ε.
 */
export function findPerturbationGain(epsilon: number): number {
  return epsilon > 0 ? 0.5 / epsilon : 1;
}
