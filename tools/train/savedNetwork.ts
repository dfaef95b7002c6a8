import type { Backend } from '../../src/engine/backends/backend.ts';
import type { Network } from '../../src/engine/network.ts';
import type { RunConfig } from '../../src/domain/settings/config.ts';
import { encodeNetwork, type LayerMatrix } from '../../src/formats/networkFile.ts';
import type { RunData } from './run.ts';

/** Encodes a network as the page would save it. The image counts are those that were used. */
export async function encodeSavedNetwork(
  backend: Backend,
  network: Network,
  { config, data, steps }: { config: RunConfig; data: RunData; steps: number },
): Promise<Uint8Array> {
  const { training, validation } = data;
  const layers: LayerMatrix[] = [];
  for (const { parameters } of network.layers) {
    const { rows, columns } = parameters;
    layers.push({ rows, columns, parameters: Float32Array.from(await backend.read(parameters)) });
  }
  const facts = {
    config: { ...config, trainingSetSize: training.count },
    features: training.features,
    classes: training.classes,
    stepsTrained: steps,
    trainSeconds: null,
    standardization: training.standardization ?? null,
  };
  return encodeNetwork(layers, facts, { validationSetSize: String(validation?.count ?? 0) });
}
