/** The class with the largest output, and that output. */
export interface Prediction {
  readonly digit: number;
  readonly confidence: number;
}

/**
 * @param probabilities [count × classes]
 * @param index which of the images; of equal outputs, the first counts
 */
export function findPrediction(probabilities: Float32Array, index = 0, count = 1): Prediction {
  const classes = probabilities.length / count;
  const outputs = probabilities.subarray(index * classes, (index + 1) * classes);
  let digit = 0;
  for (let candidate = 1; candidate < outputs.length; candidate++) {
    if (outputs[candidate]! > outputs[digit]!) digit = candidate;
  }
  return { digit, confidence: outputs[digit] ?? 0 };
}
