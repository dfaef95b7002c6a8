import type { ImageSet } from '../../data/imageSet.ts';
import {
  type AttackPredictions,
  type FirstLayerWeights,
  type InputGradients,
  type LossLandscape,
  type Predictions,
  type Pictures,
  pointAt,
  type QuestionOf,
} from '../../domain/analysis/inspection.ts';
import type { Attack } from '../../domain/metrics.ts';
import { hashAt, hashKey } from '../../domain/random.ts';
import { attackBatch } from '../attacks.ts';
import type { Backend, Matrix } from '../backends/backend.ts';
import { attackGradient, forward, type ForwardPass, inputGradient } from '../backprop.ts';
import { piecesOf } from '../activations.ts';
import type { Network } from '../network.ts';
import { attackUpToLastPart, chunkSizeFor, stepsOf } from '../pieces.ts';
import { outputProbabilities } from '../probabilities.ts';
import { readResults } from '../readResults.ts';

/** Weights of the first layer's units `first` to `first + count − 1`, or fewer where the layer ends. */
export async function readFirstLayer(
  backend: Backend,
  network: Network,
  first: number,
  count: number,
): Promise<FirstLayerWeights> {
  const { parameters, units, activation } = network.layers[0]!;
  const pieces = piecesOf(activation);
  const { rows, columns } = parameters;
  const features = rows - 1;
  const values = await backend.read(parameters);
  const firstColumn = Math.min(first, units) * pieces;
  const columnCount = Math.min(first + count, units) * pieces - firstColumn;
  const images = new Float32Array(Math.max(0, columnCount) * features);
  const biases = new Float32Array(Math.max(0, columnCount));
  for (let image = 0; image < columnCount; image++) {
    for (let i = 0; i < features; i++) {
      images[image * features + i] = values[i * columns + firstColumn + image]!;
    }
    biases[image] = values[features * columns + firstColumn + image]!;
  }
  const weights = values.subarray(0, features * columns);
  return { first, images, biases, features, pieces, units, ...measureMagnitudes(weights) };
}

const magnitudeBins = 2048;

/** The largest absolute value, and the 99th percentile of the absolute values, to 1/2047 of the largest. */
function measureMagnitudes(
  values: Float32Array | Float64Array,
): Pick<FirstLayerWeights, 'largest' | 'percentile99'> {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return { largest, percentile99: 0 };
  const counts = new Uint32Array(magnitudeBins);
  const toBin = (magnitudeBins - 1) / largest;
  for (const value of values) counts[Math.ceil(Math.abs(value) * toBin)]!++;
  let seen = 0;
  let bin = 0;
  while (seen + counts[bin]! < 0.99 * values.length) seen += counts[bin++]!;
  return { largest, percentile99: bin / toBin };
}

/**
 * ∂J/∂x of each image, J being the loss of that image alone.
 *
 * @param images [n × features], 0 to 1, in the network's pixel order
 * @param labels [n]
 */
export async function computeInputGradients(
  backend: Backend,
  network: Network,
  images: Float32Array,
  labels: Uint8Array,
): Promise<InputGradients> {
  const count = labels.length;
  const { logits, scores, gradients } = await readResults(backend, () => {
    const x = backend.upload(images, count, images.length / count);
    const y = backend.upload(labels, count, 1);
    const pass = forward(backend, network, x);
    const mean = inputGradient(backend, network, pass, y);
    return {
      logits: pass.logits,
      scores: scoreEach(backend, network, pass, y),
      // The backend computes the gradient of the mean over the batch.
      gradients: backend.blend(count, mean, 0, mean),
    };
  });
  return {
    gradients: Float32Array.from(gradients),
    losses: lossesOf(scores),
    probabilities: outputProbabilities(logits, logits.length / count, network.loss),
  };
}

/** The loss and error of each image [n × 2]. */
function scoreEach(
  backend: Backend,
  { loss }: Network,
  { logits }: ForwardPass,
  labels: Matrix,
): Matrix {
  const scores = backend.zeros(logits.rows, 2);
  backend.addScores(scores, logits, labels, loss);
  return scores;
}

function lossesOf(scores: ArrayLike<number>): Float32Array {
  return Float32Array.from({ length: scores.length / 2 }, (_, i) => scores[2 * i]!);
}

/**
 * Predictions for each of the first `count` images of a set, clean and attacked, with the same passes as `evaluate`.
 *
 * @param yieldToEventLoop awaited between pieces, so that the caller can handle messages; throws to stop
 */
export async function computePredictions(
  backend: Backend,
  network: Network,
  set: ImageSet,
  count: number,
  attack: Attack,
  yieldToEventLoop: () => Promise<void>,
): Promise<Omit<AttackPredictions, 'split'>> {
  const labels = set.labels.slice(0, count);
  const clean = emptyPredictions(count);
  const attacked = emptyPredictions(count);
  const chunkSize = chunkSizeFor(network, attack);
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
    const logits = await readResults(backend, () => {
      const [x, y] = load();
      const pass = forward(backend, network, x);
      const adversarialImages = attackBatch(backend, network, x, y, attack, pass, from, last);
      return { clean: pass.logits, attacked: forward(backend, network, adversarialImages).logits };
    });
    writePredictions(clean, from, rowsOf(logits.clean, length), labels, network);
    writePredictions(attacked, from, rowsOf(logits.attacked, length), labels, network);
    await yieldToEventLoop();
  }
  return { attack, labels, clean, attacked };
}

