import type { ImageSet } from '../data/imageSet.ts';
import type { Attack, AttackedImages, Score } from '../shared/metrics.ts';
import { permutePixels, type PixelOrder, restorePixels } from '../shared/pixelOrder.ts';
import { attackBatch } from './attacks.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import { forward } from './backprop.ts';
import type { Network } from './network.ts';
import { outputProbabilities } from './probabilities.ts';

/** Images evaluated at once at most: enough to fill a GPU. */
const maxChunkSize = 500;
const minChunkSize = 16;
/** Multiply-adds of a chunk: so few that a pause is heard soon where the engine blocks its thread. */
const chunkWork = 200e6;

/** Images evaluated at once, by the passes that the attack takes through the network. */
export function chunkSizeFor(network: Network, attack: Attack): number {
  const weights = network.layers.reduce(
    (sum, { parameters }) => sum + parameters.rows * parameters.columns,
    0,
  );
  const passes = attack.kind === 'pgd' ? 2 + 2 * attack.steps : 3;
  const size = Math.floor(chunkWork / (weights * passes));
  return Math.max(minChunkSize, Math.min(maxChunkSize, size));
}

/** Mean loss and error rate over the `count` samples that were added to scores [·, 2]. */
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
 * Loss and error rate on the first `count` images, clean and under an attack made with the
 * network's own gradient.
 *
 * @param breathe awaited between chunks; lets the caller hear messages, or throw to stop
 */
export async function evaluate(
  backend: Backend,
  network: Network,
  set: ImageSet,
  count: number,
  attack: Attack,
  breathe: () => Promise<void>,
): Promise<{ clean: Score; adversarial: Score }> {
  const chunkSize = chunkSizeFor(network, attack);
  const size = Math.min(chunkSize, count);
  const cleanScores = backend.zeros(size, 2);
  const adversarialScores = backend.zeros(size, 2);
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
      // One chunk in flight: bounds the queue, and a message waits for one chunk at most.
      await backend.finished();
      await breathe();
    }
    return {
      clean: await readScores(backend, cleanScores, count),
      adversarial: await readScores(backend, adversarialScores, count),
    };
  } finally {
    backend.free(cleanScores, adversarialScores);
  }
}

/**
 * Attacks a few images and returns what a person wants to see of it.
 *
 * @param images [n × features], 0 to 1, as people see them
 * @param labels [n]
 * @param order in which the network gets their pixels; the attacked images come back as people see them
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
  const kept = backend.scope((keep) => {
    const x = backend.upload(permutePixels(images, order), labels.length, features);
    const y = backend.upload(labels, labels.length, 1);
    const pass = forward(backend, network, x);
    const attacked = attackBatch(backend, network, x, y, attack, pass, 0);
    const { logits } = forward(backend, network, attacked);
    return { clean: keep(pass.logits), attacked: keep(attacked), logits: keep(logits) };
  });
  try {
    const cleanLogits = await backend.read(kept.clean);
    const adversarialLogits = await backend.read(kept.logits);
    const classes = kept.logits.columns;
    return {
      attack,
      images,
      labels,
      adversarialImages: restorePixels(Float32Array.from(await backend.read(kept.attacked)), order),
      cleanProbabilities: outputProbabilities(cleanLogits, classes, network.loss),
      adversarialProbabilities: outputProbabilities(adversarialLogits, classes, network.loss),
    };
  } finally {
    backend.free(kept.clean, kept.attacked, kept.logits);
  }
}

/**
 * What a network answers to images.
 *
 * @param images [n × features] as people see them
 * @param order in which the network gets their pixels
 * @returns [n × classes] probabilities
 */
export async function classifyImages(
  backend: Backend,
  network: Network,
  images: Float32Array,
  features: number,
  order: PixelOrder | null = null,
): Promise<Float32Array> {
  const logits = backend.scope((keep) => {
    const x = backend.upload(permutePixels(images, order), images.length / features, features);
    return keep(forward(backend, network, x).logits);
  });
  try {
    return outputProbabilities(await backend.read(logits), logits.columns, network.loss);
  } finally {
    backend.free(logits);
  }
}
