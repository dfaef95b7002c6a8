import { blankImage, type GreyImage } from './greyImage.ts';

/** Window in which some paper shows, as a share of the longer side: wider than any stroke. */
const windowShare = 0.3;

/**
 * Takes the paper's own level, with its shades, off an image whose ink is high: a morphological opening,
 * smoothed. Paper comes out near 0 wherever it is.
 */
export function levelPaper(image: GreyImage): GreyImage {
  const { width, height, pixels } = image;
  const reach = Math.max(1, Math.round((windowShare * Math.max(width, height)) / 2));
  const lowest = overWindows(
    image,
    reach,
    slidingExtreme((a, b) => a < b),
  );
  const opened = overWindows(
    lowest,
    reach,
    slidingExtreme((a, b) => a > b),
  );
  const paper = overWindows(opened, Math.ceil(reach / 2), slidingMean);
  return {
    ...{ width, height },
    pixels: pixels.map((value, i) => Math.max(0, value - paper.pixels[i]!)),
  };
}

/** Puts into `out` what a window of `reach` to each side of every place gives of `line`. */
type Slide = (line: Float32Array, reach: number, out: Float32Array) => void;

/** Slides along all rows, then along all columns. */
function overWindows({ width, height, pixels }: GreyImage, reach: number, slide: Slide): GreyImage {
  const result = blankImage(width, height);
  for (let y = 0; y < height; y++) {
    const [from, to] = [y * width, (y + 1) * width];
    slide(pixels.subarray(from, to), reach, result.pixels.subarray(from, to));
  }
  const column = new Float32Array(height);
  const out = new Float32Array(height);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) column[y] = result.pixels[y * width + x]!;
    slide(column, reach, out);
    for (let y = 0; y < height; y++) result.pixels[y * width + x] = out[y]!;
  }
  return result;
}

/** The extreme of each window, in time that does not depend on its length. */
function slidingExtreme(isBetter: (a: number, b: number) => boolean): Slide {
  return (line, reach, out) => {
    // Places that may still be the extreme of a window, the best first.
    const queue = new Int32Array(line.length);
    let [first, last] = [0, -1];
    for (let i = 0; i < line.length + reach; i++) {
      if (i < line.length) {
        while (last >= first && !isBetter(line[queue[last]!]!, line[i]!)) last--;
        queue[++last] = i;
      }
      const centre = i - reach;
      if (centre < 0) continue;
      while (queue[first]! < centre - reach) first++;
      out[centre] = line[queue[first]!]!;
    }
  };
}

const slidingMean: Slide = (line, reach, out) => {
  const sums = new Float64Array(line.length + 1);
  line.forEach((value, i) => (sums[i + 1] = sums[i]! + value));
  for (let i = 0; i < line.length; i++) {
    const from = Math.max(0, i - reach);
    const to = Math.min(line.length, i + reach + 1);
    out[i] = (sums[to]! - sums[from]!) / (to - from);
  }
};
