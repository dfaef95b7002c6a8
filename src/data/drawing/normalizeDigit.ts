import { blankImage, type Box, crop, type GreyImage, resample } from './greyImage.ts';
import { correctThickness, finePerPixel, strokeThickness } from './strokeThickness.ts';

/** How a drawing became an input of the network. */
export interface NormalizationSteps {
  /** What holds the ink, in pixels of the drawing. */
  readonly box: Box;
  readonly cropped: GreyImage;
  /** Fits 20 × 20; strokes in MNIST's range of thickness. */
  readonly scaled: GreyImage;
  /** Where the scaled image's upper left corner lies in the 28 × 28 field, in whole pixels. */
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
  /** There is nothing that could be a digit; the reason is a sentence. */
  | { readonly kind: 'empty'; readonly reason: string };

/** Sides of MNIST's field and of the box that its digits are scaled into. */
const fieldSide = 28;
const boxSide = 20;
/**
 * Where the centre of mass goes: the centre of the pixel with index 14. So it is in MNIST's images, whose
 * centres are all within half a pixel of index 14, not of 13.5, the middle of 28 pixels.
 */
const fieldCentre = 14.5;
/** Fainter than this everywhere is nothing drawn. */
const faintestInk = 0.08;
/** Share of the strongest ink that belongs to the digit: fainter edges do not widen the box. */
const boxThreshold = 0.15;
/** A picture whose mean ink is above this has no paper left. */
const mostInk = 0.9;
/** Thickness as a share of the length; that of a disc or a square is a half, by the way it is estimated. */
const dotThickness = 0.42;

/**
 * Makes of a drawing what MNIST would: crops it to its ink, scales it into 20 × 20 with its aspect ratio
 * and anti-aliasing, brings the strokes into MNIST's range of thickness, and places it so that its
 * centre of mass is in the centre of 28 × 28 (LeCun, Cortes, Burges, "The MNIST database of handwritten
 * digits"). An image of MNIST itself passes nearly unchanged.
 *
 * @param image of any size; numbers outside 0 to 1 count as the nearest, NaN as paper
 */
export function normalizeDigit(image: GreyImage): NormalizedDigit {
  const { clean, strongest, mean } = examine(image);
  if (strongest < faintestInk) return { kind: 'empty', reason: 'Nothing is drawn.' };
  if (mean > mostInk * strongest) {
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
  const shift = centring(scaled);
  const steps = { box, cropped, scaled, shift, thickness };
  return { kind: 'digit', pixels: place(scaled, shift), steps };
}

/** The image with every pixel within 0 to 1, its strongest ink and its mean ink. */
function examine({ width, height, pixels }: GreyImage) {
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

/** The smallest box around all ink of at least `threshold`; there must be some. */
function inkBox({ width, height, pixels }: GreyImage, threshold: number): Box {
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
  image: GreyImage,
  scale: number,
  detail: number,
  spread: 'area' | 'linear',
): GreyImage {
  const pixels = (length: number): number =>
    // A hair less, so that rounding errors add no column.
    Math.max(1, Math.ceil(length * scale - 1e-6)) * detail;
  const size = { width: pixels(image.width), height: pixels(image.height) };
  return resample(image, size, { left: 0, top: 0, scale: scale * detail }, spread);
}

/** Crops an image to its ink and scales that into 20 × 20. */
function scaleToFit(image: GreyImage): GreyImage {
  const strongest = image.pixels.reduce((most, ink) => Math.max(most, ink), 0);
  const ink = crop(image, inkBox(image, boxThreshold * strongest));
  return scaleInto(ink, boxSide / Math.max(ink.width, ink.height), 1, 'area');
}

/** Where a scaled image must lie for its centre of mass to be in the centre, by whole pixels. */
function centring({ width, height, pixels }: GreyImage): { dx: number; dy: number } {
  let [mass, sumX, sumY] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const ink = pixels[y * width + x]!;
      mass += ink;
      sumX += ink * (x + 0.5);
      sumY += ink * (y + 0.5);
    }
  }
  // What is lopsided stays inside the field all the same.
  const within = (shift: number, length: number) =>
    Math.max(0, Math.min(fieldSide - length, Math.round(shift)));
  return {
    dx: within(fieldCentre - sumX / mass, width),
    dy: within(fieldCentre - sumY / mass, height),
  };
}

function place(image: GreyImage, { dx, dy }: { dx: number; dy: number }): Float32Array {
  const field = blankImage(fieldSide, fieldSide);
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      const ink = image.pixels[y * image.width + x]!;
      field.pixels[(y + dy) * fieldSide + x + dx] = Math.max(0, Math.min(1, ink));
    }
  }
  return field.pixels;
}
