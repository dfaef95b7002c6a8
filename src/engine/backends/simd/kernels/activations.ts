// f(z), and f′ as a function of h = f(z), for four elements at once. The codes must match ../backend.ts.

export const LINEAR: i32 = 0;
export const LOGISTIC: i32 = 1;
export const TANH: i32 = 2;
export const RELU: i32 = 3;

@inline
function splat(value: f32): v128 {
  return f32x4.splat(value);
}

@inline
function horner(r: v128, sum: v128, coefficient: f32): v128 {
  return f32x4.add(splat(coefficient), f32x4.mul(r, sum));
}

/** exp(x) for x ≤ 0: x = n ln 2 + r, and exp(r) by its Taylor series. The WebGL backend has the same formula. */
function exponential(x: v128): v128 {
  x = f32x4.max(x, splat(-87));
  const n = f32x4.floor(f32x4.add(f32x4.mul(x, splat(1.44269504)), splat(0.5)));
  let r = f32x4.sub(x, f32x4.mul(n, splat(0.693359375)));
  r = f32x4.add(r, f32x4.mul(n, splat(0.000212194440)));
  let p = horner(r, splat(<f32>(1.0 / 5040.0)), <f32>(1.0 / 720.0));
  p = horner(r, p, <f32>(1.0 / 120.0));
  p = horner(r, p, <f32>(1.0 / 24.0));
  p = horner(r, p, <f32>(1.0 / 6.0));
  p = horner(r, p, 0.5);
  p = horner(r, p, 1);
  p = horner(r, p, 1);
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

function logistic(z: v128): v128 {
  const e = exponential(f32x4.neg(f32x4.abs(z)));
  const s = f32x4.div(splat(1), f32x4.add(splat(1), e));
  const result = v128.bitselect(s, f32x4.mul(e, s), f32x4.ge(z, splat(0)));
  // The clamp in exponential() hides NaN, but divergence must be visible.
  return v128.bitselect(result, z, f32x4.eq(z, z));
}

function tanh(z: v128): v128 {
  const size = f32x4.abs(z);
  const e = exponential(f32x4.mul(splat(-2), size));
  const unsigned = f32x4.div(f32x4.sub(splat(1), e), f32x4.add(splat(1), e));
  const sign = v128.and(z, i32x4.splat(0x80000000));
  const large = v128.or(unsigned, sign);
  const q = f32x4.mul(z, z);
  const series = horner(q, horner(q, splat(<f32>(2.0 / 15.0)), <f32>(-1.0 / 3.0)), 1);
  const small = f32x4.mul(z, series); // where 1 − e would cancel
  const result = v128.bitselect(large, small, f32x4.gt(size, splat(0.05)));
  return v128.bitselect(result, z, f32x4.eq(z, z));
}

export function activate(activation: i32, z: v128): v128 {
  if (activation == RELU) return f32x4.max(z, splat(0));
  if (activation == LOGISTIC) return logistic(z);
  if (activation == TANH) return tanh(z);
  return z;
}

@inline
export function slope(activation: i32, h: v128): v128 {
  if (activation == RELU) return v128.and(splat(1), f32x4.gt(h, splat(0)));
  if (activation == LOGISTIC) return f32x4.mul(h, f32x4.sub(splat(1), h));
  if (activation == TANH) return f32x4.sub(splat(1), f32x4.mul(h, h));
  return splat(1);
}
