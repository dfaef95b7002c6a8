// Layer operations. Each call does one of `parts` equal parts, so that threads can share the work. Strides are in
// bytes; matrices are padded as described in gemm.ts. Each part has scratchBytes of scratch memory. Products skip the zeros
// of their left side (product.ts) unless skipZeros is 0.

import { activate, LINEAR, slope } from './activations';
import { firstBlock } from './blocks';
import { product } from './product';

/** f(x W + b) times mask (0: none). x [m × k], W [k × n] with the biases as row k. */
export function forward(
  part: i32,
  parts: i32,
  x: usize,
  xRow: usize,
  weights: usize,
  weightsRow: usize,
  mask: usize,
  out: usize,
  outRow: usize,
  m: i32,
  k: i32,
  n: i32,
  activation: i32,
  skipZeros: i32,
  scratch: usize,
  scratchBytes: usize,
): void {
  const own = scratch + <usize>part * scratchBytes;
  const blocks = (n + 7) >> 3;
  const from = firstBlock(blocks, part, parts) << 3;
  const to = firstBlock(blocks, part + 1, parts) << 3;
  const bias = weights + <usize>k * weightsRow;
  product(m, from, to, n, k, x, xRow, 4, weights, weightsRow, 4, out, outRow, bias, skipZeros, own);
  if (activation == LINEAR && mask == 0) return;
  for (let i = 0; i < m; i++) {
    const row = <usize>i * outRow;
    for (let j = <usize>from << 2; j < <usize>to << 2; j += 16) {
      let h = activate(activation, v128.load(out + row + j));
      if (mask != 0) h = f32x4.mul(h, v128.load(mask + row + j));
      v128.store(out + row + j, h);
    }
  }
}

/**
 * (δ Wᵀ) ∘ mask ∘ f′: δ [m × k], W [n × k] → [m × n]. h is the layer's output after its mask; a mask
 * is 0 or at least 1, so before it h was h / max(mask, 1).
 */
export function backward(
  part: i32,
  parts: i32,
  delta: usize,
  deltaRow: usize,
  weights: usize,
  weightsRow: usize,
  h: usize,
  mask: usize,
  out: usize,
  outRow: usize,
  m: i32,
  k: i32,
  n: i32,
  activation: i32,
  skipZeros: i32,
  scratch: usize,
  scratchBytes: usize,
): void {
  const own = scratch + <usize>part * scratchBytes;
  const blocks = (n + 7) >> 3;
  const from = firstBlock(blocks, part, parts) << 3;
  const to = firstBlock(blocks, part + 1, parts) << 3;
  product(m, from, to, n, k, delta, deltaRow, 4, weights, 4, weightsRow, out, outRow, 0, skipZeros, own);
  if (activation == LINEAR && mask == 0) return;
  const one = f32x4.splat(1);
  for (let i = 0; i < m; i++) {
    const row = <usize>i * outRow;
    for (let j = <usize>from << 2; j < <usize>to << 2; j += 16) {
      const scale = mask == 0 ? one : v128.load(mask + row + j);
      const output = f32x4.div(v128.load(h + row + j), f32x4.max(scale, one));
      const gradient = f32x4.mul(v128.load(out + row + j), scale);
      v128.store(out + row + j, f32x4.mul(gradient, slope(activation, output)));
    }
  }
}

/** [x 1]ᵀ δ: x [k × m], δ [k × n] → [m + 1 × n], the last row the sums of δ. */
export function weightGradient(
  part: i32,
  parts: i32,
  x: usize,
  xRow: usize,
  delta: usize,
  deltaRow: usize,
  out: usize,
  outRow: usize,
  m: i32,
  k: i32,
  n: i32,
  skipZeros: i32,
  scratch: usize,
  scratchBytes: usize,
): void {
  const own = scratch + <usize>part * scratchBytes;
  const blocks = (m + 5) / 6;
  const from = firstBlock(blocks, part, parts) * 6;
  const to = min(firstBlock(blocks, part + 1, parts) * 6, m);
  const rows = out + <usize>from * outRow;
  const columns = ((n + 7) >> 3) << 3;
  product(to - from, 0, columns, n, k, x + (<usize>from << 2), 4, xRow, delta, deltaRow, 4, rows, outRow, 0, skipZeros, own);
  if (part < parts - 1) return;
  const biases = out + <usize>m * outRow;
  for (let j: usize = 0; j < <usize>columns << 2; j += 16) {
    let sum = f32x4.splat(0);
    for (let b = 0; b < k; b++) sum = f32x4.add(sum, v128.load(delta + <usize>b * deltaRow + j));
    v128.store(biases + j, sum);
  }
}

/** The largest of each unit's pieces, times mask (0: none). z [m × units · pieces] → [m × units]. */
export function largestPieces(
  part: i32,
  parts: i32,
  z: usize,
  zRow: usize,
  mask: usize,
  out: usize,
  outRow: usize,
  m: i32,
  units: i32,
  pieces: i32,
): void {
  for (let i = firstBlock(m, part, parts); i < firstBlock(m, part + 1, parts); i++) {
    let from = z + <usize>i * zRow;
    const row = <usize>i * outRow;
    for (let u: usize = 0; u < <usize>units; u++) {
      let largest = load<f32>(from);
      for (let p = 1; p < pieces; p++) largest = max<f32>(largest, load<f32>(from + (<usize>p << 2)));
      if (mask != 0) largest *= load<f32>(mask + row + (u << 2));
      store<f32>(out + row + (u << 2), largest);
      from += <usize>pieces << 2;
    }
  }
}

/** Passes each unit's gradient, times mask, to its largest piece (the first of equal ones), and zero to the others. */
export function routeToLargestPieces(
  part: i32,
  parts: i32,
  gradient: usize,
  gradientRow: usize,
  z: usize,
  zRow: usize,
  mask: usize,
  out: usize,
  m: i32,
  units: i32,
  pieces: i32,
): void {
  for (let i = firstBlock(m, part, parts); i < firstBlock(m, part + 1, parts); i++) {
    const row = <usize>i * gradientRow;
    let at = <usize>i * zRow;
    for (let u: usize = 0; u < <usize>units; u++) {
      let winner = 0;
      let largest = load<f32>(z + at);
      for (let p = 1; p < pieces; p++) {
        const value = load<f32>(z + at + (<usize>p << 2));
        if (value > largest) {
          largest = value;
          winner = p;
        }
      }
      let value = load<f32>(gradient + row + (u << 2));
      if (mask != 0) value *= load<f32>(mask + row + (u << 2));
      for (let p = 0; p < pieces; p++) {
        store<f32>(out + at + (<usize>p << 2), p == winner ? value : 0);
      }
      at += <usize>pieces << 2;
    }
  }
}
