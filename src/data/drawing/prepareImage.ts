import { levelPaper } from './levelPaper.ts';
import { blankImage, type GreyImage } from './greyImage.ts';
import { largestShape } from './largestShape.ts';

/** Longer side of the result at most, in pixels: enough for a digit that fills a tenth of it. */
const longestSide = 256;
/** Samples along each side of a result's pixel at most, so that the work has a bound. */
const samplesPerPixel = 8;
/** Pixels at the edge that show what the paper is, as a share of the shorter side. */
const borderShare = 0.04;
/** Difference in luminance between ink and paper, below which nothing stands out. */
const leastContrast = 0.08;
/** Share of the way from paper to ink that is still paper: its grain. */
const grain = 0.15;

/**
 * Finds the ink in a picture: dark on light paper or light on dark, as the border tells; evens out the light
 * of a photo, stretches the contrast, and leaves out specks and what comes in from the edge. Where nothing
 * stands out, the result is all paper.
 *
 * @param rgba [height × width × 4], not premultiplied, as `ImageData` has them
 * @returns at most 256 pixels long, whatever the size of the picture
 */
export function prepareImage(rgba: Uint8ClampedArray, width: number, height: number): GreyImage {
  if (width < 1 || height < 1 || rgba.length < 4 * width * height) return blankImage(0, 0);
  const light = shrunkenLuminance(rgba, width, height);
  const raised = levelPaper(inkRaised(light));
  const { paper, ink } = twoLevels(raised);
  if (ink - paper < leastContrast) return blankImage(light.width, light.height);
  const floor = paper + grain * (ink - paper);
  const stretched = raised.pixels.map((value) =>
    Math.max(0, Math.min(1, (value - floor) / (ink - floor))),
  );
  return largestShape({ ...raised, pixels: stretched });
}

/** Luminance from 0 to 1 on at most `longestSide` pixels, each the mean of what it covers. */
function shrunkenLuminance(rgba: Uint8ClampedArray, width: number, height: number): GreyImage {
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

/** For each of `count` results the places of `length` that it is the mean of. */
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

/** Rec. 709's weights, on the values as they are stored; `backdrop` shows through. */
function luminanceAt(rgba: Uint8ClampedArray, at: number, backdrop: number): number {
  const opacity = rgba[at + 3]! / 255;
  const own = (0.2126 * rgba[at]! + 0.7152 * rgba[at + 1]! + 0.0722 * rgba[at + 2]!) / 255;
  return own * opacity + backdrop * (1 - opacity);
}

/** White behind what is dark on nothing, black behind what is light on nothing. */
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

/** The picture or its negative, so that ink is high; what differs most from the border is ink. */
function inkRaised(light: GreyImage): GreyImage {
  const paper = borderMedian(light);
  const sorted = light.pixels.toSorted();
  const darkest = sorted[Math.floor(0.005 * (sorted.length - 1))]!;
  const lightest = sorted[Math.ceil(0.995 * (sorted.length - 1))]!;
  const isInkDark = paper - darkest >= lightest - paper;
  return isInkDark ? { ...light, pixels: light.pixels.map((value) => 1 - value) } : light;
}

function borderMedian({ width, height, pixels }: GreyImage): number {
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

/** Mean levels of paper and ink, parted where their variance between is largest (N. Otsu, 1979). */
function twoLevels({ pixels }: GreyImage): { paper: number; ink: number } {
  const bins = 256;
  const counts = new Float64Array(bins);
  const sums = new Float64Array(bins);
  for (const value of pixels) {
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(value * bins)));
    counts[bin]!++;
    sums[bin]! += value;
  }
  const total = counts.reduce((sum, one) => sum + one, 0);
  const totalSum = sums.reduce((sum, one) => sum + one, 0);
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
