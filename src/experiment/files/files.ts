import { cleanName } from '../../domain/cleanName.ts';
import { LabError } from '../../domain/errors.ts';
import { type AskedSettings, SettingsMissing } from '../../formats/networkFile.ts';
import type { Lab } from '../lab.ts';
import {
  encodeExperimentFile,
  type ImportedExperiment,
  parseExperimentFile,
} from './experimentFile.ts';
import type { Run } from '../runs/run.ts';
import { setupOf } from '../setup/setup.ts';
import type { SavedExperiment } from '../storage/types.ts';
import { encodeWeights, readWeights } from './weightsFile.ts';

export { type AskedSettings, SettingsMissing };

/** A file that was read and is valid; nothing on the page has changed yet. */
export type OpenedFile =
  | { readonly kind: 'experiment'; readonly experiment: ImportedExperiment }
  | { readonly kind: 'weights'; readonly fileName: string; readonly experiment: SavedExperiment };

/**
 * Larger files are refused unread. The weights of the largest network take about 218 MB, and ten seeds of four runs of
 * 1,000 epochs about 249 MB, as the tests compute.
 */
export const maxBytes = { '.safetensors': 256 * 2 ** 20, '.json': 256 * 2 ** 20 } as const;

/** Extensions of the files that the page can open. */
export const openableEndings = Object.keys(maxBytes) as (keyof typeof maxBytes)[];

/**
 * Reads a file that this page has saved.
 *
 * @param asked for weights without settings
 * @throws SettingsMissing if these are needed, LabError 'data-corrupt' that says what was expected and found, before anything is
 *   allocated for what the file claims to hold
 */
export async function readLabFile(
  file: File,
  attackEpsilon: number,
  asked?: AskedSettings,
): Promise<OpenedFile> {
  const { size } = file;
  const fileName = cleanName(file.name, 200);
  const ending = openableEndings.find((one) => file.name.toLowerCase().endsWith(one));
  if (ending === undefined) {
    throw refused(
      'The name of a file to open should end with .safetensors (weights) or .json (an experiment).',
    );
  }
  if (size > maxBytes[ending]) {
    throw refused(
      `A ${ending} file should have at most ${count(maxBytes[ending])} bytes, but this one has ${count(size)}.`,
    );
  }
  try {
    if (ending === '.json') {
      return { kind: 'experiment', experiment: parseExperimentFile(await file.text(), fileName) };
    }
    const experiment = await readWeights(file, { fileName, attackEpsilon, asked });
    return { kind: 'weights', fileName, experiment };
  } catch (thrown) {
    if (thrown instanceof LabError) throw thrown;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw refused(`The browser could not read the file: ${why}.`, 'Choose it again.', thrown);
  }
}

function refused(message: string, remedy = 'Choose another file.', cause?: unknown): LabError {
  return new LabError('data-corrupt', message, remedy, { cause });
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Shows an experiment beside the present one. */
export function addReference(lab: Lab, experiment: ImportedExperiment): void {
  lab.update({ references: [...lab.store.getState().references, experiment] });
}

/** Makes the settings of an experiment those of the next one. */
export function adoptSettings(lab: Lab, { runs }: Pick<ImportedExperiment, 'runs'>): void {
  lab.useSetup(setupOf(runs.map(({ config }) => config)));
}

/** A run's current network as a safetensors file. @throws LabError when no worker holds it */
export async function saveWeights(lab: Lab, { id, config }: Run): Promise<Uint8Array<ArrayBuffer>> {
  const client = lab.getClient();
  if (client === null) {
    throw new LabError(
      'engine-unavailable',
      'The engine that holds the networks has stopped.',
      'Restart it to save weights.',
    );
  }
  return encodeWeights(config, await client.checkpoint(id));
}

/** The present experiment as JSON. */
export function saveExperiment({ store }: Lab): string {
  const { runs, repeats, attackEpsilon, engine } = store.getState();
  const description =
    engine.status === 'ready' ? `${engine.engine.name}, ${engine.engine.device}` : 'unknown';
  return encodeExperimentFile(runs, {
    attackEpsilon,
    engine: description.slice(0, 500),
    savedAt: new Date(),
    repeats,
  });
}

/** "ABP ε 0.08" as "abp-eps-0.08", valid in a file name on any system. */
export function fileNameOf(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/\.safetensors$/, '')
    .replaceAll('ε', 'eps')
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  return plain.slice(0, 80) || 'network';
}
