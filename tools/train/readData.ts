import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ByteSource } from '../../src/data/custom/byteSource.ts';
import { readDataSet, type ReadDataSet } from '../../src/data/custom/readDataSet.ts';
import { describeError, openFile } from './nodeFiles.ts';
import { UsageError } from './options/usageError.ts';

/** Pictures in folders are as many files as images. */
const maxFiles = 500_000;
const maxDepth = 6;

export interface ReadOptions {
  /** Whether the images are transposed in their files, as EMNIST's are; they are transposed back. */
  readonly transpose?: boolean;
}

/** The files in a directory and those in it, sorted; links to directories are not followed. */
async function listFiles(directory: string, depth = 0): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: unknown) => {
    throw new UsageError(`the directory ${directory} cannot be read: ${describeError(error)}.`);
  });
  const files: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(directory, entry.name);
    if (entry.isDirectory()) {
      if (depth < maxDepth && !entry.name.startsWith('.'))
        files.push(...(await listFiles(file, depth + 1)));
    } else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(file)))) files.push(file);
    if (files.length > maxFiles) {
      throw new UsageError(
        `${directory} has more than ${maxFiles} files; name the directory of a data set.`,
      );
    }
  }
  return files;
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** A file that is opened when it is read, named by its path in the directory. */
async function sourceOf(file: string, directory: string): Promise<ByteSource> {
  return { ...(await openFile(file)), name: path.relative(directory, file) };
}

/**
 * Reads the data of --data: a directory, an archive or a file with everything that the page reads.
 *
 * @throws UsageError or LabError `data-corrupt` naming the file, what was expected and what was found
 */
export async function readData(
  place: string,
  { transpose = false }: ReadOptions = {},
): Promise<ReadDataSet> {
  const found = await stat(place).catch((error: unknown) => {
    throw new UsageError(`${place} cannot be read: ${describeError(error)}.`);
  });
  const isDirectory = found.isDirectory();
  const directory = isDirectory ? place : path.dirname(place);
  const files = isDirectory ? await listFiles(place) : [place];
  if (files.length === 0) throw new UsageError(`the directory ${place} has no files.`);
  const sources: ByteSource[] = [];
  for (const file of files) sources.push(await sourceOf(file, directory));
  const read = await readDataSet(sources, { isTransposed: transpose ? true : null });
  if (transpose && !read.isTransposed) {
    throw new UsageError(
      `--transpose is for gray images; ${place} has CIFAR-10, which is never transposed.`,
    );
  }
  return read;
}
