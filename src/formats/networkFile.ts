import { z } from 'zod/mini';
import {
  defaultConfig,
  piecesPerUnit,
  type RunConfig,
  runConfigSchema,
} from '../domain/settings/config.ts';
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

/** What the tensors do not say: the kind of the hidden units, and what the outputs are. */
export type AskedSettings = Pick<RunConfig, 'networkType' | 'loss' | 'dataSet'>;

/** The file has tensors of a network and no settings, as one that was saved by another program. */
export class SettingsMissing extends LabError {
  /** @param sizes inputs, units of each hidden layer (times the pieces of maxout) and outputs */
  constructor(readonly sizes: readonly number[]) {
    super(
      'data-corrupt',
      `This file does not hold the settings of its network: its metadata should have them as "config". Its tensors are those of ${sizes.join('-')}.`,
      'Open it in the page, in Files, which asks for them.',
    );
  }
}

/** A layer's tensors: "<prefix>.weight" and "<prefix>.bias". */
interface LayerNames {
  readonly weight: string;
  readonly bias: string;
}

/** The layers of a network by the shapes of its tensors, in the order of their names; null if they are none. */
function findLayers({
  entries,
}: SafetensorsFile): (LayerNames & { fanIn: number; columns: number })[] | null {
  const prefixes = entries
    .filter(({ name, shape }) => name.endsWith('.weight') && shape.length === 2)
    .map(({ name }) => name.slice(0, -'.weight'.length))
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (prefixes.length === 0 || entries.length !== 2 * prefixes.length) return null;
  const layers = prefixes.map((prefix) => {
    const [weight, bias] = [`${prefix}.weight`, `${prefix}.bias`];
    const shape = entries.find(({ name }) => name === weight)!.shape;
    const [columns, fanIn] = shape as [number, number];
    const biasShape = entries.find(({ name }) => name === bias)?.shape;
    return biasShape?.length === 1 && biasShape[0] === columns
      ? { weight, bias, fanIn, columns }
      : null;
  });
  return layers.every((layer) => layer !== null) ? layers : null;
}

/** The settings that shapes say, with those that were asked for. @throws LabError if the shapes are no network's */
function settingsByShapes(
  opened: SafetensorsFile,
  asked: AskedSettings | undefined,
): NetworkFacts & { names: readonly LayerNames[] } {
  const layers = findLayers(opened);
  const [first] = layers ?? [];
  const pieces = layers && layers.length > 1 ? layers[0]!.columns / layers[1]!.fanIn : 1;
  const isChain = layers?.every(
    ({ fanIn }, l) => l === 0 || layers[l - 1]!.columns === fanIn * pieces,
  );
  if (!layers || !first || !isChain || !Number.isInteger(pieces)) {
    return refuse('its settings should be in the metadata as "config", but are missing');
  }
  if (asked === undefined) {
    throw new SettingsMissing([first.fanIn, ...layers.map(({ columns }) => columns)]);
  }
  const isMaxout = asked.networkType === 'maxout';
  if (isMaxout !== pieces > 1) {
    refuse(
      pieces > 1
        ? `its shapes are those of maxout units with ${pieces} pieces`
        : 'its shapes are not those of maxout units',
    );
  }
  const hiddenLayers = layers.slice(0, -1).map(({ columns }) => columns / pieces);
  const trainingCount = asked.dataSet?.trainingCount ?? defaultConfig.trainingSetSize;
  const config = runConfigSchema.safeParse({
    ...defaultConfig,
    ...asked,
    hiddenLayers,
    method: 'plain',
    trainingSetSize: trainingCount,
    ...(isMaxout && { maxoutPieces: pieces }),
  });
  if (!config.success) refuse(config.error.issues[0]!.message.replace(/\.$/, ''));
  return {
    config: config.data,
    features: first.fanIn,
    classes: layers.at(-1)!.columns,
    stepsTrained: 0,
    trainSeconds: null,
    names: layers,
  };
}

/** The header's description of its network; the names and shapes of its tensors fit. */
function readNetworkFacts({ entries, metadata }: SafetensorsFile): NetworkFacts {
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
 * @param asked for a file without settings, what its shapes do not say
 * @throws LabError 'data-corrupt' saying what was expected and what was found; SettingsMissing if these are needed
 */
export async function readNetwork(
  file: Blob,
  asked?: AskedSettings,
): Promise<NetworkFacts & { layers: LayerMatrix[] }> {
  const opened = await openSafetensors(file);
  const { names, ...facts } = Object.hasOwn(opened.metadata, 'config')
    ? { ...readNetworkFacts(opened), names: null }
    : settingsByShapes(opened, asked);
  const read = async (name: string): Promise<Float32Array> => {
    const values = await opened.readTensor(name);
    let at = 0;
    while (at < values.length && Number.isFinite(values[at])) at++;
    if (at === values.length) return values;
    return refuse(`${name} should hold finite numbers, but number ${at + 1} is ${values[at]!}`);
  };
  const layers: LayerMatrix[] = [];
  for (let l = 0; l <= facts.config.hiddenLayers.length; l++) {
    const { weight, bias } = names?.[l] ?? {
      weight: `layers.${l}.weight`,
      bias: `layers.${l}.bias`,
    };
    layers.push(linearAsParameters(await read(weight), await read(bias)));
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
    'Open a file that this page or its command line saved.',
  );
}
