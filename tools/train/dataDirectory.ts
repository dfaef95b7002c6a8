import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readAll } from '../../src/data/custom/byteSource.ts';
import {
  type IdxImages,
  parseIdxImages,
  parseIdxLabels,
  transposeImages,
} from '../../src/data/idx.ts';
import { type ImageSet, makeImageSet } from '../../src/data/imageSet.ts';
import { type DataPart, mnistFiles } from '../../src/data/mnistFiles.ts';
import { slice } from '../../src/data/splits.ts';
import { describeError, openFile } from './nodeFiles.ts';
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

interface IdxFile<T> {
  readonly file: string;
  readonly content: T;
}

/** Reads the file of this name, as published or as some unpackers write it, each of them plain or gzipped. */
async function readIdx<T>(
  directory: string,
  name: string,
  parse: (bytes: Uint8Array, file: string) => T,
): Promise<IdxFile<T>> {
  const existing = await readdir(directory).catch((error: unknown) => {
    throw new UsageError(`the directory ${directory} cannot be read: ${describeError(error)}.`);
  });
  const dotted = name.replace(/-(idx\d-ubyte)$/, '.$1');
  const possible = [name, `${name}.gz`, dotted, `${dotted}.gz`];
  const found = possible.find((candidate) => existing.includes(candidate));
  if (found === undefined) {
    throw new UsageError(
      `the directory ${directory} has no ${name}, nor the same with .gz or with .idx for -idx.`,
    );
  }
  const file = path.join(directory, found);
  return { file, content: parse(await readAll(await openFile(file), maxFileBytes), file) };
}

interface Part {
  readonly images: IdxFile<IdxImages>;
  readonly labels: IdxFile<Uint8Array>;
}

async function readPart(directory: string, part: DataPart): Promise<Part> {
  const { images: imageFile, labels: labelFile } = mnistFiles[part];
  const images = await readIdx(directory, imageFile.name, parseIdxImages);
  const labels = await readIdx(directory, labelFile.name, parseIdxLabels);
  if (labels.content.length !== images.content.count) {
    throw new UsageError(
      `${labels.file} has ${labels.content.length} labels, ${images.file} has ${images.content.count} images.`,
    );
  }
  return { images, labels };
}

/** The parts as sets with the same classes: the largest label plus one, and at least ten. */
function makeSets(parts: readonly Part[], transpose: boolean): ImageSet[] {
  let classes = minClasses;
  for (const { labels } of parts) {
    for (const label of labels.content) classes = Math.max(classes, label + 1);
  }
  return parts.map(({ images: { content }, labels }) =>
    makeImageSet(transpose ? transposeImages(content) : content, labels.content, classes),
  );
}

/**
 * Reads four IDX files with MNIST's names. Images may have any size and labels any value.
 *
 * @throws UsageError or LabError naming the file, what was expected and what was found
 */
export async function readDataDirectory(
  directory: string,
  { transpose = false }: ReadOptions = {},
): Promise<DataSet> {
  const parts = [await readPart(directory, 'training'), await readPart(directory, 'test')];
  const [first, second] = parts.map(({ images: { file, content } }) => ({
    file,
    size: `${content.rows} × ${content.columns}`,
  }));
  if (first!.size !== second!.size) {
    throw new UsageError(
      `${second!.file} has images of ${second!.size}, ${first!.file} of ${first!.size}.`,
    );
  }
  const [training, test] = makeSets(parts, transpose);
  return { training: training!, test: test! };
}

/** Reads the training images only, like `readDataDirectory`; the test files are not opened. */
export async function readTrainingImages(directory: string): Promise<ImageSet> {
  const [training] = makeSets([await readPart(directory, 'training')], false);
  return training!;
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
