import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  cifar10Archive,
  findBatchName,
  isArchiveName,
  isPythonBatch,
  readCifar10Archive,
  readCifar10Files,
} from '../../src/data/custom/cifar10.ts';
import { type DataSet, readDataDirectory, type ReadOptions } from './dataDirectory.ts';
import { describeError, openFile } from './nodeFiles.ts';
import { UsageError } from './options/usageError.ts';

/** The folder in CIFAR-10's archive. */
const unpackedFolder = 'cifar-10-batches-bin';

/**
 * Reads the data of --data: four IDX files with MNIST's names in a directory; CIFAR-10's six .bin files in the
 * directory or in its folder cifar-10-batches-bin; or CIFAR-10's archive, named directly or in the directory.
 *
 * @throws UsageError or LabError `data-corrupt` naming the file, what was expected and what was found
 */
export async function readData(
  place: string,
  { transpose = false }: ReadOptions = {},
): Promise<DataSet> {
  const assertNotTransposed = (): void => {
    if (!transpose) return;
    throw new UsageError(
      `--transpose is for IDX files; ${place} has CIFAR-10, which is never transposed.`,
    );
  };
  const found = await stat(place).catch((error: unknown) => {
    throw new UsageError(`the directory ${place} cannot be read: ${describeError(error)}.`);
  });
  if (!found.isDirectory()) {
    if (isArchiveName(place)) {
      assertNotTransposed();
      return readCifar10Archive(await openFile(place));
    }
    throw new UsageError(`${place} is not a directory, nor ${cifar10Archive}.`);
  }
  const names = await readdir(place);
  const batches = names.filter((name) => findBatchName(name) !== null || isPythonBatch(name));
  const hasIdx = names.some((name) => /^(train|t10k)-(images|labels)[-.]idx\d-ubyte/.test(name));
  if (hasIdx && batches.length > 0) {
    throw new UsageError(`${place} has files of two data sets: IDX files and ${batches[0]!}.`);
  }
  if (batches.length > 0) {
    assertNotTransposed();
    const sources = batches.map((name) => openFile(path.join(place, name)));
    return readCifar10Files(await Promise.all(sources));
  }
  if (!hasIdx && names.includes(unpackedFolder)) {
    return readData(path.join(place, unpackedFolder), { transpose });
  }
  if (!hasIdx && names.includes(cifar10Archive)) {
    return readData(path.join(place, cifar10Archive), { transpose });
  }
  return readDataDirectory(place, { transpose });
}
