/** Mean and standard deviation of a sample (n − 1 in its denominator); a single value has no deviation. */
export function meanAndStd(values: readonly number[]): { mean: number; deviation: number | null } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, deviation: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/** P(|T| ≥ |t|) of Student's distribution, by Simpson's rule on its density with x = √ν · tan θ. */
export function twoSidedP(t: number, freedom: number): number {
  const end = Math.atan(Math.abs(t) / Math.sqrt(freedom));
  // The density of θ is proportional to cos^(ν − 1) θ on (−π/2, π/2).
  const density = (angle: number): number => Math.cos(angle) ** (freedom - 1);
  const inner = integrate(density, 0, end);
  return 1 - inner / (inner + integrate(density, end, Math.PI / 2));
}

/** The t that |T| exceeds with probability 5 %: half the width of a 95 % interval, in standard errors. */
export function findQuantile(freedom: number): number {
  let [low, high] = [0, 1000];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (twoSidedP(middle, freedom) > 0.05) low = middle;
    else high = middle;
  }
  return low;
}

function integrate(f: (x: number) => number, from: number, to: number): number {
  const pieces = 2000;
  const width = (to - from) / pieces;
  let sum = f(from) + f(to);
  for (let i = 1; i < pieces; i++) sum += (i % 2 === 0 ? 2 : 4) * f(from + i * width);
  return (sum * width) / 3;
}
