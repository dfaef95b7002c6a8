import type { Loss } from '../domain/settings/config.ts';

/**
 * Probabilities [n × classes] from logits [n × classes]: softmax(z) for cross-entropy, and for binary
 * cross-entropy σ(z) of each class, whose sum need not be 1.
 *
 * Large logits round to the same probability. The prediction is the class with the largest logit (of equal ones the
 * first), so its probability is kept the largest: others that round to the same get the next smaller number.
 */
export function outputProbabilities(
  logits: ArrayLike<number>,
  classes: number,
  loss: Loss,
): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let from = 0; from < logits.length; from += classes) {
    let largest = -Infinity;
    let sum = 0;
    for (let j = from; j < from + classes; j++) largest = Math.max(largest, logits[j]!);
    for (let j = from; j < from + classes; j++) sum += Math.exp(logits[j]! - largest);
    for (let j = from; j < from + classes; j++) {
      const z = logits[j]!;
      probabilities[j] = loss === 'bce' ? 1 / (1 + Math.exp(-z)) : Math.exp(z - largest) / sum;
    }
    const predicted = from + indexOfLargest(logits, from, classes);
    // Where all round to 0, the smallest number above it.
    const most = probabilities[predicted]! || (logits[predicted]! < 0 ? 2 ** -149 : 0);
    if (most > 0) probabilities[predicted] = most;
    for (let j = from; j < from + classes; j++) {
      if (j !== predicted && probabilities[j]! >= most) probabilities[j] = below(most);
    }
  }
  return probabilities;
}

/** Of equal logits the first counts, as in evaluations. */
function indexOfLargest(logits: ArrayLike<number>, from: number, classes: number): number {
  let best = 0;
  for (let j = 1; j < classes; j++) if (logits[from + j]! > logits[from + best]!) best = j;
  return best;
}

/** The next smaller 32-bit float of a positive number. */
function below(value: number): number {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, value);
  bits.setUint32(0, bits.getUint32(0) - 1);
  return bits.getFloat32(0);
}
