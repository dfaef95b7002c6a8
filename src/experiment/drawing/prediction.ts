/** The class with the largest of ten outputs, and that output. */
export interface Prediction {
  readonly digit: number;
  readonly confidence: number;
}

/**
 * @param probabilities [n × 10]
 * @param index which of the n images; of equal outputs, the first counts
 */
export function findPrediction(probabilities: Float32Array, index = 0): Prediction {
  const outputs = probabilities.subarray(index * 10, (index + 1) * 10);
  let digit = 0;
  for (let candidate = 1; candidate < outputs.length; candidate++) {
    if (outputs[candidate]! > outputs[digit]!) digit = candidate;
  }
  return { digit, confidence: outputs[digit] ?? 0 };
}
