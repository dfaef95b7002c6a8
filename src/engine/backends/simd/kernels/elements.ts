// Element-wise operations: optimizer updates, perturbations, masks; in one file because all walk over blocks alike.

import { firstBlock } from './blocks';

@inline
function splat(value: f32): v128 {
  return f32x4.splat(value);
}

@inline
function mix(alpha: f32, a: v128, beta: f32, b: v128): v128 {
  return f32x4.add(f32x4.mul(splat(alpha), a), f32x4.mul(splat(beta), b));
}

// State that decays to zero would become denormal floats, which processors handle many times slower and which
// WebAssembly cannot flush. Both thresholds are far below what affects an update.

/** Moving average of squares with a floor, whose square root, at most 1e-14, is negligible beside eps. */
@inline
function mixSquares(alpha: f32, squares: v128, beta: f32, g: v128): v128 {
  return f32x4.add(mix(alpha, squares, beta, f32x4.mul(g, g)), splat(1e-30));
}

/** Replaces values below 1e-30 by zero; NaN stays NaN. */
@inline
function flushed(value: v128): v128 {
  return v128.andnot(value, f32x4.le(f32x4.abs(value), splat(1e-30)));
}

/** w ← w − η g. `count` is a number of floats, a multiple of 4. */
export function sgd(part: i32, parts: i32, w: usize, g: usize, count: i32, rate: f32): void {
  const end = <usize>firstBlock(count >> 2, part + 1, parts) << 4;
  for (let i = <usize>firstBlock(count >> 2, part, parts) << 4; i < end; i += 16) {
    v128.store(w + i, mix(1, v128.load(w + i), -rate, v128.load(g + i)));
  }
}

/** v ← μ v + g; w ← w − η v. */
export function momentum(part: i32, parts: i32, w: usize, g: usize, v: usize, count: i32, rate: f32, mu: f32): void {
  const end = <usize>firstBlock(count >> 2, part + 1, parts) << 4;
  for (let i = <usize>firstBlock(count >> 2, part, parts) << 4; i < end; i += 16) {
    const velocity = flushed(mix(mu, v128.load(v + i), 1, v128.load(g + i)));
    v128.store(v + i, velocity);
    v128.store(w + i, mix(1, v128.load(w + i), -rate, velocity));
  }
}

/** s ← α s + (1 − α) g²; w ← w − η g / (√s + eps). */
export function rmsprop(
  part: i32,
  parts: i32,
  w: usize,
  g: usize,
  s: usize,
  count: i32,
  rate: f32,
  alpha: f32,
  oneMinusAlpha: f32,
  eps: f32,
): void {
  const end = <usize>firstBlock(count >> 2, part + 1, parts) << 4;
  for (let i = <usize>firstBlock(count >> 2, part, parts) << 4; i < end; i += 16) {
    const gradient = v128.load(g + i);
    const squares = mixSquares(alpha, v128.load(s + i), oneMinusAlpha, gradient);
    v128.store(s + i, squares);
    if (!v128.any_true(gradient)) continue; // a pixel that is black in the whole batch: w − 0 is w, to the bit
    const root = f32x4.add(f32x4.sqrt(squares), splat(eps));
    const change = f32x4.div(f32x4.mul(splat(rate), gradient), root);
    v128.store(w + i, f32x4.sub(v128.load(w + i), change));
  }
}

/** Adam; `rate` includes the correction of the first moment. w ← w − rate m / (√(s c₂) + eps). */
export function adam(
  part: i32,
  parts: i32,
  w: usize,
  g: usize,
  m: usize,
  s: usize,
  count: i32,
  rate: f32,
  beta1: f32,
  oneMinusBeta1: f32,
  beta2: f32,
  oneMinusBeta2: f32,
  correction2: f32,
  eps: f32,
): void {
  const end = <usize>firstBlock(count >> 2, part + 1, parts) << 4;
  for (let i = <usize>firstBlock(count >> 2, part, parts) << 4; i < end; i += 16) {
    const gradient = v128.load(g + i);
    const moment = flushed(mix(beta1, v128.load(m + i), oneMinusBeta1, gradient));
    const squares = mixSquares(beta2, v128.load(s + i), oneMinusBeta2, gradient);
    v128.store(m + i, moment);
    v128.store(s + i, squares);
    const root = f32x4.sqrt(f32x4.mul(squares, splat(correction2)));
    const change = f32x4.div(f32x4.mul(splat(rate), moment), f32x4.add(root, splat(eps)));
    v128.store(w + i, f32x4.sub(v128.load(w + i), change));
  }
}

