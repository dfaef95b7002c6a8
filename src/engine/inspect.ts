import type { ImageSet } from '../data/imageSet.ts';
import {
  type AttackOutcomes,
  type FirstLayerWeights,
  type InputGradients,
  type LossesAround,
  type Outcomes,
  type Pictures,
  placeAt,
  type QuestionOf,
} from '../shared/inspection.ts';
import type { Attack } from '../shared/metrics.ts';
import { hashAt, hashKey } from '../shared/random.ts';
import { attackBatch } from './attacks.ts';
import type { Backend, Matrix } from './backends/backend.ts';
import { forward, inputGradient } from './backprop.ts';
import { piecesOf } from './activations.ts';
import { chunkSizeFor } from './evaluate.ts';
import type { Network } from './network.ts';
import { outputProbabilities } from './probabilities.ts';

type Breathe = () => Promise<void>;

/** Weights of the first layer's units `first` to `first + count − 1`, as far as there are so many. */
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
  const from = Math.min(first, units) * pieces;
  const shown = Math.min(first + count, units) * pieces - from;
  const images = new Float32Array(Math.max(0, shown) * features);
  const biases = new Float32Array(Math.max(0, shown));
  for (let image = 0; image < shown; image++) {
    for (let i = 0; i < features; i++) {
      images[image * features + i] = values[i * columns + from + image]!;
    }
    biases[image] = values[features * columns + from + image]!;
  }
  const weights = values.subarray(0, features * columns);
  return { first, images, biases, features, pieces, units, ...measureSizes(weights) };
}

const sizeBins = 2048;

/** The largest absolute value, and the one that 99 % do not exceed, to a two-thousandth of the largest. */
function measureSizes(values: Float32Array | Float64Array): {
  largest: number;
  percentile99: number;
} {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return { largest, percentile99: 0 };
  const counts = new Uint32Array(sizeBins);
  const toBin = (sizeBins - 1) / largest;
  for (const value of values) counts[Math.ceil(Math.abs(value) * toBin)]!++;
  let seen = 0;
  let bin = 0;
  while (seen + counts[bin]! < 0.99 * values.length) seen += counts[bin++]!;
  return { largest, percentile99: bin / toBin };
}

/** ∂J/∂x of images [n × features], J being each image's own loss at its label. */
export async function findGradients(
  backend: Backend,
  network: Network,
  images: Float32Array,
  labels: Uint8Array,
): Promise<InputGradients> {
  const count = labels.length;
  const kept = backend.scope((keep) => {
    const x = backend.upload(images, count, images.length / count);
    const y = backend.upload(labels, count, 1);
    const pass = forward(backend, network, x);
    const scores = backend.zeros(count, 2);
    backend.addScores(scores, pass.logits, y, network.loss);
    const mean = inputGradient(backend, network, pass, y);
    // The backend differentiates the mean over the batch.
    const own = backend.blend(count, mean, 0, mean);
    return { logits: keep(pass.logits), scores: keep(scores), gradients: keep(own) };
  });
  try {
    const { columns } = kept.logits;
    const logits = await backend.read(kept.logits);
    return {
      gradients: Float32Array.from(await backend.read(kept.gradients)),
      losses: lossesOf(await backend.read(kept.scores)),
      probabilities: outputProbabilities(logits, columns, network.loss),
    };
  } finally {
    backend.free(kept.logits, kept.scores, kept.gradients);
  }
}

/** Losses of scores [n × 2]. */
function lossesOf(scores: ArrayLike<number>): Float32Array {
  return Float32Array.from({ length: scores.length / 2 }, (_, i) => scores[2 * i]!);
}

/**
 * What becomes of the first `count` images of a set, one by one: the same passes as `evaluate`.
 *
 * @param breathe awaited between chunks; lets the caller hear messages, or throw to stop
 */
export async function findOutcomes(
  backend: Backend,
  network: Network,
  set: ImageSet,
  count: number,
  attack: Attack,
  breathe: Breathe,
): Promise<Omit<AttackOutcomes, 'split'>> {
  const labels = set.labels.slice(0, count);
  const clean = emptyOutcomes(count);
  const attacked = emptyOutcomes(count);
  const chunkSize = chunkSizeFor(network, attack);
  for (let from = 0; from < count; from += chunkSize) {
    const length = Math.min(chunkSize, count - from);
    const indices = Uint32Array.from({ length }, (_, i) => from + i);
    const kept = backend.scope((keep) => {
      const x = backend.loadImages(set, indices);
      const y = backend.loadLabels(set, indices);
      const pass = forward(backend, network, x);
      const moved = attackBatch(backend, network, x, y, attack, pass, from);
      return [keep(pass.logits), keep(forward(backend, network, moved).logits)] as const;
    });
    try {
      for (const [matrix, outcomes] of [
        [kept[0], clean],
        [kept[1], attacked],
      ] as const) {
        putOutcomes(outcomes, from, await backend.read(matrix), matrix.columns, labels, network);
      }
    } finally {
      backend.free(...kept);
    }
    await breathe();
  }
  return { attack, labels, clean, attacked };
}

function emptyOutcomes(count: number): Outcomes {
  return {
    answers: new Uint8Array(count),
    margins: new Float32Array(count),
    confidences: new Float32Array(count),
  };
}

