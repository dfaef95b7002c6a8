/**
 * Exponential moving average: sᵢ = w · sᵢ₋₁ + (1 − w) · yᵢ, with s₀ = y₀.
 *
 * @param weight w, 0 (no smoothing) to below 1
 * @param restarts whether the average restarts at a point
 */
export function smooth(
  values: Float64Array,
  weight: number,
  restarts: (index: number) => boolean,
): Float64Array {
  const averages = new Float64Array(values.length);
  let average = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    const isFirst = index === 0 || restarts(index);
    average = isFirst ? value : weight * average + (1 - weight) * value;
    averages[index] = average;
  }
  return averages;
}
