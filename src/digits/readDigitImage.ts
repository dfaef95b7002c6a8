/** Side of MNIST's images. */
const side = 28;
/** Width of MNIST's empty border is 4; in an image under attack it has at most ε of ink. */
const mostInBorder = 0.5;

/**
 * A picture that is a digit in MNIST's format already: gray, opaque, 28 × 28 pixels, light on dark. It may be enlarged
 * by a whole factor, every pixel a square. Such a picture needs no normalization, which would change it.
 *
 * @param rgba [height × width × 4], as in `ImageData`
 * @returns [784] gray levels, 0 to 1; null for any other picture
 */
export function readDigitImage(
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
): Float32Array | null {
  const factor = width / side;
  if (width !== height || !Number.isInteger(factor) || factor < 1) return null;
  const pixels = new Float32Array(side * side);
  let [border, borderPixels, brightest] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      const level = rgba[at]!;
      if (rgba[at + 1] !== level || rgba[at + 2] !== level || rgba[at + 3] !== 255) return null;
      const [row, column] = [Math.floor(y / factor), Math.floor(x / factor)];
      const place = row * side + column;
      if (x % factor === 0 && y % factor === 0) {
        pixels[place] = level / 255;
        brightest = Math.max(brightest, level);
        if (Math.min(row, column, side - 1 - row, side - 1 - column) > 0) continue;
        border += level / 255;
        borderPixels++;
      } else if (Math.round(255 * pixels[place]!) !== level) return null;
    }
  }
  return border / borderPixels > mostInBorder || brightest === 0 ? null : pixels;
}
