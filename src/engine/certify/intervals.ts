import { activate } from '../backends/float64/formulas.ts';
import { type Activation, piecesOf } from '../activations.ts';

/** Lower and upper bounds of each element of a vector. */
export interface Interval {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** A layer's parameters in float64: weights [fanIn, columns] row by row, then the biases [columns]. */
export interface CertifiedLayer {
  readonly fanIn: number;
  readonly columns: number;
  readonly activation: Activation;
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

/** Sums in float64 of a few thousand terms are within this fraction of the sum of their sizes. */
export const sumError = 1e-12;

/** The images that an attack with this ε may make of an image, clipped to [0, 1]. */
export function ballAround(image: ArrayLike<number>, epsilon: number): Interval {
  return {
    lower: Float64Array.from(image, (pixel) => Math.max(0, pixel - epsilon)),
    upper: Float64Array.from(image, (pixel) => Math.min(1, pixel + epsilon)),
  };
}

/**
 * Bounds of z = x W + b for x in an interval (Gowal et al. 2018, equation 6), widened by what float64 may round, and
 * Σ_i |w_ic| max |x_i| of each column.
 */
export function affineBounds(
  { fanIn, columns, weights, biases }: CertifiedLayer,
  { lower, upper }: Interval,
): Interval & { readonly magnitudes: Float64Array } {
  const center = Float64Array.from(biases);
  const radius = new Float64Array(columns);
  const magnitudes = new Float64Array(columns);
  for (let i = 0; i < fanIn; i++) {
    const c = (lower[i]! + upper[i]!) / 2;
    const r = (upper[i]! - lower[i]!) / 2;
    const largest = Math.max(Math.abs(lower[i]!), Math.abs(upper[i]!));
    if (largest === 0) continue;
    const from = i * columns;
    for (let column = 0; column < columns; column++) {
      const w = weights[from + column]!;
      const size = Math.abs(w);
      center[column]! += w * c;
      radius[column]! += size * r;
      magnitudes[column]! += size * largest;
    }
  }
  const error = magnitudes.map((size, c) => sumError * (size + Math.abs(biases[c]!)));
  return {
    lower: center.map((value, c) => value - radius[c]! - error[c]!),
    upper: center.map((value, c) => value + radius[c]! + error[c]!),
    magnitudes,
  };
}

/** Bounds of h = f(z), [units], for z within [units × pieces]; every f is monotone. */
export function activationBounds(activation: Activation, { lower, upper }: Interval): Interval {
  const pieces = piecesOf(activation);
  const bound = (z: Float64Array) =>
    Float64Array.from({ length: z.length / pieces }, (_, unit) =>
      activate(activation, z.subarray(unit * pieces, (unit + 1) * pieces)),
    );
  return { lower: bound(lower), upper: bound(upper) };
}

/**
 * Rows of W_y − W_j, [classes, fanIn], and b_y − b_j: the margins z_y − z_j as functions of the output layer's input.
 */
export function marginRows(
  { fanIn, columns, weights, biases }: CertifiedLayer,
  label: number,
): { readonly rows: Float64Array; readonly constants: Float64Array } {
  const rows = new Float64Array(columns * fanIn);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < fanIn; i++) {
      rows[j * fanIn + i] = weights[i * columns + label]! - weights[i * columns + j]!;
    }
  }
  return { rows, constants: biases.map((bias) => biases[label]! - bias) };
}

/** constant + the smallest value of each row's product with x, for x in an interval, less what float64 may round. */
export function smallestProducts(
  rows: ArrayLike<number>,
  constants: Float64Array,
  { lower, upper }: Interval,
): Float64Array {
  const width = lower.length;
  return constants.map((constant, row) => {
    let sum = constant;
    let size = Math.abs(constant);
    for (let i = 0; i < width; i++) {
      const a = rows[row * width + i]!;
      const term = a * (a > 0 ? lower[i]! : upper[i]!);
      sum += term;
      size += Math.abs(term);
    }
    return sum - sumError * size;
  });
}

/**
 * Lower bounds of the margins z_y − z_j by interval bound propagation (IBP, Gowal et al. 2018, arXiv 1810.12715),
 * [classes]; 0 at the label.
 */
export function intervalMargins(
  layers: readonly CertifiedLayer[],
  input: Interval,
  label: number,
): Float64Array {
  let interval = input;
  for (const layer of layers.slice(0, -1)) {
    interval = activationBounds(layer.activation, affineBounds(layer, interval));
  }
  const { rows, constants } = marginRows(layers.at(-1)!, label);
  const margins = smallestProducts(rows, constants, interval);
  margins[label] = 0;
  return margins;
}
