import { blankImage, type GrayImage } from './grayImage.ts';

/** Size of the window, as a fraction of the longer side: wider than any stroke, so it always contains paper. */
const windowShare = 0.3;

/**
 * Subtracts the brightness of the paper, with its shadows, from an image in which ink is high. The brightness is
 * estimated by a smoothed morphological opening. Paper becomes nearly 0 everywhere.
 */
export function levelPaper(image: GrayImage): GrayImage {
  const { width, height, pixels } = image;
  const reach = Math.max(1, Math.round((windowShare * Math.max(width, height)) / 2));
  const lowest = filterWindows(
    image,
    reach,
    slidingExtreme((a, b) => a < b),
  );
  const opened = filterWindows(
    lowest,
    reach,
    slidingExtreme((a, b) => a > b),
  );
  const paper = filterWindows(opened, Math.ceil(reach / 2), slidingMean);
  return {
    width,
    height,
    pixels: pixels.map((value, i) => Math.max(0, value - paper.pixels[i]!)),
  };
}

/** Writes to `out` the result for a window of `reach` values to each side of every value of `line`. */
type WindowFilter = (line: Float32Array, reach: number, out: Float32Array) => void;

/** Filters all rows, then all columns. */
function filterWindows(
  { width, height, pixels }: GrayImage,
  reach: number,
  filter: WindowFilter,
): GrayImage {
  const result = blankImage(width, height);
  for (let y = 0; y < height; y++) {
    const [from, to] = [y * width, (y + 1) * width];
    filter(pixels.subarray(from, to), reach, result.pixels.subarray(from, to));
  }
  const column = new Float32Array(height);
  const out = new Float32Array(height);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) column[y] = result.pixels[y * width + x]!;
    filter(column, reach, out);
    for (let y = 0; y < height; y++) result.pixels[y * width + x] = out[y]!;
  }
  return result;
}

/** The minimum or maximum of each window, in time independent of the length of the window. */
function slidingExtreme(isBetter: (a: number, b: number) => boolean): WindowFilter {
  return (line, reach, out) => {
    // Indices of values that may still be the extreme of a window, the best one first.
    const queue = new Int32Array(line.length);
    let [first, last] = [0, -1];
    for (let i = 0; i < line.length + reach; i++) {
      if (i < line.length) {
        while (last >= first && !isBetter(line[queue[last]!]!, line[i]!)) last--;
        queue[++last] = i;
      }
      const center = i - reach;
      if (center < 0) continue;
      while (queue[first]! < center - reach) first++;
      out[center] = line[queue[first]!]!;
    }
  };
}

const slidingMean: WindowFilter = (line, reach, out) => {
  const sums = new Float64Array(line.length + 1);
  line.forEach((value, i) => (sums[i + 1] = sums[i]! + value));
  for (let i = 0; i < line.length; i++) {
    const from = Math.max(0, i - reach);
    const to = Math.min(line.length, i + reach + 1);
    out[i] = (sums[to]! - sums[from]!) / (to - from);
  }
};
