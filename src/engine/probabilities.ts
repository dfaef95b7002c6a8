import type { Loss } from '../domain/settings/config.ts';

/**
 * Probabilities [n × classes] from logits [n × classes]: softmax(z) for cross-entropy, and for binary
 * cross-entropy σ(z) of each class, whose sum need not be 1.
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
  }
  return probabilities;
}
