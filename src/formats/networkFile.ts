import { z } from 'zod/mini';
import { piecesPerUnit, type RunConfig, runConfigSchema } from '../domain/settings/config.ts';
import type { LayerCheckpoint } from '../domain/checkpoint.ts';
import { LabError } from '../domain/errors.ts';
import { drawPixelOrder } from '../domain/pixelOrder.ts';
import { type Standardization, standardizationSchema } from '../domain/standardization.ts';
import {
  encodeSafetensors,
  type FloatType,
  openSafetensors,
  type SafetensorsFile,
  type Tensor,
} from './safetensors.ts';

/** Version of the files' metadata; incremented if an older reader would misunderstand them. */
const version = '1';

/** What a file says about its network, apart from the weights. */
export interface NetworkFacts {
  readonly config: RunConfig;
  /** Inputs and outputs of the network: 784 pixels and 10 digits for MNIST. */
  readonly features: number;
  readonly classes: number;
  /** Number of weight updates it was trained with. */
  readonly stepsTrained: number;
  /** Seconds of computation that they took; null if they were not measured. */
  readonly trainSeconds: number | null;
  /** How the network standardizes pixels before its first layer, if it does. */
  readonly standardization?: Standardization | null;
}

/** A layer's parameters [fanIn + 1, columns], biases last. */
export type LayerMatrix = Pick<LayerCheckpoint, 'rows' | 'columns' | 'parameters'>;

/**
 * Encodes a network as a safetensors file with the names and shapes of PyTorch's nn.Linear: `layers.<l>.weight`
 * [units × pieces, fanIn] and `layers.<l>.bias` [units × pieces], input side first. The pieces of a maxout unit are
 * adjacent rows. The settings are JSON in the metadata, as is the network's pixel order ("pixelOrder") if its pixels
 * are permuted.
 *
 * @param more further metadata
 * @param type half precision halves the size of the file; readers accept both
 */
export function encodeNetwork(
  layers: readonly LayerMatrix[],
  facts: NetworkFacts,
  more: Readonly<Record<string, string>> = {},
  type: FloatType = 'F32',
): Uint8Array<ArrayBuffer> {
  const tensors = layers.flatMap((layer, l): Tensor[] => {
    const { weight, bias } = parametersAsLinear(layer);
    const shape = [layer.columns, layer.rows - 1];
    return [
      { name: `layers.${l}.weight`, shape, values: weight },
      { name: `layers.${l}.bias`, shape: [layer.columns], values: bias },
    ];
  });
  const { config, features, classes, stepsTrained, trainSeconds, standardization } = facts;
  const order = drawPixelOrder(config.permutationSeed, features);
  const metadata = {
    format: 'pt', // as PyTorch's own writer sets it
    version,
    config: JSON.stringify(config),
    features: String(features),
    classes: String(classes),
    stepsTrained: String(stepsTrained),
    ...(order && { pixelOrder: JSON.stringify([...order]) }),
    ...(standardization && { standardization: JSON.stringify(standardization) }),
    ...(trainSeconds !== null && { trainSeconds: String(trainSeconds) }),
    ...more,
  };
  return encodeSafetensors(tensors, metadata, type);
}

/** Weights [columns, fanIn] and biases [columns] of parameters [fanIn + 1, columns]. */
export function parametersAsLinear({ rows, columns, parameters }: LayerMatrix): {
  weight: Float32Array;
  bias: Float32Array;
} {
  const fanIn = rows - 1;
  const weight = new Float32Array(columns * fanIn);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < fanIn; row++) {
      weight[column * fanIn + row] = parameters[row * columns + column]!;
    }
  }
  return { weight, bias: parameters.slice(fanIn * columns, rows * columns) };
}

/** The inverse: parameters [fanIn + 1, columns] from weights [columns, fanIn] and biases [columns]. */
export function linearAsParameters(weight: Float32Array, bias: Float32Array): LayerMatrix {
  const columns = bias.length;
  const fanIn = weight.length / columns;
  const parameters = new Float32Array((fanIn + 1) * columns);
  for (let row = 0; row < fanIn; row++) {
    for (let column = 0; column < columns; column++) {
      parameters[row * columns + column] = weight[column * fanIn + row]!;
    }
  }
  parameters.set(bias, fanIn * columns);
  return { rows: fanIn + 1, columns, parameters };
}

/**
 * Inputs and outputs (units × pieces) of each layer, input side first; with the output layer last.
 */
