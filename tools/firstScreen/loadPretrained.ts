import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  pretrainedFolder,
  pretrainedIndexName,
  pretrainedIndexSchema,
  type PretrainedRecord,
} from '../../src/domain/pretrained.ts';
import type { SimdBackend } from '../../src/engine/backends/simd/backend.ts';
import type { Network } from '../../src/engine/network.ts';
import { loadNetwork } from '../pretrain/measure.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'public', pretrainedFolder);

interface LoadedNetwork {
  readonly record: PretrainedRecord;
  readonly network: Network;
  readonly free: () => void;
}

/** The networks that come with the page, on a backend. Free each one after use. */
export async function loadPretrained(backend: SimdBackend): Promise<LoadedNetwork[]> {
  const text = await readFile(path.join(folder, pretrainedIndexName), 'utf8');
  const { networks } = pretrainedIndexSchema.parse(JSON.parse(text));
  return Promise.all(
    networks.map(async (record) => {
      const bytes = await readFile(path.join(folder, record.file));
      const network = await loadNetwork(backend, new Uint8Array(bytes));
      const free = () => backend.free(...network.layers.map((layer) => layer.parameters));
      return { record, network, free };
    }),
  );
}
