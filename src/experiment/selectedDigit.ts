import type { LabelledImages } from '../worker/client.ts';
import type { DrawingState } from './drawing/drawingState.ts';
import { findPrediction } from './drawing/prediction.ts';

/** The digit that detailed views show: a loaded test digit, or the drawing. */
export interface SelectedDigit {
  readonly kind: 'test' | 'drawing';
  /** Index of the test digit among the loaded examples. */
  readonly index: number;
  /** The class of the drawing; null uses the networks' prediction. */
  readonly drawnLabel: number | null;
}

export const initialSelectedDigit: SelectedDigit = { kind: 'test', index: 0, drawnLabel: null };

/** A digit among images [n × 784]; all three fields keep their identity while the digit does not change. */
export interface FoundDigit {
  readonly images: Float32Array;
  readonly index: number;
  readonly label: number;
}

interface Known {
  readonly selectedDigit: SelectedDigit;
  readonly examples: { readonly images: LabelledImages | null };
  readonly drawing: DrawingState;
}

/**
 * The selected digit, or null if there is none: no test images yet, an empty pad, or no prediction for it.
 *
 * @param networkId whose prediction labels an unlabeled drawing; by default the majority's, or 0
 */
export function findSelectedDigit(
  { selectedDigit, examples, drawing }: Known,
  networkId?: string,
): FoundDigit | null {
  if (selectedDigit.kind === 'drawing') {
    if (drawing.input === null) return null;
    const label = selectedDigit.drawnLabel ?? findDrawnLabel(drawing, networkId);
    return label === null ? null : { images: drawing.input, index: 0, label };
  }
  if (examples.images === null) return null;
  const { images, labels } = examples.images;
  const index = Math.min(selectedDigit.index, labels.length - 1);
  return { images, index, label: labels[index]! };
}

/** The networks' predictions for the drawing. */
export function findDrawnLabel(
  { predictions, predictedInput, input }: DrawingState,
  networkId?: string,
): number | null {
  if (networkId === undefined) return findMostFrequent(Object.values(predictions)) ?? 0;
  const prediction = predictedInput === input ? predictions[networkId] : undefined;
  return prediction ? findPrediction(prediction).digit : null;
}

/** [784] copied. */
export function pixelsOf({ images, index }: Pick<FoundDigit, 'images' | 'index'>): Float32Array {
  return images.slice(784 * index, 784 * (index + 1));
}

/** The most frequent class in several outputs [10]; of equally frequent ones the first; null without outputs. */
function findMostFrequent(outputs: readonly Float32Array[]): number | null {
  const digits = outputs.map((probabilities) => findPrediction(probabilities).digit);
  const countOf = (digit: number): number => digits.filter((other) => other === digit).length;
  return digits.reduce<number | null>(
    (best, digit) => (best === null || countOf(digit) > countOf(best) ? digit : best),
    null,
  );
}
