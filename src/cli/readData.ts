import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  cifar10Archive,
  findBatchName,
  isArchiveName,
  isPythonBatch,
  readCifar10Archive,
  readCifar10Files,
} from '../data/cifar10.ts';
import { type DataSet, readDataDirectory, type ReadOptions } from './dataDirectory.ts';
import { describeError, openFile } from './nodeFiles.ts';
import { UsageError } from './usageError.ts';

/** Folder that CIFAR-10's archive unpacks to. */
const unpackedFolder = 'cifar-10-batches-bin';

/**
 * Reads what --data names: four IDX files under MNIST's names in a directory; CIFAR-10's six .bin files
 * there, or in its folder cifar-10-batches-bin; or CIFAR-10's archive, by its own name or in a directory.
 *
 * @throws UsageError or LabError `data-corrupt` naming the file, what was expected and what was found
 */
export async function readData(
  place: string,
  { transpose = false }: ReadOptions = {},
): Promise<DataSet> {
  const assertGrey = (): void => {
    if (!transpose) return;
    throw new UsageError(
      `--transpose is for IDX files; ${place} has CIFAR-10, which lies upright.`,
    );
  };
  const found = await stat(place).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is nothing of that name' : describeError(error);
    throw new UsageError(`the directory ${place} cannot be read: ${why}.`);
  });
  if (!found.isDirectory()) {
    if (isArchiveName(place)) {
      assertGrey();
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
    assertGrey();
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
