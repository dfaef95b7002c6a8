import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  type IdxImages,
  parseIdxImages,
  parseIdxLabels,
  transposeImages,
} from '../../src/data/idx.ts';
import { type ImageSet, makeImageSet } from '../../src/data/imageSet.ts';
import { type DataPart, mnistFiles } from '../../src/data/mnistFiles.ts';
import { slice } from '../../src/data/splits.ts';
import { describeError } from './nodeFiles.ts';
import { UsageError } from './options/usageError.ts';

/** The two parts of a data set, with the same image size and classes. */
export interface DataSet {
  readonly training: ImageSet;
  readonly test: ImageSet;
}

export interface ReadOptions {
  /** Whether the images are transposed in their files, as EMNIST's are; they are transposed back. */
  readonly transpose?: boolean;
}

/** MNIST's number of classes; a set with a larger label has more. */
const minClasses = 10;
/** A limit, because a small .gz file can hold any number of bytes; it is about the largest buffer of Node. */
const maxFileBytes = 2 ** 31 - 1;

const decompress = promisify(gunzip);

/** The names that a file may have: as published or as some unpackers write it, each of them plain or gzipped. */
function possibleNames(name: string): string[] {
  const dotted = name.replace(/-(idx\d-ubyte)$/, '.$1');
  return [name, `${name}.gz`, dotted, `${dotted}.gz`];
}

/** The first of the possible files that exists. */
async function findFile(directory: string, name: string): Promise<string> {
  for (const candidate of possibleNames(name)) {
    const file = path.join(directory, candidate);
    const found = await stat(file).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return null;
      throw new UsageError(`${file} cannot be read: ${describeError(error)}.`);
    });
    if (!found) continue;
    // Reading a pipe or a device might never end.
    if (!found.isFile()) throw new UsageError(`${file} is not a file.`);
    return file;
  }
  throw new UsageError(
    `the directory ${directory} has no ${name}, nor the same with .gz or with .idx for -idx.`,
  );
}

/** The same bytes as a plain Uint8Array, because Buffer's methods differ. */
function asArray({ buffer, byteOffset, byteLength }: Buffer): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The bytes of a file, decompressed if they start with gzip's magic number. */
async function readPlainOrGzipped(file: string): Promise<Uint8Array> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${describeError(error)}.`);
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return asArray(bytes);
  try {
    return asArray(await decompress(bytes, { maxOutputLength: maxFileBytes }));
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(`${file} is damaged: expected data compressed by gzip, found ${message}.`);
  }
}

interface Part {
  readonly images: IdxImages;
  readonly labels: Uint8Array;
  readonly imageFile: string;
  readonly labelFile: string;
}

async function readPart(directory: string, part: DataPart): Promise<Part> {
  const { images, labels } = mnistFiles[part];
  const imageFile = await findFile(directory, images.name);
  const labelFile = await findFile(directory, labels.name);
  const [imageBytes, labelBytes] = await Promise.all([
    readPlainOrGzipped(imageFile),
    readPlainOrGzipped(labelFile),
  ]);
  const parsed = {
    images: parseIdxImages(imageBytes, imageFile),
    labels: parseIdxLabels(labelBytes, labelFile),
    imageFile,
    labelFile,
  };
  if (parsed.labels.length !== parsed.images.count) {
    throw new UsageError(
      `${labelFile} has ${parsed.labels.length} labels, ${imageFile} has ${parsed.images.count} images.`,
    );
  }
  return parsed;
}

/**
 * Reads four IDX files with MNIST's names. Images may have any size and labels any value: the number of classes is the
 * largest label plus one, and at least ten.
 *
 * @throws UsageError or LabError `data-corrupt` naming the file, what was expected and what was found
 */
export async function readDataDirectory(
  directory: string,
  { transpose = false }: ReadOptions = {},
): Promise<DataSet> {
  const found = await stat(directory).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'it does not exist' : describeError(error);
    throw new UsageError(`the directory ${directory} cannot be read: ${why}.`);
  });
  if (!found.isDirectory()) throw new UsageError(`${directory} is not a directory.`);
  const [training, test] = [
    await readPart(directory, 'training'),
    await readPart(directory, 'test'),
  ];
  const size = ({ images }: Part) => `${images.rows} × ${images.columns}`;
  if (size(training) !== size(test)) {
    throw new UsageError(
      `${test.imageFile} has images of ${size(test)}, ${training.imageFile} of ${size(training)}.`,
    );
  }
  let classes = minClasses;
  for (const label of training.labels) classes = Math.max(classes, label + 1);
  for (const label of test.labels) classes = Math.max(classes, label + 1);
  const makeSet = ({ images, labels }: Part): ImageSet =>
    makeImageSet(transpose ? transposeImages(images) : images, labels, classes);
  return { training: makeSet(training), test: makeSet(test) };
}

/**
 * Reads the training images only; the test files are not opened.
 *
 * @throws UsageError or LabError like `readDataDirectory`
 */
export async function readTrainingImages(directory: string): Promise<ImageSet> {
  const { images, labels } = await readPart(directory, 'training');
  let classes = minClasses;
  for (const label of labels) classes = Math.max(classes, label + 1);
  return makeImageSet(images, labels, classes);
}

/**
 * Splits a training set into images to train on and held-out images.
 *
 * @param trainSize how many of the first images to train on; null for all that are not held out
 * @param validation how many of the last images to hold out
 * @throws UsageError if there are not enough images
 */
export function splitTrainingSet(
  all: ImageSet,
  trainSize: number | null,
  validation: number,
): { training: ImageSet; validation: ImageSet | null } {
  if (validation >= all.count) {
    throw new UsageError(
      `--validation ${validation} leaves nothing to train on: there are ${all.count} training images.`,
    );
  }
  const available = all.count - validation;
  const count = trainSize ?? available;
  if (count > available) {
    throw new UsageError(
      `--train-size ${count} is too large: ${available} training images are left of ${all.count}.`,
    );
  }
  return {
    training: slice(all, 0, count),
    validation: validation > 0 ? slice(all, available, all.count) : null,
  };
}
