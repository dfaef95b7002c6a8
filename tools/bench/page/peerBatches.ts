import { batchOf, epochOrder, stepsPerEpoch } from '../../../src/data/batches.ts';
import type { Work } from './contender.ts';

/** i / 255 in float32, for every byte. */
const pixelValues = Float32Array.from({ length: 256 }, (_, i) => i / 255);

/** A batch in the form that the other libraries need. B images, C classes. */
export interface Batch {
  /** [B, features], 0 to 1 */
  readonly images: Float32Array<ArrayBuffer>;
  /** [B, C]: −1 at the label, 1 elsewhere. With it the output delta of the loss is s σ(s z) / B. */
  readonly signs: Float32Array<ArrayBuffer>;
  /** The number of this step, from 1. */
  readonly step: number;
}

/** The same batches as our trainer's, in the same order, gathered as our backends do. */
export function* peerBatches({ config, images: set }: Work): Generator<Batch, never> {
  const { features, classes } = set;
  const { batchSize, seed } = config;
  const steps = stepsPerEpoch(set.count, batchSize);
  let order: Uint32Array = new Uint32Array();
  for (let step = 0; ; step++) {
    if (step % steps === 0) order = epochOrder(set.count, seed, step / steps);
    const indices = batchOf(order, batchSize, step % steps);
    const images = new Float32Array(batchSize * features);
    const signs = new Float32Array(batchSize * classes).fill(1);
    indices.forEach((index, row) => {
      const from = index * features;
      const to = row * features;
      for (let i = 0; i < features; i++) images[to + i] = pixelValues[set.pixels[from + i]!]!;
      signs[row * classes + set.labels[index]!] = -1;
    });
    yield { images, signs, step: step + 1 };
  }
}

/** Copies of the weights [fanIn, units] and biases [units] of a layer's parameters. */
export function splitBiases(
  values: Float32Array,
  rows: number,
  columns: number,
): { weights: Float32Array; biases: Float32Array } {
  const end = (rows - 1) * columns;
  return { weights: values.slice(0, end), biases: values.slice(end) };
}

/** The inverse of `splitBiases`. */
export function joinBiases(weights: Float32Array, biases: Float32Array): Float32Array {
  const joined = new Float32Array(weights.length + biases.length);
  joined.set(weights);
  joined.set(biases, weights.length);
  return joined;
}