/** Writes what logits [m × classes] say of the images `from` to `from + m − 1`. */
function putOutcomes(
  { answers, margins, confidences }: Outcomes,
  from: number,
  logits: Float32Array | Float64Array,
  classes: number,
  labels: Uint8Array,
  { loss }: Network,
): void {
  const probabilities = outputProbabilities(logits, classes, loss);
  for (let i = 0; i < logits.length / classes; i++) {
    const z = logits.subarray(i * classes, (i + 1) * classes);
    const label = labels[from + i]!;
    let answer = 0;
    let other = -Infinity;
    for (let j = 0; j < classes; j++) {
      if (z[j]! > z[answer]!) answer = j;
      if (j !== label) other = Math.max(other, z[j]!);
    }
    answers[from + i] = answer;
    margins[from + i] = z[label]! - other;
    confidences[from + i] = probabilities[i * classes + answer]!;
  }
}

/** Images of a set, clean and attacked as `findOutcomes` attacks them. */
export async function findPictures(
  backend: Backend,
  network: Network,
  set: ImageSet,
  indices: readonly number[],
  attack: Attack,
): Promise<Pictures> {
  const images = new Float32Array(indices.length * set.features);
  const attacked = new Float32Array(indices.length * set.features);
  for (const [i, index] of indices.entries()) {
    // One at a time: an image's random numbers follow from its place in the set.
    const kept = backend.scope((keep) => {
      const x = backend.loadImages(set, Uint32Array.of(index));
      const y = backend.loadLabels(set, Uint32Array.of(index));
      const pass = forward(backend, network, x);
      return [keep(x), keep(attackBatch(backend, network, x, y, attack, pass, index))] as const;
    });
    try {
      images.set(await backend.read(kept[0]), i * set.features);
      attacked.set(await backend.read(kept[1]), i * set.features);
    } finally {
      backend.free(...kept);
    }
  }
  return { indices, images, attacked };
}

/** Losses around an image; see LossesAround. */
export async function findLosses(
  backend: Backend,
  network: Network,
  question: QuestionOf<'losses'>,
  breathe: Breathe,
): Promise<LossesAround> {
  const { image, label, epsilon, seed, linePoints, surfacePoints } = question;
  const gradient = await readGradient(backend, network, image, label);
  const key = hashKey(seed, 'attackSigns', 0, 0);
  const places: (readonly [a: number, b: number])[] = [];
  for (let i = 0; i < linePoints; i++) places.push([placeAt(i, linePoints, epsilon), 0]);
  for (let i = 0; i < linePoints; i++) places.push([0, placeAt(i, linePoints, epsilon)]);
  for (let row = 0; row < surfacePoints; row++) {
    const b = placeAt(row, surfacePoints, epsilon);
    for (let i = 0; i < surfacePoints; i++) places.push([placeAt(i, surfacePoints, epsilon), b]);
  }
  const losses = new Float32Array(places.length);
  const answers = new Uint8Array(places.length);
  const chunkSize = chunkSizeFor(network, { kind: 'random-signs', epsilon, clip: true, seed });
  for (let from = 0; from < places.length; from += chunkSize) {
    const chunk = places.slice(from, from + chunkSize);
    const images = new Float32Array(chunk.length * image.length);
    chunk.forEach(([a, b], n) => {
      for (let i = 0; i < image.length; i++) {
        const r = (hashAt(key, i) & 1) === 0 ? -1 : 1;
        const moved = image[i]! + a * Math.sign(gradient[i]!) + b * r;
        images[n * image.length + i] = Math.min(1, Math.max(0, moved));
      }
    });
    const kept = backend.scope((keep) => {
      const x = backend.upload(images, chunk.length, image.length);
      const y = backend.upload(new Float32Array(chunk.length).fill(label), chunk.length, 1);
      const scores = backend.zeros(chunk.length, 2);
      const { logits } = forward(backend, network, x);
      backend.addScores(scores, logits, y, network.loss);
      return { logits: keep(logits), scores: keep(scores) };
    });
    try {
      losses.set(lossesOf(await backend.read(kept.scores)), from);
      answers.set(await readAnswers(backend, kept.logits), from);
    } finally {
      backend.free(kept.logits, kept.scores);
    }
    await breathe();
  }
  const surfaceAt = 2 * linePoints;
  return {
    adversarial: losses.slice(0, linePoints),
    random: losses.slice(linePoints, surfaceAt),
    surface: losses.slice(surfaceAt),
    answers: answers.slice(surfaceAt),
  };
}

/** ∂J/∂x of one image [features]. */
async function readGradient(
  backend: Backend,
  network: Network,
  image: Float32Array,
  label: number,
): Promise<ArrayLike<number>> {
  const kept = backend.scope((keep) => {
    const x = backend.upload(image, 1, image.length);
    const y = backend.upload([label], 1, 1);
    return keep(inputGradient(backend, network, forward(backend, network, x), y));
  });
  try {
    return await backend.read(kept);
  } finally {
    backend.free(kept);
  }
}

async function readAnswers(backend: Backend, logits: Matrix): Promise<Uint8Array> {
  const { rows, columns } = logits;
  const values = await backend.read(logits);
  return Uint8Array.from({ length: rows }, (_, row) => {
    const z = values.subarray(row * columns, (row + 1) * columns);
    return z.indexOf(Math.max(...z));
  });
}
