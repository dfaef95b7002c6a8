import type { PretrainedId } from '../../domain/pretrained.ts';
import firstScreenFile from './firstScreen.json' with { type: 'json' };
import { isTransformed } from '../../digits/transform.ts';
import type { DrawingState } from './drawingState.ts';
import type { Pad } from './pad.ts';
import type { Prediction } from './prediction.ts';

/** A pretrained network's predictions for one of the first screen's digits, before and after PGD. */
export interface FirstScreenNetwork {
  readonly before: Prediction;
  /** Under PGD at each of `preparedEpsilons`. */
  readonly after: readonly Prediction[];
  /** `padDigit` attacked at `attackEpsilon`, 784 bytes in base64; other digits have theirs in `attackedDigitFile` only. */
  readonly image?: string;
  /** The smallest ε found that changes the prediction; null if none did. */
  readonly smallestEpsilon: number | null;
  /** The largest ε, a multiple of 1/255, that is proven not to change it; 0 if there is none. */
  readonly provenEpsilon: number;
}

/** The file that `npm run first-screen` writes. */
export interface FirstScreen {
  /** Mean clean test errors of ReLU networks of 2 × 400 after `epochs`, as this project measured them. */
  readonly reproduced: {
    readonly epochs: number;
    readonly plain: number;
    readonly adversarial: number;
  };
  readonly attackEpsilon: number;
  /** Attack ε, ascending. */
  readonly preparedEpsilons: readonly number[];
  /** The first test image of each digit, 784 bytes in base64. */
  readonly digits: readonly string[];
  readonly networks: readonly {
    readonly id: PretrainedId;
    readonly digits: readonly FirstScreenNetwork[];
  }[];
}

export const firstScreen = firstScreenFile as FirstScreen;

/** Index of the prepared ε that is nearest to another. */
export function findPrepared(epsilon: number): number {
  const { preparedEpsilons } = firstScreen;
  const distances = preparedEpsilons.map((prepared) => Math.abs(prepared - epsilon));
  return distances.indexOf(Math.min(...distances));
}

/** The file of a digit's attacked versions, 784 bytes each: those of the first network by ascending ε, then of the next. */
export function attackedDigitFile(digit: number): string {
  return `first-screen/${digit}.bin`;
}

/** [784] one of them, by the positions of network and ε in `firstScreen`. */
export function cutAttackedDigit(
  bytes: Uint8Array,
  network: number,
  epsilon: number,
): Float32Array {
  const from = 784 * (network * firstScreen.preparedEpsilons.length + epsilon);
  return Float32Array.from(bytes.subarray(from, from + 784), (byte) => byte / 255);
}

/** [784] the pixels of an image in the file, 0 to 1 in steps of 1/255. */
export function decodePixels(base64: string): Float32Array {
  const bytes = atob(base64);
  const pixels = new Float32Array(bytes.length);
  // Not `from`, whose iterator makes a string of each byte: this runs before the first paint.
  for (let at = 0; at < pixels.length; at++) pixels[at] = bytes.charCodeAt(at) / 255;
  return pixels;
}

/** One test image of each digit, 0 to 9. */
export const firstDigits: readonly Float32Array[] = firstScreen.digits.map(decodePixels);

/** On the pad at first: a 4 that two of three networks take for another digit under the attack. */
export const padDigit = 4;
export const firstPad: Pad = { base: firstDigits[padDigit]!, strokes: [] };

/** The digit of the first screen that the networks get unchanged, or −1. */
export function findFirstDigit({
  pad,
  transform,
}: Pick<DrawingState, 'pad' | 'transform'>): number {
  const { base, strokes } = pad;
  if (base === null || strokes.length > 0 || isTransformed(transform)) return -1;
  return firstDigits.indexOf(base);
}

/** A stored pad that holds one of the first screen's digits, as that digit; any other as it is. */
export function recognizePad(pad: Pad): Pad {
  const { base, strokes } = pad;
  if (base === null || strokes.length > 0) return pad;
  const found = firstDigits.find((digit) =>
    digit.every((level, at) => Math.round(255 * level) === Math.round(255 * base[at]!)),
  );
  if (found === undefined) return pad;
  return found === firstPad.base ? firstPad : { base: found, strokes };
}