@inline
function clipped(x: v128, clip: i32): v128 {
  return clip ? f32x4.min(f32x4.max(x, splat(0)), splat(1)) : x;
}

/** x + ε sign(g), sign(0) = 0. */
export function addSignedStep(
  part: i32,
  parts: i32,
  x: usize,
  g: usize,
  out: usize,
  count: i32,
  epsilon: f32,
  clip: i32,
): void {
  const zero = splat(0);
  const step = splat(epsilon);
  const end = <usize>firstBlock(count >> 2, part + 1, parts) << 4;
  for (let i = <usize>firstBlock(count >> 2, part, parts) << 4; i < end; i += 16) {
    const gradient = v128.load(g + i);
    const up = v128.and(step, f32x4.gt(gradient, zero));
    const down = v128.and(step, f32x4.lt(gradient, zero));
    const perturbed = f32x4.sub(f32x4.add(v128.load(x + i), up), down);
    v128.store(out + i, clipped(perturbed, clip));
  }
}

/** out = a b. */
export function multiply(part: i32, parts: i32, a: usize, b: usize, out: usize, count: i32): void {
  const end = <usize>firstBlock(count >> 2, part + 1, parts) << 4;
  for (let i = <usize>firstBlock(count >> 2, part, parts) << 4; i < end; i += 16) {
    v128.store(out + i, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  }
}

@inline
function mix32(x: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x7feb352d));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** The counter-based hash of shared/random.ts at four indices from `index`. */
@inline
function hash(index: i32, key0: i32, key1: i32): v128 {
  const indices = i32x4.add(i32x4.splat(index + key0), i32x4(0, 1, 2, 3));
  return mix32(v128.xor(mix32(indices), i32x4.splat(key1)));
}

/** x + ε r with r = ±1 by the lowest bit of the hash. */
export function addRandomSigns(
  part: i32,
  parts: i32,
  x: usize,
  out: usize,
  rowBytes: usize,
  rows: i32,
  columns: i32,
  key0: i32,
  key1: i32,
  epsilon: f32,
  clip: i32,
): void {
  for (let r = firstBlock(rows, part, parts); r < firstBlock(rows, part + 1, parts); r++) {
    for (let c = 0; c < columns; c += 4) {
      const at = <usize>r * rowBytes + (<usize>c << 2);
      const odd = v128.and(hash(r * columns + c, key0, key1), i32x4.splat(1));
      const step = v128.bitselect(splat(epsilon), splat(-epsilon), i32x4.ne(odd, i32x4.splat(0)));
      v128.store(out + at, clipped(f32x4.add(v128.load(x + at), step), clip));
    }
  }
}

/** x + ε u with u uniform in [−1, 1), the upper 24 bits of the hash. */
export function addUniformNoise(
  part: i32,
  parts: i32,
  x: usize,
  out: usize,
  rowBytes: usize,
  rows: i32,
  columns: i32,
  key0: i32,
  key1: i32,
  epsilon: f32,
  clip: i32,
): void {
  for (let r = firstBlock(rows, part, parts); r < firstBlock(rows, part + 1, parts); r++) {
    for (let c = 0; c < columns; c += 4) {
      const at = <usize>r * rowBytes + (<usize>c << 2);
      const bits = i32x4.shr_u(hash(r * columns + c, key0, key1), 8);
      const unit = f32x4.mul(f32x4.convert_i32x4_s(bits), splat(<f32>(1.0 / 8388608.0)));
      const step = f32x4.mul(splat(epsilon), f32x4.sub(unit, splat(1)));
      v128.store(out + at, clipped(f32x4.add(v128.load(x + at), step), clip));
    }
  }
}

