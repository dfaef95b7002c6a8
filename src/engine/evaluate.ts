import type { ImageSet } from '../data/imageSet.ts';
import type { Attack, AttackedImages, Score } from '../domain/metrics.ts';
import { permutePixels, type PixelOrder, restorePixels } from '../domain/pixelOrder.ts';
import { attackBatch } from './attacks.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import { forward } from './backprop.ts';
import type { Network } from './network.ts';
import { outputProbabilities } from './probabilities.ts';
import { readResults } from './readResults.ts';

/** Most images in one chunk: enough to keep a GPU busy. */
const maxChunkSize = 500;
const minChunkSize = 16;
/** Multiply-adds in one chunk, few enough that a backend that blocks its thread soon handles the next message. */
const chunkWork = 200e6;

/** Number of images in one chunk, given how many passes through the network the attack takes. */
export function chunkSizeFor(network: Network, attack: Attack): number {
  const weights = network.layers.reduce(
    (sum, { parameters }) => sum + parameters.rows * parameters.columns,
    0,
  );
  const passes = 'steps' in attack ? 2 + 2 * attack.steps : 3;
  const size = Math.floor(chunkWork / (weights * passes));
  return Math.max(minChunkSize, Math.min(maxChunkSize, size));
}

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
 * @param yieldToEventLoop awaited between chunks, so that the caller can handle messages; throws to stop
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
      backend.scope(() => {
        const images = backend.loadImages(set, indices);
        const labels = backend.loadLabels(set, indices);
        const pass = forward(backend, network, images);
        backend.addScores(cleanScores, pass.logits, labels, network.loss);
        const attacked = attackBatch(backend, network, images, labels, attack, pass, from);
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
 * Attacks a few images; returns the adversarial images and the network's probabilities before and after.
 *
 * @param images [n × features], 0 to 1, in the pixel order of the data set
 * @param labels [n]
 * @param order the pixel order of the network, if its pixels are permuted. The adversarial images are returned in
 *   the order of the data set.
 */
export async function attackImages(
  backend: Backend,
  network: Network,
  images: Float32Array,
  labels: Uint8Array,
  attack: Attack,
  order: PixelOrder | null = null,
): Promise<AttackedImages> {
  const features = images.length / labels.length;
  const read = await readResults(backend, () => {
    const x = backend.upload(permutePixels(images, order), labels.length, features);
    const y = backend.upload(labels, labels.length, 1);
    const pass = forward(backend, network, x);
    const attacked = attackBatch(backend, network, x, y, attack, pass, 0);
    const { logits } = forward(backend, network, attacked);
    return { clean: pass.logits, attacked, logits };
  });
  const classes = read.logits.length / labels.length;
  return {
    attack,
    images,
    labels,
    adversarialImages: restorePixels(Float32Array.from(read.attacked), order),
    cleanProbabilities: outputProbabilities(read.clean, classes, network.loss),
    adversarialProbabilities: outputProbabilities(read.logits, classes, network.loss),
  };
}

/**
 * A network's probabilities for images, without dropout.
 *
 * @param images [n × features], 0 to 1, in the pixel order of the data set
 * @param order the pixel order of the network, if its pixels are permuted
 * @returns [n × classes]
 */
export async function classifyImages(
  backend: Backend,
  network: Network,
  images: Float32Array,
  features: number,
  order: PixelOrder | null = null,
): Promise<Float32Array> {
  const count = images.length / features;
  const { logits } = await readResults(backend, () => {
    const x = backend.upload(permutePixels(images, order), count, features);
    return { logits: forward(backend, network, x).logits };
  });
  return outputProbabilities(logits, logits.length / count, network.loss);
}