function emptyPredictions(count: number): Predictions {
  return {
    predictions: new Uint8Array(count),
    margins: new Float32Array(count),
    confidences: new Float32Array(count),
  };
}

/** Writes the predictions that follow from logits, a row per image, for the images from `first` on. */
function writePredictions(
  { predictions, margins, confidences }: Predictions,
  first: number,
  logits: readonly (Float32Array | Float64Array)[],
  labels: Uint8Array,
  { loss }: Network,
): void {
  logits.forEach((z, i) => {
    const label = labels[first + i]!;
    const classes = z.length;
    let predicted = 0;
    let other = -Infinity;
    for (let j = 0; j < classes; j++) {
      if (z[j]! > z[predicted]!) predicted = j;
      if (j !== label) other = Math.max(other, z[j]!);
    }
    predictions[first + i] = predicted;
    margins[first + i] = z[label]! - other;
    confidences[first + i] = outputProbabilities(z, classes, loss)[predicted]!;
  });
}

/**
 * Reads images of a set, clean and attacked exactly as in `computePredictions`.
 *
 * @param yieldToEventLoop awaited between pieces; throws to stop
 */
export async function readSamples(
  backend: Backend,
  network: Network,
  set: ImageSet,
  indices: readonly number[],
  attack: Attack,
  yieldToEventLoop: () => Promise<void>,
): Promise<Pictures> {
  const images = new Float32Array(indices.length * set.features);
  const attacked = new Float32Array(indices.length * set.features);
  for (const [i, index] of indices.entries()) {
    // One at a time, because an image's random numbers follow from its index in the set.
    const at = Uint32Array.of(index);
    const load = () => [backend.loadImages(set, at), backend.loadLabels(set, at)] as const;
    const last = await attackUpToLastPart(
      backend,
      network,
      stepsOf(attack),
      1,
      (part) => attackBatch(backend, network, ...load(), attack, undefined, index, part),
      yieldToEventLoop,
    );
    const read = await readResults(backend, () => {
      const [x, y] = load();
      return {
        image: x,
        attacked: attackBatch(backend, network, x, y, attack, undefined, index, last),
      };
    });
    images.set(read.image, i * set.features);
    attacked.set(read.attacked, i * set.features);
    await yieldToEventLoop();
  }
  return { indices, images, attacked };
}

/** The losses around an image; see LossLandscape. */
export async function computeLossLandscape(
  backend: Backend,
  network: Network,
  query: QuestionOf<'losses'>,
  yieldToEventLoop: () => Promise<void>,
): Promise<LossLandscape> {
  const { image, label, epsilon, seed, linePoints, surfacePoints } = query;
  const labels = Uint8Array.of(label);
  const { gradients } = await readResults(backend, () => {
    const x = backend.upload(image, 1, image.length);
    const pass = forward(backend, network, x);
    const y = backend.upload(labels, 1, 1);
    return { gradients: attackGradient(backend, network, pass, y, network.loss) };
  });
  const key = hashKey(seed, 'attackSigns', 0, 0);
  const points: (readonly [a: number, b: number])[] = [];
  for (let i = 0; i < linePoints; i++) points.push([pointAt(i, linePoints, epsilon), 0]);
  for (let i = 0; i < linePoints; i++) points.push([0, pointAt(i, linePoints, epsilon)]);
  for (let row = 0; row < surfacePoints; row++) {
    const b = pointAt(row, surfacePoints, epsilon);
    for (let i = 0; i < surfacePoints; i++) points.push([pointAt(i, surfacePoints, epsilon), b]);
  }
  const losses = new Float32Array(points.length);
  const predictions = new Uint8Array(points.length);
  const chunkSize = chunkSizeFor(network, { kind: 'random-signs', epsilon, clip: true, seed });
  for (let from = 0; from < points.length; from += chunkSize) {
    const chunk = points.slice(from, from + chunkSize);
    const images = new Float32Array(chunk.length * image.length);
    chunk.forEach(([a, b], n) => {
      for (let i = 0; i < image.length; i++) {
        const r = (hashAt(key, i) & 1) === 0 ? -1 : 1;
        const pixel = image[i]! + a * Math.sign(gradients[i]!) + b * r;
        images[n * image.length + i] = Math.min(1, Math.max(0, pixel));
      }
    });
    const { logits, scores } = await readResults(backend, () => {
      const x = backend.upload(images, chunk.length, image.length);
      const y = backend.upload(new Float32Array(chunk.length).fill(label), chunk.length, 1);
      const pass = forward(backend, network, x);
      return { logits: pass.logits, scores: scoreEach(backend, network, pass, y) };
    });
    losses.set(lossesOf(scores), from);
    predictions.set(
      rowsOf(logits, chunk.length).map((z) => z.indexOf(Math.max(...z))),
      from,
    );
    await yieldToEventLoop();
  }
  const surfaceStart = 2 * linePoints;
  return {
    adversarial: losses.slice(0, linePoints),
    random: losses.slice(linePoints, surfaceStart),
    surface: losses.slice(surfaceStart),
    predictions: predictions.slice(surfaceStart),
  };
}

/** The rows of a matrix, as views of its values. */
function rowsOf<V extends Float32Array | Float64Array>(values: V, count: number): V[] {
  const columns = values.length / count;
  return Array.from(
    { length: count },
    (_, row) => values.subarray(row * columns, (row + 1) * columns) as V,
  );
}