/** One step of PGD: from + size · sign(g), projected to within ε of x. */
export function addProjectedStep(
  part: i32,
  parts: i32,
  x: usize,
  from: usize,
  g: usize,
  out: usize,
  count: i32,
  size: f32,
  epsilon: f32,
  clip: i32,
): void {
  const zero = splat(0);
  const step = splat(size);
  const end = <usize>firstBlock(count >> 2, part + 1, parts) << 4;
  for (let i = <usize>firstBlock(count >> 2, part, parts) << 4; i < end; i += 16) {
    const gradient = v128.load(g + i);
    const image = v128.load(x + i);
    const up = v128.and(step, f32x4.gt(gradient, zero));
    const down = v128.and(step, f32x4.lt(gradient, zero));
    let change = f32x4.sub(v128.load(from + i), image);
    change = f32x4.sub(f32x4.add(change, up), down);
    change = f32x4.max(f32x4.min(change, splat(epsilon)), splat(-epsilon));
    v128.store(out + i, clipped(f32x4.add(image, change), clip));
  }
}

/** out = α a + β b. */
export function blend(
  part: i32,
  parts: i32,
  alpha: f32,
  a: usize,
  beta: f32,
  b: usize,
  out: usize,
  count: i32,
): void {
  const end = <usize>firstBlock(count >> 2, part + 1, parts) << 4;
  for (let i = <usize>firstBlock(count >> 2, part, parts) << 4; i < end; i += 16) {
    v128.store(out + i, mix(alpha, v128.load(a + i), beta, v128.load(b + i)));
  }
}

/** out = scale · x + shift. */
export function scaleAndShift(
  part: i32,
  parts: i32,
  x: usize,
  out: usize,
  count: i32,
  scale: f32,
  shift: f32,
): void {
  const end = <usize>firstBlock(count >> 2, part + 1, parts) << 4;
  for (let i = <usize>firstBlock(count >> 2, part, parts) << 4; i < end; i += 16) {
    v128.store(out + i, f32x4.add(f32x4.mul(splat(scale), v128.load(x + i)), splat(shift)));
  }
}

/** 0 where the hash is below the threshold, else `kept`. */
export function dropoutMask(
  part: i32,
  parts: i32,
  out: usize,
  rowBytes: usize,
  rows: i32,
  columns: i32,
  key0: i32,
  key1: i32,
  threshold: i32,
  kept: f32,
): void {
  for (let r = firstBlock(rows, part, parts); r < firstBlock(rows, part + 1, parts); r++) {
    for (let c = 0; c < columns; c += 4) {
      const isSaved = i32x4.ge_u(hash(r * columns + c, key0, key1), i32x4.splat(threshold));
      v128.store(out + <usize>r * rowBytes + (<usize>c << 2), v128.and(splat(kept), isSaved));
    }
  }
}

/** Converts rows of pixel bytes to floats, byte / 255. Whole rows with their padding are written. */
export function scalePixels(
  part: i32,
  parts: i32,
  pixels: usize,
  pixelsRow: usize,
  out: usize,
  rowBytes: usize,
  rows: i32,
): void {
  const full = splat(255);
  for (let r = firstBlock(rows, part, parts); r < firstBlock(rows, part + 1, parts); r++) {
    let from = pixels + <usize>r * pixelsRow;
    const end = out + <usize>(r + 1) * rowBytes;
    for (let to = out + <usize>r * rowBytes; to < end; to += 32) {
      const words = v128.load8x8_u(from);
      const low = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words));
      const high = f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(words));
      v128.store(to, f32x4.div(low, full));
      v128.store(to, f32x4.div(high, full), 16);
      from += 8;
    }
  }
}
