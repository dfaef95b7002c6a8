export function percent(rate: number, digits = 2): string {
  return `${(100 * rate).toFixed(digits)} %`;
}

/** A difference of error rates in percentage points, with its sign: "+0.05". */
export function signedPoints(difference: number, digits = 2): string {
  const size = Math.abs(100 * difference).toFixed(digits);
  if (Number(size) === 0) return size;
  return `${difference > 0 ? '+' : '−'}${size}`;
}

/** "0.06": a standard error in percentage points. */
export function errorPoints({ standardError }: { readonly standardError: number }): string {
  return (100 * standardError).toFixed(2);
}

/** "−0.08 to +0.18". */
export function intervalText(
  { low, high }: { readonly low: number; readonly high: number },
  digits = 2,
): string {
  return `${signedPoints(low, digits)} to ${signedPoints(high, digits)}`;
}
