import { blankImage, type Box, crop, type GrayImage, resample } from './grayImage.ts';
import { correctThickness, finePerPixel, strokeThickness } from './strokeThickness.ts';

/** The steps from a drawing to an input of the network. */
export interface NormalizationSteps {
  /** The bounding box of the ink, in pixels of the drawing. */
  readonly box: Box;
  readonly cropped: GrayImage;
  /** Scaled to fit 20 × 20, with strokes in MNIST's range of thickness. */
  readonly scaled: GrayImage;
  /** Position of the scaled image's upper left corner in the 28 × 28 field, in whole pixels. */
  readonly shift: { readonly dx: number; readonly dy: number };
  /** Estimated stroke thickness in pixels of the 28 × 28 field, before any correction. */
  readonly thickness: number;
}

export type NormalizedDigit =
  | {
      readonly kind: 'digit';
      /** [784], 0 to 1. */
      readonly pixels: Float32Array;
      readonly steps: NormalizationSteps;
    }
  /** Nothing in the drawing could be a digit; the reason is a sentence. */
  | { readonly kind: 'empty'; readonly reason: string };

/** Side of MNIST's images, and of the box into which its digits are scaled, in pixels. */
const fieldSide = 28;
const boxSide = 20;
/**
 * The center of mass is placed at the center of the pixel with index 14, as in MNIST, whose digits all have their
 * center of mass within half a pixel of index 14 (not of 13.5, the middle of 28 pixels).
 */
const fieldCenter = 14.5;
/** If all ink is fainter than this, nothing is drawn. */
const minInk = 0.08;
/** Ink fainter than this fraction of the strongest ink does not widen the bounding box. */
const boxThreshold = 0.15;
/** A drawing whose mean ink is more than this fraction of the strongest ink shows no paper. */
const maxMeanInk = 0.9;
/** Thickness as a fraction of the length. It is estimated so that a disc or a square has one half. */
const dotThickness = 0.42;

/**
 * Normalizes a drawing as MNIST does: crops it to its ink, scales it to fit 20 × 20 with its aspect ratio and
 * anti-aliasing, brings the strokes into MNIST's range of thickness, and moves its center of mass to the center of
 * 28 × 28 (LeCun, Cortes, Burges, "The MNIST database of handwritten digits"). MNIST's own images stay nearly the
 * same.
 *
 * @param image of any size; values outside [0, 1] are clipped, NaN is treated as paper
 */
export function normalizeDigit(image: GrayImage): NormalizedDigit {
  const { clean, strongest, mean } = examine(image);
  if (strongest < minInk) return { kind: 'empty', reason: 'Nothing is drawn.' };
  if (mean > maxMeanInk * strongest) {
    return { kind: 'empty', reason: 'Everything is filled, so no digit stands out.' };
  }

  const box = inkBox(clean, boxThreshold * strongest);
  const cropped = crop(clean, box);
  for (let i = 0; i < cropped.pixels.length; i++) cropped.pixels[i]! /= strongest;
  const scale = boxSide / Math.max(box.width, box.height);
  const fine = scaleInto(cropped, scale, finePerPixel, 'linear');
  const thickness = strokeThickness(fine) / finePerPixel;
  if (thickness > dotThickness * boxSide) {
    return { kind: 'empty', reason: 'Only a dot is drawn; a digit needs strokes.' };
  }
  const corrected = correctThickness(fine, thickness);
  const scaled = corrected ? scaleToFit(corrected) : scaleInto(cropped, scale, 1, 'area');
  const shift = centeringShift(scaled);
  const steps = { box, cropped, scaled, shift, thickness };
  return { kind: 'digit', pixels: place(scaled, shift), steps };
}

/** The image clipped to [0, 1], its strongest ink and its mean ink. */
function examine({ width, height, pixels }: GrayImage) {
  const clean = blankImage(width, height);
  let strongest = 0;
  let sum = 0;
  for (let i = 0; i < clean.pixels.length; i++) {
    const ink = pixels[i]!;
    if (!(ink > 0)) continue; // NaN too
    const within = Math.min(1, ink);
    clean.pixels[i] = within;
    sum += within;
    if (within > strongest) strongest = within;
  }
  return { clean, strongest, mean: sum / clean.pixels.length };
}

/** The bounding box of all ink of at least `threshold`; there must be some. */
function inkBox({ width, height, pixels }: GrayImage, threshold: number): Box {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[y * width + x]! < threshold) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Scales all of an image by `scale` × `detail`, to a whole number of `detail` pixels each way. */
function scaleInto(
  image: GrayImage,
  scale: number,
  detail: number,
  spread: 'area' | 'linear',
): GrayImage {
  const pixels = (length: number): number =>
    // Slightly less, so that rounding errors do not add a column.
    Math.max(1, Math.ceil(length * scale - 1e-6)) * detail;
  const size = { width: pixels(image.width), height: pixels(image.height) };
  return resample(image, size, { left: 0, top: 0, scale: scale * detail }, spread);
}

/** Crops an image to its ink and scales it to fit 20 × 20. */
function scaleToFit(image: GrayImage): GrayImage {
  const strongest = image.pixels.reduce((most, ink) => Math.max(most, ink), 0);
  const ink = crop(image, inkBox(image, boxThreshold * strongest));
  return scaleInto(ink, boxSide / Math.max(ink.width, ink.height), 1, 'area');
}

/** The shift, in whole pixels, that moves the center of mass of a scaled image to the center of the field. */
function centeringShift({ width, height, pixels }: GrayImage): { dx: number; dy: number } {
  let [mass, sumX, sumY] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const ink = pixels[y * width + x]!;
      mass += ink;
      sumX += ink * (x + 0.5);
      sumY += ink * (y + 0.5);
    }
  }
  // A lopsided image must still stay inside the field.
  const within = (shift: number, length: number) =>
    Math.max(0, Math.min(fieldSide - length, Math.round(shift)));
  return {
    dx: within(fieldCenter - sumX / mass, width),
    dy: within(fieldCenter - sumY / mass, height),
  };
}

function place(image: GrayImage, { dx, dy }: { dx: number; dy: number }): Float32Array {
  const field = blankImage(fieldSide, fieldSide);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      const ink = image.pixels[y * image.width + x]!;
      field.pixels[(y + dy) * fieldSide + x + dx] = Math.max(0, Math.min(1, ink));
    }
  }
  return field.pixels;
}
