import { blankImage, type GrayImage } from './grayImage.ts';

/** Fine pixels per pixel of MNIST's images: thickness is estimated and corrected at this resolution. */
export const finePerPixel = 4;
/**
 * MNIST's range of stroke thickness in pixels, estimated by `strokeThickness`: 98 % of the test digits are in it, and
 * the median is 2.5.
 */
export const thicknessRange = { min: 1.6, max: 4.6 } as const;
/** Directions of a dilation, evenly spaced on a circle. */
const directions = 16;

/**
 * Mean thickness of the strokes in pixels of the image: twice the area divided by the length of the outline. Gray
 * edges count in proportion, so soft and hard edges give the same result.
 */
export function strokeThickness({ width, height, pixels }: GrayImage): number {
  let area = 0;
  let outline = 0;
  const at = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height ? pixels[y * width + x]! : 0;
  for (let y = -1; y < height; y++) {
    for (let x = -1; x < width; x++) {
      const ink = at(x, y);
      area += ink;
      outline += Math.hypot(at(x + 1, y) - ink, at(x, y + 1) - ink);
    }
  }
  return outline > 0 ? (2 * area) / outline : 0;
}

/**
 * Brings strokes that are thinner or thicker than MNIST's to the nearer end of its range.
 *
 * @param fine an image with `finePerPixel` pixels per pixel of MNIST
 * @param thickness of its strokes, in pixels of MNIST
 * @returns a larger image; null if the strokes are in range
 */
export function correctThickness(fine: GrayImage, thickness: number): GrayImage | null {
  const { min, max } = thicknessRange;
  const wanted = Math.max(min, Math.min(max, thickness));
  if (wanted === thickness) return null;
  const radius = (Math.abs(wanted - thickness) / 2) * finePerPixel;
  // A margin, into which ink can grow, or from which paper can.
  const framed = withMargin(fine, Math.ceil(radius));
  if (wanted > thickness) return dilate(framed, radius);
  return inverted(dilate(inverted(framed), radius));
}

/** Gray dilation by a disc, with the radius in pixels; the edge is extended beyond the image. */
function dilate(image: GrayImage, radius: number): GrayImage {
  // In steps of at most one pixel, whose discs add up to the whole one.
  const steps = Math.ceil(radius);
  let grown = image;
  for (let step = 0; step < steps; step++) grown = dilateOnce(grown, radius / steps);
  return grown;
}

function withMargin(image: GrayImage, margin: number): GrayImage {
  const frame = blankImage(image.width + 2 * margin, image.height + 2 * margin);
  for (let y = 0; y < image.height; y++) {
    const row = image.pixels.subarray(y * image.width, (y + 1) * image.width);
    frame.pixels.set(row, (y + margin) * frame.width + margin);
  }
  return frame;
}

function inverted({ width, height, pixels }: GrayImage): GrayImage {
  return { width, height, pixels: pixels.map((ink) => 1 - ink) };
}

/** @param radius up to a pixel */
function dilateOnce({ width, height, pixels }: GrayImage, radius: number): GrayImage {
  const result = blankImage(width, height);
  result.pixels.set(pixels);
  for (let direction = 0; direction < directions; direction++) {
    const angle = (2 * Math.PI * direction) / directions;
    const [dx, dy] = [radius * Math.cos(angle), radius * Math.sin(angle)];
    const [left, top] = [Math.floor(dx), Math.floor(dy)];
    const [shareX, shareY] = [dx - left, dy - top];
    for (let y = 0; y < height; y++) {
      const y0 = Math.max(0, Math.min(height - 1, y + top));
      const y1 = Math.max(0, Math.min(height - 1, y + top + 1));
      for (let x = 0; x < width; x++) {
        const x0 = Math.max(0, Math.min(width - 1, x + left));
        const x1 = Math.max(0, Math.min(width - 1, x + left + 1));
        const upper = pixels[y0 * width + x0]! * (1 - shareX) + pixels[y0 * width + x1]! * shareX;
        const lower = pixels[y1 * width + x0]! * (1 - shareX) + pixels[y1 * width + x1]! * shareX;
        const ink = upper * (1 - shareY) + lower * shareY;
        if (ink > result.pixels[y * width + x]!) result.pixels[y * width + x] = ink;
      }
    }
  }
  return result;
}
