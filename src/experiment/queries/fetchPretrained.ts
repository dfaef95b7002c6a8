import { LabError } from '../../domain/errors.ts';
import { fetchUnlessStalled, StalledError } from '../../domain/fetchUnlessStalled.ts';
import {
  pretrainedIndexName,
  pretrainedIndexSchema,
  type PretrainedRecord,
} from '../../domain/pretrained.ts';
import { readNetwork } from '../../formats/networkFile.ts';
import { assignPaletteIndices } from '../setup/paletteIndices.ts';
import type { PretrainedFile } from './pretrained.ts';
import type { PretrainedNetwork } from './pretrainedNetwork.ts';

/** MNIST's shape, on which the page queries networks. */
const features = 28 * 28;
const classes = 10;

/**
 * Fetches the pretrained networks and checks each against its record.
 *
 * @param url absolute URL of their folder, with a trailing slash
 * @throws LabError 'data-unreachable' or 'data-corrupt'
 */
export async function fetchPretrained(url: string): Promise<readonly PretrainedFile[]> {
  const text = await (await fetchFile(`${url}${pretrainedIndexName}`)).text();
  const index = pretrainedIndexSchema.safeParse(parseJson(text));
  if (!index.success) {
    const { path, message } = index.error.issues[0]!;
    refuse(pretrainedIndexName, `${path.join('.') || 'it'}: ${message.replace(/\.$/, '')}`);
  }
  const records = index.data.networks;
  const paletteIndices = assignPaletteIndices(records.map(({ config }) => config.method));
  return Promise.all(
    records.map(async (record, at) => {
      const parameters = await readParameters(record, await fetchFile(`${url}${record.file}`));
      const { id, name, config, testErrors } = record;
      const network: PretrainedNetwork = {
        id: `pretrained-${id}`,
        name: `${name} (pretrained)`,
        paletteIndex: paletteIndices[at]!,
        config,
        testErrors,
        hasNetwork: false,
      };
      return { network, parameters };
    }),
  );
}

/** The parameters in a file, checked against the network that the record describes. */
async function readParameters(
  { file, config }: PretrainedRecord,
  content: Blob,
): Promise<PretrainedFile['parameters']> {
  const found = await readNetwork(content);
  if (JSON.stringify(found.config) !== JSON.stringify(config)) {
    refuse(file, `its settings are not those that ${pretrainedIndexName} gives`);
  }
  if (found.features !== features || found.classes !== classes) {
    refuse(file, `it takes ${found.features} pixels and distinguishes ${found.classes} classes`);
  }
  return { step: found.stepsTrained, layers: found.layers };
}

async function fetchFile(url: string): Promise<Blob> {
  const unreachable = (why: string): LabError =>
    new LabError(
      'data-unreachable',
      `${url} could not be fetched: ${why}.`,
      'Reload the page, or train a network.',
    );
  try {
    const response = await fetchUnlessStalled(url);
    if (response.ok) return await response.blob();
    throw unreachable(`the server answered ${response.status}`);
  } catch (thrown) {
    if (thrown instanceof LabError) throw thrown;
    if (thrown instanceof StalledError) throw unreachable(thrown.message);
    throw unreachable('the connection was lost, or the server is down');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse(pretrainedIndexName, 'it is not JSON');
  }
}

function refuse(file: string, what: string): never {
  throw new LabError(
    'data-corrupt',
    `A file of the pretrained networks, ${file}, is damaged: ${what}.`,
    'Reload the page, or train a network.',
  );
}
