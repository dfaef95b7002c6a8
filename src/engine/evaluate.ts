import type { ImageSet } from '../data/imageSet.ts';
import type { Attack, AttackedImages, Score } from '../domain/metrics.ts';
import { permutePixels, type PixelOrder, restorePixels } from '../domain/pixelOrder.ts';
import { attackBatch } from './attacks.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import { forward } from './backprop.ts';
import type { Network } from './network.ts';
import { attackUpToLastPart, chunkSizeFor, stepsOf } from './pieces.ts';
import { outputProbabilities } from './probabilities.ts';
import { readResults } from './readResults.ts';

/** Mean loss and error rate of the `count` samples that were added to scores [·, 2]. */
export async function readScores(backend: Backend, scores: Matrix, count: number): Promise<Score> {
  const values = await backend.read(scores);
  let loss = 0;
  let errors = 0;
  for (let i = 0; i < values.length; i += 2) {
    loss += values[i]!;
    errors += values[i + 1]!;
  }
  return { loss: loss / count, errorRate: Math.round(errors) / count };
}

/**
 * Loss and error rate on the first `count` images of a set, clean and under an attack along the network's own
 * gradient (a white-box attack).
 *
 * @param yieldToEventLoop awaited between pieces, so that the caller can handle messages; throws to stop
 * @param mistakes [count] each, filled with 1 for the images that are misclassified
 */
export async function evaluate(
  backend: Backend,
  network: Network,
  set: ImageSet,
  count: number,
  attack: Attack,
  yieldToEventLoop: () => Promise<void>,
  mistakes?: { readonly clean: Uint8Array; readonly adversarial: Uint8Array },
): Promise<{ clean: Score; adversarial: Score }> {
  const chunkSize = chunkSizeFor(network, attack);
  const size = Math.min(chunkSize, count);
  const cleanScores = backend.zeros(size, 2);
  const adversarialScores = backend.zeros(size, 2);
  const marks = mistakes && [
    markMistakes(backend, cleanScores, mistakes.clean),
    markMistakes(backend, adversarialScores, mistakes.adversarial),
  ];
  try {
    for (let from = 0; from < count; from += chunkSize) {
      const length = Math.min(chunkSize, count - from);
      const indices = Uint32Array.from({ length }, (_, i) => from + i);
      const load = () =>
        [backend.loadImages(set, indices), backend.loadLabels(set, indices)] as const;
      const last = await attackUpToLastPart(
        backend,
        network,
        stepsOf(attack),
        length,
        (part) => attackBatch(backend, network, ...load(), attack, undefined, from, part),
        yieldToEventLoop,
      );
      backend.scope(() => {
        const [images, labels] = load();
        const pass = forward(backend, network, images);
        backend.addScores(cleanScores, pass.logits, labels, network.loss);
        const attacked = attackBatch(backend, network, images, labels, attack, pass, from, last);
        const { logits } = forward(backend, network, attacked);
        backend.addScores(adversarialScores, logits, labels, network.loss);
      });
      // One chunk in flight: this bounds the queue, and a message waits for one chunk at most.
      await backend.finished();
      for (const mark of marks ?? []) await mark(from, length);
      await yieldToEventLoop();
    }
    return {
      clean: await readScores(backend, cleanScores, count),
      adversarial: await readScores(backend, adversarialScores, count),
    };
  } finally {
    backend.free(cleanScores, adversarialScores);
  }
}

/** After each chunk: the images whose row of the scores has counted one more error. */
function markMistakes(backend: Backend, scores: Matrix, mistakes: Uint8Array) {
  const counted = new Float64Array(scores.rows);
  return async (from: number, length: number): Promise<void> => {
    const values = await backend.read(scores);
    for (let i = 0; i < length; i++) {
      const errors = values[2 * i + 1]!;
      mistakes[from + i] = errors > counted[i]! + 0.5 ? 1 : 0;
      counted[i] = errors;
    }
  };
}

/**
 * Attacks images; returns the adversarial images and the network's probabilities before and after.
 *
 * @param images [n × features], 0 to 1, in the pixel order of the data set
 * @param labels [n]
 * @param order the pixel order of the network, if its pixels are permuted. The adversarial images are returned in
 *   the order of the data set.
 * @param yieldToEventLoop awaited between pieces, if there is more than one (`isOnePiece`); throws to stop
 */
export async function attackImages(
  backend: Backend,
  network: Network,
  images: Float32Array,
  labels: Uint8Array,
  attack: Attack,
  order: PixelOrder | null = null,
  yieldToEventLoop: () => Promise<void> = () => Promise.resolve(),
): Promise<AttackedImages> {
  const count = labels.length;
  const features = images.length / count;
  const classes = network.layers.at(-1)!.units;
  const ordered = permutePixels(images, order);
  const adversarialImages = new Float32Array(images.length);
  const cleanProbabilities = new Float32Array(count * classes);
  const adversarialProbabilities = new Float32Array(count * classes);
  const chunkSize = chunkSizeFor(network, attack);
  for (let from = 0; from < count; from += chunkSize) {
    if (from > 0) await yieldToEventLoop();
    const to = Math.min(count, from + chunkSize);
    const length = to - from;
    const load = () =>
      [
        backend.upload(ordered.subarray(from * features, to * features), length, features),
        backend.upload(labels.subarray(from, to), length, 1),
      ] as const;
    const last = await attackUpToLastPart(
      backend,
      network,
      stepsOf(attack),
      length,
      (part) => attackBatch(backend, network, ...load(), attack, undefined, from, part),
      yieldToEventLoop,
    );
    const read = await readResults(backend, () => {
      const [x, y] = load();
      const pass = forward(backend, network, x);
      const attacked = attackBatch(backend, network, x, y, attack, pass, from, last);
      const { logits } = forward(backend, network, attacked);
      return { clean: pass.logits, attacked, logits };
    });
    const toProbabilities = (logits: ArrayLike<number>) =>
      outputProbabilities(logits, classes, network.loss);
    adversarialImages.set(read.attacked, from * features);
    cleanProbabilities.set(toProbabilities(read.clean), from * classes);
    adversarialProbabilities.set(toProbabilities(read.logits), from * classes);
  }
  return {
    attack,
    images,
    labels,
    adversarialImages: restorePixels(adversarialImages, order),
    cleanProbabilities,
    adversarialProbabilities,
  };
}

/**
 * A network's probabilities for images, without dropout.
 *
 * @param images [n × features], 0 to 1, in the pixel order of the data set
 * @param order the pixel order of the network, if its pixels are permuted
 * @param yieldToEventLoop awaited between pieces, if there is more than one (`isOnePiece`); throws to stop
 * @returns [n × classes]
 */
export async function classifyImages(
  backend: Backend,
  network: Network,
  images: Float32Array,
  features: number,
  order: PixelOrder | null = null,
  yieldToEventLoop: () => Promise<void> = () => Promise.resolve(),
): Promise<Float32Array> {
  const count = images.length / features;
  const classes = network.layers.at(-1)!.units;
  const ordered = permutePixels(images, order);
  const probabilities = new Float32Array(count * classes);
  const chunkSize = chunkSizeFor(network, null);
  for (let from = 0; from < count; from += chunkSize) {
    if (from > 0) await yieldToEventLoop();
    const to = Math.min(count, from + chunkSize);
    const pixels = ordered.subarray(from * features, to * features);
    const { logits } = await readResults(backend, () => ({
      logits: forward(backend, network, backend.upload(pixels, to - from, features)).logits,
    }));
    probabilities.set(outputProbabilities(logits, classes, network.loss), from * classes);
  }
  return probabilities;
}
