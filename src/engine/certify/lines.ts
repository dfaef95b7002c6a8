import { activate } from '../backends/float64/formulas.ts';
import { type Activation, piecesOf } from '../activations.ts';
import type { Interval } from './intervals.ts';

/**
 * Lines below and above a layer's units: slope_u · z_c(u) + intercept_u ≤ h_u for all z within its bounds, and the same
 * above. A unit's line uses one column of z; other maxout pieces have the slope 0.
 */
export interface Lines {
  /** [units × pieces] */
  readonly lowerSlopes: Float64Array;
  readonly upperSlopes: Float64Array;
  /** [units] */
  readonly lowerIntercepts: Float64Array;
  readonly upperIntercepts: Float64Array;
}

/** What rounding may add to an intercept, for values of f of size 1. */
const lineError = 1e-13;

/** The lines of every unit (Zhang et al. 2018, arXiv 1811.00866, section 3.3). */
export function findLines(activation: Activation, { lower, upper }: Interval): Lines {
  const pieces = piecesOf(activation);
  const columns = lower.length;
  const units = columns / pieces;
  const lines: Lines = {
    lowerSlopes: new Float64Array(columns),
    upperSlopes: new Float64Array(columns),
    lowerIntercepts: new Float64Array(units),
    upperIntercepts: new Float64Array(units),
  };
  for (let unit = 0; unit < units; unit++) {
    if (activation.type === 'maxout') setMaxoutLines(lines, unit, pieces, lower, upper);
    else if (activation.type === 'relu') setReluLines(lines, unit, lower[unit]!, upper[unit]!);
    else setSigmoidLines(lines, unit, activation, lower[unit]!, upper[unit]!);
  }
  return lines;
}

/**
 * Rectified linear units. Where z may have both signs, the upper line goes through the ends; the lower one is z or 0,
 * whichever leaves the smaller area.
 */
function setReluLines(lines: Lines, unit: number, lower: number, upper: number): void {
  if (upper <= 0) return;
  if (lower >= 0) {
    lines.lowerSlopes[unit] = 1;
    lines.upperSlopes[unit] = 1;
    return;
  }
  const slope = upper / (upper - lower);
  lines.upperSlopes[unit] = slope;
  lines.upperIntercepts[unit] = -slope * lower + lineError * (upper - lower);
  lines.lowerSlopes[unit] = upper > -lower ? 1 : 0;
}

/**
 * Maxout: one piece is a lower line, the one with the largest lower bound. It is the unit where no other piece can be
 * larger; else the upper line is the largest upper bound.
 */
function setMaxoutLines(
  lines: Lines,
  unit: number,
  pieces: number,
  lower: Float64Array,
  upper: Float64Array,
): void {
  const from = unit * pieces;
  let best = from;
  for (let c = from; c < from + pieces; c++) if (lower[c]! > lower[best]!) best = c;
  let largest = -Infinity;
  let isDecided = true;
  for (let c = from; c < from + pieces; c++) {
    largest = Math.max(largest, upper[c]!);
    // Not >: a bound that is no number decides nothing.
    if (c !== best && !(upper[c]! <= lower[best]!)) isDecided = false;
  }
  lines.lowerSlopes[best] = 1;
  if (isDecided) lines.upperSlopes[best] = 1;
  else lines.upperIntercepts[unit] = largest;
}

/**
 * Logistic and tanh units: convex left of 0, concave right of it. Where f is concave, the line through the ends is below
 * and the tangent in the middle above; where it is convex, the reverse. Where z may have both signs, each line goes
 * through one end and touches f on the other side of 0, or goes through both ends.
 */
function setSigmoidLines(
  lines: Lines,
  unit: number,
  activation: Activation,
  lower: number,
  upper: number,
): void {
  const f = (z: number) => activate(activation, [z]);
  const slopeAt = (z: number) => {
    const h = f(z);
    return activation.type === 'tanh' ? 1 - h * h : h * (1 - h);
  };
  const middle = (lower + upper) / 2;
  const chord = upper > lower ? (f(upper) - f(lower)) / (upper - lower) : slopeAt(middle);
  const set = (which: 'lower' | 'upper', slope: number, z: number) => {
    const sign = which === 'lower' ? -1 : 1;
    // A slope is rounded too: its error counts over the width of the interval.
    const error = lineError * (1 + Math.abs(slope) * (upper - lower + Math.abs(z)));
    lines[`${which}Slopes`][unit] = slope;
    lines[`${which}Intercepts`][unit] = f(z) - slope * z + sign * error;
  };
  if (lower >= 0) {
    set('lower', chord, lower);
    set('upper', slopeAt(middle), middle);
  } else if (upper <= 0) {
    set('lower', slopeAt(middle), middle);
    set('upper', chord, lower);
  } else {
    set('upper', findTangentSlope(f, slopeAt, lower, upper), lower);
    set('lower', findTangentSlope(f, slopeAt, upper, lower), upper);
  }
}

/**
 * The slope of a line through (start, f(start)) that touches f beyond 0, or that goes through (end, f(end)) if it would
 * touch later. It is rounded to the steeper side, where the line does not cross f.
 */
function findTangentSlope(
  f: (z: number) => number,
  slopeAt: (z: number) => number,
  start: number,
  end: number,
): number {
  const chordTo = (z: number) => (f(z) - f(start)) / (z - start);
  const isSteep = (z: number) => slopeAt(z) >= chordTo(z);
  if (isSteep(end)) return chordTo(end);
  let [steep, flat] = [0, end];
  for (let i = 0; i < 60; i++) {
    const z = (steep + flat) / 2;
    if (isSteep(z)) steep = z;
    else flat = z;
  }
  return slopeAt(steep);
}
