// The divergence of the outputs q of moved images from the outputs p of the images, and its deltas: only ten numbers per
// image, so these are plain loops in f64, and part 0 does all of it. float64/formulas.ts has the formulas.

import { BCE, largestLogit, logSum, logit, predicted, sigmoid } from './scores';

/** Where the delta is wanted; must match simd/backend.ts. */
const REFERENCE: i32 = 0;

@inline
function logSigmoid(z: f64): f64 {
  return min<f64>(z, 0) - NativeMath.log1p(NativeMath.exp(-abs(z)));
}

function divergence(z: usize, moved: usize, classes: i32, loss: i32): f64 {
  let total: f64 = 0;
  if (loss == BCE) {
    for (let j = 0; j < classes; j++) {
      const a = logit(z, j);
      const b = logit(moved, j);
      total += sigmoid(a) * (logSigmoid(a) - logSigmoid(b));
      total += sigmoid(-a) * (logSigmoid(-a) - logSigmoid(-b));
    }
    return total;
  }
  const sumP = logSum(z, classes);
  const sumQ = logSum(moved, classes);
  for (let j = 0; j < classes; j++) {
    const p = logit(z, j) - sumP;
    total += NativeMath.exp(p) * (p - (logit(moved, j) - sumQ));
  }
  return total;
}

/** σ(b) − σ(a), without the overflow of exp(a − b). */
@inline
function difference(a: f64, b: f64): f64 {
  const size =
    sigmoid(max<f64>(a, b)) * sigmoid(-min<f64>(a, b)) * -NativeMath.expm1(-abs<f64>(a - b));
  return b > a ? size : -size;
}

/** ∂D/∂logits at the images or at the moved ones, D being the mean over the batch. */
export function divergenceDelta(
  part: i32,
  parts: i32,
  logits: usize,
  movedLogits: usize,
  out: usize,
  rowBytes: usize,
  images: i32,
  classes: i32,
  loss: i32,
  side: i32,
): void {
  if (part > 0) return;
  for (let i = 0; i < images; i++) {
    const z = logits + <usize>i * rowBytes;
    const moved = movedLogits + <usize>i * rowBytes;
    const to = out + <usize>i * rowBytes;
    if (loss == BCE) {
      for (let j = 0; j < classes; j++) {
        const a = logit(z, j);
        const b = logit(moved, j);
        const delta =
          side == REFERENCE
            ? sigmoid(a) * sigmoid(-a) * (a - b)
            : difference(a, b);
        store<f32>(to + (<usize>j << 2), <f32>(delta / images));
      }
      continue;
    }
    const sumP = logSum(z, classes);
    const sumQ = logSum(moved, classes);
    const total = divergence(z, moved, classes, loss);
    for (let j = 0; j < classes; j++) {
      const p = logit(z, j) - sumP;
      const q = logit(moved, j) - sumQ;
      const delta =
        side == REFERENCE
          ? NativeMath.exp(p) * (p - q - total)
          : NativeMath.exp(q) - NativeMath.exp(p);
      store<f32>(to + (<usize>j << 2), <f32>(delta / images));
    }
  }
}

@inline
function tailPower(high: f64, low: f64): f64 {
  return min<f64>(high, 0) + min<f64>(-low, 0);
}

/** q − p times a positive factor of each image. */
export function divergenceAttackDelta(
  part: i32,
  parts: i32,
  logits: usize,
  movedLogits: usize,
  out: usize,
  rowBytes: usize,
  images: i32,
  classes: i32,
  loss: i32,
): void {
  if (part > 0) return;
  for (let i = 0; i < images; i++) {
    const z = logits + <usize>i * rowBytes;
    const moved = movedLogits + <usize>i * rowBytes;
    const to = out + <usize>i * rowBytes;
    if (loss == BCE) {
      let largest: f64 = -Infinity;
      for (let j = 0; j < classes; j++) {
        const a = logit(z, j);
        const b = logit(moved, j);
        largest = max<f64>(largest, tailPower(max<f64>(a, b), min<f64>(a, b)));
      }
      for (let j = 0; j < classes; j++) {
        const a = logit(z, j);
        const b = logit(moved, j);
        const high = max<f64>(a, b);
        const low = min<f64>(a, b);
        const tails = (1 + NativeMath.exp(-abs(high))) * (1 + NativeMath.exp(-abs(low)));
        const power = NativeMath.exp(tailPower(high, low) - largest);
        const size = (power * -NativeMath.expm1(low - high)) / tails;
        store<f32>(to + (<usize>j << 2), <f32>(b < a ? -size : size));
      }
      continue;
    }
    const c = predicted(z, classes);
    const topU = logit(z, c);
    const topV = largestLogit(moved, classes);
    let sumU: f64 = 0;
    let sumV: f64 = 0;
    let largest: f64 = -Infinity;
    for (let j = 0; j < classes; j++) {
      const u = logit(z, j) - topU;
      const v = logit(moved, j) - topV;
      sumU += NativeMath.exp(u);
      sumV += NativeMath.exp(v);
      if (j != c) largest = max<f64>(largest, max<f64>(u, v));
    }
    let others: f64 = 0;
    for (let j = 0; j < classes; j++) {
      if (j == c) continue;
      const rise = NativeMath.exp(logit(moved, j) - topV - largest) * sumU;
      const fall = NativeMath.exp(logit(z, j) - topU - largest) * sumV;
      others += rise - fall;
      store<f32>(to + (<usize>j << 2), <f32>(rise - fall));
    }
    store<f32>(to + (<usize>c << 2), <f32>(-others));
  }
}

/** Adds the divergence of each image, times the weight, to the first column of its row of scores. */
export function addDivergence(
  part: i32,
  parts: i32,
  scores: usize,
  logits: usize,
  movedLogits: usize,
  rowBytes: usize,
  images: i32,
  classes: i32,
  loss: i32,
  weight: f32,
): void {
  if (part > 0) return;
  for (let i = 0; i < images; i++) {
    const score = scores + (<usize>i << 5);
    const at = <usize>i * rowBytes;
    const total = divergence(logits + at, movedLogits + at, classes, loss);
    store<f32>(score, load<f32>(score) + weight * <f32>total);
  }
}
