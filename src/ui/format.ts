/** 0.0123 as "1.23 %": error rates as the paper prints them. */
export function formatErrorRate(rate: number): string {
  return `${(rate * 100).toFixed(2)} %`;
}

/** A mean error rate and half of its 95 % interval: "3.52 ± 0.21 %". */
export function formatInterval({ mean, reach }: { readonly mean: number; readonly reach: number }) {
  return `${(mean * 100).toFixed(2)} ± ${(reach * 100).toFixed(2)} %`;
}

/**
 * 0.9871 as "98.7 %": a confidence, never rounded up to 100 %. The confidence of a diverged network
 * is not a number.
 */
export function formatConfidence(probability: number): string {
  if (!Number.isFinite(probability)) return 'not finite';
  const percent = Math.min(probability * 100, probability < 1 ? 99.9 : 100);
  return `${percent.toFixed(1)} %`;
}

export function formatEpsilon(epsilon: number): string {
  return epsilon.toFixed(2).padEnd(4, '0');
}

/** Three significant digits: 0.0421, 1.2, 2.3. */
export function formatLoss(loss: number): string {
  return loss.toPrecision(3);
}

/** Three significant digits, with an exponent where that is shorter: 0.0123, 1.2e−7; or that it is not a number. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return 'not finite';
  if (value === 0) return '0';
  const size = Math.abs(value);
  return withMinus(size < 1e-4 || size >= 1e5 ? value.toExponential(1) : value.toPrecision(3));
}

/** All digits of a number, with a proper minus: −0.08. */
export function formatSigned(value: number): string {
  return withMinus(String(value));
}

export function withMinus(text: string): string {
  return text.replaceAll('-', '−');
}

/** Two significant digits above ten, whole numbers: 21,000. */
export function formatSpeed(imagesPerSecond: number): string {
  const digits = Math.max(0, Math.floor(Math.log10(Math.max(imagesPerSecond, 1))) - 1);
  const unit = 10 ** digits;
  return formatCount(Math.round(imagesPerSecond / unit) * unit);
}

/** Seconds as 0:14, 12:05 or 1:02:09. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${parts.join(':')}` : parts.join(':').replace(/^0/, '');
}

/** 47,040,016 bytes as "47.0". */
export function formatMegabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** An epoch with enough digits to distinguish neighboring points: 0.0011, 0.33, 2, 2.5. */
export function formatEpoch(epoch: number): string {
  return String(Number(epoch < 0.1 ? epoch.toPrecision(2) : epoch.toFixed(2)));
}

/** Prevents line breaks between a number and its unit, ±, ε or article: "1.23 ± 0.04 %", "ε 0.08", "a 9". */
export function keepTogether(text: string): string {
  return text.replace(/ (?=[%±×])|(?<=[±×]) |(?<=ε|\ban?) (?=\d)/gu, '\u00a0');
}