export function linearShapes(
  config: RunConfig,
  features: number,
  classes: number,
): { fanIn: number; columns: number }[] {
  const { hiddenLayers } = config;
  const pieces = piecesPerUnit(config);
  const fanIns = [features, ...hiddenLayers];
  return [...hiddenLayers.map((units) => units * pieces), classes].map((columns, l) => ({
    fanIn: fanIns[l]!,
    columns,
  }));
}

const count = z.pipe(z.stringFormat('count', /^\d{1,9}$/), z.transform(Number));
const factsSchema = z.object({
  version: z.literal(version),
  features: count,
  classes: count,
  stepsTrained: count,
  trainSeconds: z.optional(
    z.pipe(
      z.pipe(z.stringFormat('seconds', /^\d+(\.\d+)?(e[+-]?\d+)?$/), z.transform(Number)),
      z.number().check(z.minimum(0), z.maximum(1e9)),
    ),
  ),
  standardization: z.exactOptional(
    z.pipe(z.pipe(z.string(), z.transform(parseJson)), standardizationSchema),
  ),
});

/** The header's description of its network; the names and shapes of its tensors fit. */
function readNetworkFacts({ entries, metadata }: SafetensorsFile): NetworkFacts {
  if (!Object.hasOwn(metadata, 'config')) {
    refuse('its settings should be in the metadata as "config", but are missing');
  }
  const facts = factsSchema.safeParse(metadata);
  if (!facts.success) {
    const field = String(facts.error.issues[0]?.path[0]);
    const found = Object.hasOwn(metadata, field) ? JSON.stringify(metadata[field]) : 'missing';
    const expected =
      { version: `"${version}"`, standardization: 'a mean and a deviation' }[field] ?? 'a number';
    refuse(`"${field}" in its metadata should be ${expected}, but is ${found.slice(0, 60)}`);
  }
  const settings = parseJson(metadata.config!);
  if (settings === undefined) refuse('its settings should be JSON, but are not');
  const config = runConfigSchema.safeParse(settings);
  if (!config.success) {
    const issue = config.error.issues[0]!;
    const field = issue.path.length > 0 ? `“${issue.path.join('.')}”: ` : '';
    refuse(`its settings are not those of a run. ${field}${issue.message.replace(/\.$/, '')}`);
  }
  const { version: _, trainSeconds = null, ...rest } = facts.data;
  const expected = linearShapes(config.data, rest.features, rest.classes).flatMap(
    ({ fanIn, columns }, l) => [
      { name: `layers.${l}.weight`, shape: [columns, fanIn] },
      { name: `layers.${l}.bias`, shape: [columns] },
    ],
  );
  for (const { name, shape } of expected) {
    const found = entries.find((entry) => entry.name === name);
    if (found?.shape.join() === shape.join()) continue;
    const what = found ? `has ${found.shape.join(' × ')}` : 'is missing';
    refuse(`${name} should have the shape ${shape.join(' × ')} by its settings, but ${what}`);
  }
  if (entries.length !== expected.length) {
    refuse(
      `it should hold ${expected.length} tensors by its settings, but holds ${entries.length}`,
    );
  }
  return { config: config.data, trainSeconds, ...rest };
}

/**
 * Reads a whole file: the description of its network, and the parameters of each layer, input side first. The header
 * is checked before any tensor is read.
 *
 * @throws LabError 'data-corrupt' saying what was expected and what was found
 */
export async function readNetwork(file: Blob): Promise<NetworkFacts & { layers: LayerMatrix[] }> {
  const opened = await openSafetensors(file);
  const facts = readNetworkFacts(opened);
  const read = async (name: string): Promise<Float32Array> => {
    const values = await opened.readTensor(name);
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at < 0) return values;
    return refuse(`${name} should hold finite numbers, but number ${at + 1} is ${values[at]!}`);
  };
  const layers: LayerMatrix[] = [];
  for (let l = 0; l <= facts.config.hiddenLayers.length; l++) {
    const weight = await read(`layers.${l}.weight`);
    layers.push(linearAsParameters(weight, await read(`layers.${l}.bias`)));
  }
  return { ...facts, layers };
}

/** Undefined if the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse(what: string): never {
  throw new LabError(
    'data-corrupt',
    `This file does not hold a network of this page: ${what}.`,
    'Open a file that this page or its command line saved. A network that was changed in PyTorch must be saved with the old file’s metadata.',
  );
}
