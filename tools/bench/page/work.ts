import { batchOf, epochOrder, stepsPerEpoch } from '../../../src/data/batches.ts';
import type { ImageSet } from '../../../src/data/imageSet.ts';
import type { LayerCheckpoint } from '../../../src/domain/checkpoint.ts';
import type { RunConfig } from '../../../src/domain/settings/config.ts';

/** The run whose steps a contender takes, by RMSprop. Equal work gives equal weights. */
export interface Work {
  readonly config: RunConfig;
  /** The training images, a whole number of batches. */
  readonly images: ImageSet;
  /** The start of the run: parameters and a nonzero optimizer state. */
  readonly layers: readonly LayerCheckpoint[];
}

/** A network that a contender trains. */
export interface Session {
  /**
   * Takes a training step on the next batch, including the gathering of its images. A returned promise is awaited
   * before the next step.
   */
  step(): Promise<unknown> | undefined;
  /** Resolves when all steps are computed. */
  finished(): Promise<unknown>;
  /** Parameters of each layer, [fanIn + 1, units], biases as the last row. */
  parameters(): Promise<Float32Array[]>;
  dispose(): void;
}

/** A library that has started in its own worker. */
export interface Contender {
  readonly device: string;
  prepare(work: Work): Session;
}

/** i / 255 in float32, for every byte. */
const pixelValues = Float32Array.from({ length: 256 }, (_, i) => i / 255);

/** A batch in the form that the other libraries need. B images, C classes. */
export interface Batch {
  /** [B, features], 0 to 1 */
  readonly images: Float32Array<ArrayBuffer>;
  /** [B, C]: −1 at the label, 1 elsewhere. With it the output delta of the loss is s σ(s z) / B. */
  readonly signs: Float32Array<ArrayBuffer>;
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
    yield { images, signs };
  }
}

/** The start of a layer for a library that keeps weights and biases apart, each with RMSprop's state. */
export function splitLayer<T>(
  { rows, columns, parameters, states }: LayerCheckpoint,
  upload: (values: Float32Array, shape: number[]) => T,
): { weights: { value: T; squares: T }; biases: { value: T; squares: T } } {
  const end = (rows - 1) * columns;
  const [squares] = states;
  const shape = [rows - 1, columns];
  return {
    weights: {
      value: upload(parameters.slice(0, end), shape),
      squares: upload(squares!.slice(0, end), shape),
    },
    biases: {
      value: upload(parameters.slice(end), [columns]),
      squares: upload(squares!.slice(end), [columns]),
    },
  };
}

export function joinLayer(weights: Float32Array, biases: Float32Array): Float32Array {
  const joined = new Float32Array(weights.length + biases.length);
  joined.set(weights);
  joined.set(biases, weights.length);
  return joined;
}
