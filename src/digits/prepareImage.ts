import { levelPaper } from './levelPaper.ts';
import { blankImage, type GrayImage } from './grayImage.ts';
import { largestShape } from './largestShape.ts';

/** Longest side of the result, in pixels: enough for a digit that fills a tenth of it. */
const longestSide = 256;
/** Most samples along each side of a result pixel, which bounds the work. */
const samplesPerPixel = 8;
/** Width of the border that shows the paper, as a fraction of the shorter side. */
const borderShare = 0.04;
/** With less difference in luminance between ink and paper than this, there is no ink. */
const minContrast = 0.08;
/** Up to this fraction of the way from paper to ink, a value is the grain of the paper. */
const grain = 0.15;

/**
 * Finds the ink in a picture: dark on light paper or light on dark, decided by the border. Evens out the light of a
 * photo, stretches the contrast, and removes specks and what reaches in from the edge. If nothing stands out, the
 * result is blank.
 *
 * @param rgba [height × width × 4], not premultiplied, as in `ImageData`
 * @returns an image of at most 256 pixels on its longer side
 */
export function prepareImage(rgba: Uint8ClampedArray, width: number, height: number): GrayImage {
  if (width < 1 || height < 1 || rgba.length < 4 * width * height) return blankImage(0, 0);
  const luminance = shrunkenLuminance(rgba, width, height);
  const raised = levelPaper(inkRaised(luminance));
  const { paper, ink } = twoLevels(raised);
  if (ink - paper < minContrast) return blankImage(luminance.width, luminance.height);
  const floor = paper + grain * (ink - paper);
  const stretched = raised.pixels.map((value) =>
    Math.max(0, Math.min(1, (value - floor) / (ink - floor))),
  );
  return largestShape({ ...raised, pixels: stretched });
}

/** Luminance from 0 to 1, scaled down to at most `longestSide` pixels, each the mean of the area it covers. */
function shrunkenLuminance(rgba: Uint8ClampedArray, width: number, height: number): GrayImage {
  const scale = Math.min(1, longestSide / Math.max(width, height));
  const result = blankImage(
    Math.max(1, Math.round(width * scale)),
    Math.max(1, Math.round(height * scale)),
  );
  const backdrop = backdropFor(rgba, width * height);
  const columns = samplesOf(width, result.width);
  const rows = samplesOf(height, result.height);
  for (let y = 0; y < result.height; y++) {
    for (let x = 0; x < result.width; x++) {
      let sum = 0;
      for (const row of rows[y]!) {
        for (const column of columns[x]!) {
          sum += luminanceAt(rgba, 4 * (row * width + column), backdrop);
        }
      }
      result.pixels[y * result.width + x] = sum / (rows[y]!.length * columns[x]!.length);
    }
  }
  return result;
}

/** For each of `count` results, the indices (of `length`) that it averages. */
function samplesOf(length: number, count: number): number[][] {
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * length) / count);
    const to = Math.max(from + 1, Math.floor(((i + 1) * length) / count));
    const step = Math.max(1, (to - from) / samplesPerPixel);
    const places: number[] = [];
    for (let at = from; at < to; at += step) places.push(Math.floor(at));
    return places;
  });
}

/** Luminance by the weights of Rec. 709, on the stored values; `backdrop` shows through transparent pixels. */
function luminanceAt(rgba: Uint8ClampedArray, at: number, backdrop: number): number {
  const opacity = rgba[at + 3]! / 255;
  const own = (0.2126 * rgba[at]! + 0.7152 * rgba[at + 1]! + 0.0722 * rgba[at + 2]!) / 255;
  return own * opacity + backdrop * (1 - opacity);
}

/** White behind dark ink on a transparent background, black behind light ink. */
function backdropFor(rgba: Uint8ClampedArray, count: number): 0 | 1 {
  const step = Math.max(1, Math.floor(count / (longestSide * longestSide)));
  let opacity = 0;
  let light = 0;
  for (let i = 0; i < count; i += step) {
    opacity += rgba[4 * i + 3]! / 255;
    light += luminanceAt(rgba, 4 * i, 0);
  }
  return light > opacity / 2 ? 0 : 1;
}

/** The picture or its negative, so that ink is high. The ink is what differs most from the border. */
function inkRaised(light: GrayImage): GrayImage {
  const paper = borderMedian(light);
  const sorted = light.pixels.toSorted();
  const darkest = sorted[Math.floor(0.005 * (sorted.length - 1))]!;
  const lightest = sorted[Math.ceil(0.995 * (sorted.length - 1))]!;
  const isInkDark = paper - darkest >= lightest - paper;
  return isInkDark ? { ...light, pixels: light.pixels.map((value) => 1 - value) } : light;
}

function borderMedian({ width, height, pixels }: GrayImage): number {
  const breadth = Math.max(1, Math.round(borderShare * Math.min(width, height)));
  const border: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const toEdge = Math.min(x, y, width - 1 - x, height - 1 - y);
      if (toEdge < breadth) border.push(pixels[y * width + x]!);
    }
  }
  border.sort((a, b) => a - b);
  return border[Math.floor(border.length / 2)]!;
}

/** Mean levels of paper and ink, separated at the largest between-class variance (N. Otsu, 1979). */
function twoLevels({ pixels }: GrayImage): { paper: number; ink: number } {
  const bins = 256;
  const counts = new Float64Array(bins);
  const sums = new Float64Array(bins);
  for (const value of pixels) {
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(value * bins)));
    counts[bin]!++;
    sums[bin]! += value;
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const totalSum = sums.reduce((sum, value) => sum + value, 0);
  let best = { paper: 0, ink: 0 };
  let largest = 0;
  let [below, belowSum] = [0, 0];
  for (let bin = 0; bin < bins - 1; bin++) {
    below += counts[bin]!;
    belowSum += sums[bin]!;
    if (below === 0 || below === total) continue;
    const paper = belowSum / below;
    const ink = (totalSum - belowSum) / (total - below);
    const between = below * (total - below) * (ink - paper) ** 2;
    if (between > largest) {
      largest = between;
      best = { paper, ink };
    }
  }
  return best;
}
