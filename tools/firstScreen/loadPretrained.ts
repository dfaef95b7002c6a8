import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImageSet } from '../../src/data/imageSet.ts';
import {
  pretrainedFolder,
  pretrainedIndexName,
  pretrainedIndexSchema,
  type PretrainedRecord,
} from '../../src/domain/pretrained.ts';
import type { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import { layerShapes, makeNetwork, type Network } from '../../src/engine/network.ts';
import { readNetwork } from '../../src/formats/networkFile.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'public', pretrainedFolder);

interface LoadedNetwork {
  readonly record: PretrainedRecord;
  readonly network: Network;
  readonly free: () => void;
}

/** The networks that come with the page, on a backend. Free each one after use. */
export async function loadPretrained(
  backend: SimdBackend,
  { features, classes }: ImageSet,
): Promise<LoadedNetwork[]> {
  const text = await readFile(path.join(folder, pretrainedIndexName), 'utf8');
  const { networks } = pretrainedIndexSchema.parse(JSON.parse(text));
  return Promise.all(
    networks.map(async (record) => {
      const bytes = await readFile(path.join(folder, record.file));
      const { config, layers } = await readNetwork(new Blob([bytes]));
      const parameters = layers.map((layer) => layer.parameters);
      const shapes = layerShapes(config, features, classes);
      const network = makeNetwork(backend, shapes, parameters, config.loss);
      const free = () => backend.free(...network.layers.map((layer) => layer.parameters));
      return { record, network, free };
    }),
  );
}
