// What may be said of a difference: between methods, from several seeds; between two networks, from the same images.

/** Mean and standard deviation of a sample (n − 1 in its denominator); a single value has no deviation. */
export function meanAndStd(values: readonly number[]): { mean: number; deviation: number | null } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, deviation: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/** Fewer seeds get no interval: with two, Student's t is 12.7, and it would say nothing. */
export const minSeeds = 3;

/** The mean of a sample, and how far the true mean may be from it. */
export interface MeanInterval {
  readonly count: number;
  readonly mean: number;
  /** Half the width of the 95 % confidence interval. */
  readonly reach: number;
}

/**
 * The mean of n values with its 95 % confidence interval, mean ± t · s / √n, with t of Student's distribution with n − 1
 * degrees of freedom (Student, "The Probable Error of a Mean", Biometrika 6, 1908).
 *
 * @returns null for fewer than two values
 */
export function meanInterval(values: readonly number[]): MeanInterval | null {
  const { mean, deviation } = meanAndStd(values);
  if (deviation === null) return null;
  const count = values.length;
  return { count, mean, reach: (findQuantile(count - 1) * deviation) / Math.sqrt(count) };
}

/** P(|T| ≥ |t|) of Student's distribution with ν degrees of freedom. */
export function twoSidedP(t: number, freedom: number): number {
  return findTail(Math.abs(t), freedom).p;
}

/**
 * P(|T| ≥ t) and how fast it falls with t, by Simpson's rule: with t = √ν · tan θ, the density of θ is proportional to
 * cos^(ν − 1) θ on (−π/2, π/2).
 */
function findTail(t: number, freedom: number): { readonly p: number; readonly fall: number } {
  const end = Math.atan(t / Math.sqrt(freedom));
  const density = (angle: number): number => Math.cos(angle) ** (freedom - 1);
  const inner = integrate(density, 0, end);
  const whole = inner + integrate(density, end, Math.PI / 2);
  const slope = Math.cos(end) ** 2 / Math.sqrt(freedom); // dθ/dt
  return { p: 1 - inner / whole, fall: (density(end) * slope) / whole };
}

const quantiles = new Map<number, number>();

/** The t that |T| exceeds with probability 5 %: half the width of a 95 % interval, in standard errors. */
export function findQuantile(freedom: number): number {
  const known = quantiles.get(freedom);
  if (known !== undefined) return known;
  // Newton's method comes from below: the quantile is at least the normal distribution's 1.96, and the tail is convex there.
  let t = 1.9;
  for (let step = 0, change = 1; change > 1e-12 && step < 60; step++) {
    const { p, fall } = findTail(t, freedom);
    change = (p - 0.05) / fall;
    t += change;
  }
  quantiles.set(freedom, t);
  return t;
}

function integrate(f: (x: number) => number, from: number, to: number): number {
  const pieces = 2000;
  const width = (to - from) / pieces;
  let sum = f(from) + f(to);
  for (let i = 1; i < pieces; i++) sum += (i % 2 === 0 ? 2 : 4) * f(from + i * width);
  return (sum * width) / 3;
}

/**
 * McNemar's exact test of whether two classifiers err equally often, from what they say of the same images (McNemar,
 * Psychometrika 12, 1947; the exact form as in Fagerland, Lydersen and Laake, BMC Medical Research Methodology 13:91,
 * 2013). Only images count that one of the two misclassifies: were both equally good, each of these would be the first
 * one's with probability 1/2. So p = 2 · P(X ≤ min(b, c)) with X binomial of n = b + c and 1/2, at most 1.
 *
 * @param onlyFirst images that only the first classifier misclassifies (b)
 * @param onlySecond images that only the second one misclassifies (c)
 * @returns the two-sided p
 */
export function testMcNemar(onlyFirst: number, onlySecond: number): number {
  const n = onlyFirst + onlySecond;
  // In logarithms: 2^n is beyond the largest number.
  let logTerm = -n * Math.LN2;
  let tail = 0;
  for (let i = 0; i <= Math.min(onlyFirst, onlySecond); i++) {
    if (i > 0) logTerm += Math.log((n - i + 1) / i);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}
