import type { TrainingClient } from '../../worker/client.ts';

/** This many consecutive test images almost certainly contain every digit. */
const blockSize = 200;

/** Most classes of which an image is offered. */
export const shownClasses = 10;

/** A digit of the test set. */
export interface TestDigit {
  readonly digit: number;
  /** [784] */
  readonly pixels: Float32Array;
}

/**
 * One test image of each digit.
 *
 * @param page selects different images of each digit: 0, 1, 2 …
 * @param available images in the test set
 * @throws LabError when the test set cannot be loaded
 */
export async function loadTestDigits(
  client: TrainingClient,
  page: number,
  available: number,
  signal: AbortSignal,
): Promise<readonly TestDigit[]> {
  const blocks = Math.max(1, Math.floor(available / blockSize));
  const first = (page % blocks) * blockSize;
  const count = Math.min(blockSize, available);
  const { images, labels } = await client.testImages(first, count, signal);
  return [...new Set(labels)]
    .toSorted((a, b) => a - b)
    .slice(0, shownClasses)
    .flatMap((digit) => {
      const place = labels.indexOf(digit);
      if (place < 0) return [];
      return [{ digit, pixels: images.slice(784 * place, 784 * (place + 1)) }];
    });
}
