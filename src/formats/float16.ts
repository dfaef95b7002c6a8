/** IEEE 754 binary16: 1 sign bit, 5 bits of exponent with a bias of 15, 10 bits of fraction. */
const fractionBits = 10;
const bias = 15;
/** Below 2⁻¹⁴ the numbers are subnormal: multiples of 2⁻²⁴. */
const smallestNormal = 2 ** -14;
const smallestStep = 2 ** -24;
/** From halfway between the largest number, 65504, and 2¹⁶ on, rounding would give infinity. */
const overflow = 65_520;

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** Rounds to the nearest whole number, and halfway cases to the even one. @param value not negative, below 2⁵¹ */
function roundHalfEven(value: number): number {
  return value + 2 ** 52 - 2 ** 52; // the sum has no bits for a fraction
}

/**
 * The 16 bits of the half-precision number nearest to a single-precision number; halfway cases are rounded to the one
 * whose last bit is 0.
 *
 * @throws RangeError if the value is not finite, or so large that it would become infinite
 */
export function toFloat16Bits(value: number): number {
  const size = Math.abs(value);
  if (!(size < overflow)) {
    throw new RangeError(`${value} is not a number that 16 bits can hold: they end at ±65504.`);
  }
  single[0] = value;
  const sign = (singleBits[0]! >>> 16) & 0x8000;
  if (size < smallestNormal) return sign + roundHalfEven(size / smallestStep);
  const exponent = ((singleBits[0]! >>> 23) & 0xff) - 127;
  // 1024 to 2048: the leading 1 and a carry are part of the exponent.
  const significand = roundHalfEven(size * 2 ** (fractionBits - exponent));
  return sign + ((exponent + bias - 1) << fractionBits) + significand;
}

/** By sign and exponent, the upper 6 bits: what a number with this fraction is, is scale × (lead + fraction). */
const exponents = Array.from({ length: 64 }, (_, upper) => {
  const [sign, exponent] = [upper & 0x20 ? -1 : 1, upper & 0x1f];
  if (exponent === 0) return { scale: sign * smallestStep, lead: 0 };
  return { scale: sign * 2 ** (exponent - bias - fractionBits), lead: 1024 };
});
const scales = Float64Array.from(exponents, ({ scale }) => scale);
const leads = Float64Array.from(exponents, ({ lead }) => lead);

/** The number that 16 bits represent, exactly; it may be ±infinity or NaN. */
export function fromFloat16Bits(bits: number): number {
  const upper = bits >>> fractionBits;
  const fraction = bits & 0x3ff;
  if ((upper & 0x1f) === 0x1f) return fraction === 0 ? scales[upper]! * Infinity : NaN;
  return scales[upper]! * (leads[upper]! + fraction);
}
