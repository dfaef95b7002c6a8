import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { permutePixels, type PixelOrder } from '../../domain/pixelOrder.ts';
import { seededGenerator } from '../../domain/random.ts';
import type { Backend } from '../backends/backend.ts';
import { forward } from '../backprop.ts';
import type { Network } from '../network.ts';
import { chunkSizeFor } from '../pieces.ts';
import { readResults } from '../readResults.ts';

/** What an attack may do, and the seed of its random numbers. */
export interface SquareOptions {
  readonly epsilon: number;
  readonly clip: boolean;
  readonly seed: number;
  /** Predictions that it may ask for, of each image. */
  readonly queries: number;
}

/** n images with their labels. */
export interface AttackedSet {
  /** [n × features], 0 to 1, in the pixel order of the data set. */
  readonly images: Float32Array;
  readonly labels: Uint8Array;
  /** Their indices in the set, which fix the random numbers of each image. */
  readonly indices: ArrayLike<number>;
}

/** Part of the pixels that the first squares cover; it halves as in the authors' schedule for 10,000 queries. */
const firstShare = 0.8;
const halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000].map((query) => query / 10_000);

/** Images as the attack sees them: squares of pixels, the same in every channel, one channel after the other. */
interface Shape {
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
}

/** Square images with one or three channels; anything else is one row. */
export function shapeOf(features: number): Shape {
  for (const channels of [1, 3]) {
    const side = Math.sqrt(features / channels);
    if (Number.isInteger(side)) return { channels, rows: side, columns: side };
  }
  return { channels: 1, rows: 1, columns: features };
}

/**
 * The Square attack for the maximum norm (Andriushchenko et al. 2020, arXiv 1912.00049, algorithms 1 and 2): random
 * search that uses predictions alone and no gradient, so it also fools networks whose gradients say nothing. It starts from
 * vertical stripes of ±ε, sets squares of pixels to ±ε, and keeps what makes the margin z_y − max z_j smaller.
 *
 * @param order the network's pixel order, if its pixels are permuted
 * @param yieldToEventLoop awaited in each query; throws to stop
 * @returns what the attack made [n × features], and of each image whether the network misclassifies that
 */
export async function squareAttack(
  backend: Backend,
  network: Network,
  { images, labels, indices }: AttackedSet,
  { epsilon, clip, seed, queries }: SquareOptions,
  order: PixelOrder | null,
  yieldToEventLoop: () => Promise<void>,
): Promise<{ readonly images: Float32Array; readonly isFooled: readonly boolean[] }> {
  const count = labels.length;
  const features = images.length / count;
  const shape = shapeOf(features);
  const generators = Array.from({ length: count }, (_, i) =>
    seededGenerator(seed, 'squareAttack', indices[i]!),
  );
  const randomSign = (i: number) => (uniformInt(generators[i]!, 0, 1) === 0 ? -epsilon : epsilon);
  const setPixel = (target: Float32Array, i: number, at: number, change: number) => {
    const pixel = images[i * features + at]! + change;
    target[i * features + at] = clip ? Math.min(1, Math.max(0, pixel)) : pixel;
  };
  const chunkSize = chunkSizeFor(network, null);
  const measureMargins = async (tried: Float32Array): Promise<Float64Array> => {
    const ordered = permutePixels(tried, order);
    const measured = new Float64Array(count);
    for (let from = 0; from < count; from += chunkSize) {
      const to = Math.min(count, from + chunkSize);
      const pixels = ordered.subarray(from * features, to * features);
      const { logits } = await readResults(backend, () => ({
        logits: forward(backend, network, backend.upload(pixels, to - from, features)).logits,
      }));
      measured.set(marginsOf(logits, labels.subarray(from, to)), from);
      await yieldToEventLoop();
    }
    return measured;
  };

  const best = new Float32Array(images.length);
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < shape.channels; channel++) {
      for (let column = 0; column < shape.columns; column++) {
        const change = randomSign(i);
        for (let row = 0; row < shape.rows; row++) {
          setPixel(best, i, (channel * shape.rows + row) * shape.columns + column, change);
        }
      }
    }
  }
  const margins = await measureMargins(best);
  for (let query = 1; query < queries; query++) {
    if (epsilon === 0 || margins.every((margin) => !(margin >= 0))) break;
    const tried = best.slice();
    const passed = halvings.filter((part) => query / queries > part).length;
    const area = firstShare * 0.5 ** passed * shape.rows * shape.columns;
    const side = Math.max(1, Math.round(Math.sqrt(area)));
    const height = Math.min(shape.rows, side);
    const width = Math.min(shape.columns, side);
    for (let i = 0; i < count; i++) {
      if (!(margins[i]! >= 0)) continue;
      const top = uniformInt(generators[i]!, 0, shape.rows - height);
      const left = uniformInt(generators[i]!, 0, shape.columns - width);
      for (let channel = 0; channel < shape.channels; channel++) {
        const change = randomSign(i);
        for (let row = top; row < top + height; row++) {
          for (let column = left; column < left + width; column++) {
            setPixel(tried, i, (channel * shape.rows + row) * shape.columns + column, change);
          }
        }
      }
    }
    const triedMargins = await measureMargins(tried);
    for (let i = 0; i < count; i++) {
      if (!(margins[i]! >= 0) || triedMargins[i]! >= margins[i]!) continue;
      margins[i] = triedMargins[i]!;
      best.set(tried.subarray(i * features, (i + 1) * features), i * features);
    }
  }
  // A margin that is no number is an error, too.
  return { images: best, isFooled: Array.from(margins, (margin) => !(margin >= 0)) };
}

/** z_y − max z_j over the other classes of each image, from logits [n × classes]. */
function marginsOf(logits: ArrayLike<number>, labels: Uint8Array): Float64Array {
  const classes = logits.length / labels.length;
  return Float64Array.from(labels, (label, i) => {
    let other = -Infinity;
    for (let j = 0; j < classes; j++) {
      if (j !== label) other = Math.max(other, logits[i * classes + j]!);
    }
    return logits[i * classes + label]! - other;
  });
}
