import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseIdxImages, parseIdxLabels } from '../../src/data/idx.ts';
import { type ImageSet, makeImageSet } from '../../src/data/imageSet.ts';
import { mnistFiles } from '../../src/data/mnistFiles.ts';
import { slice } from '../../src/data/splits.ts';
import { UsageError } from './options/usageError.ts';
import { readData } from './readData.ts';

/** The two parts of a data set, with the same image size and classes. */
export interface DataSet {
  readonly training: ImageSet;
  readonly test: ImageSet;
  /** Which files were read, as a sentence; absent for MNIST from its package. */
  readonly source?: string | undefined;
}

/** Reads MNIST, or another data set of IDX files, from a directory. */
export async function readDataDirectory(directory: string): Promise<DataSet> {
  const { training, test } = await readData(directory);
  return { training, test };
}

/** Reads MNIST's training images only; the test files are not opened. */
export async function readTrainingImages(directory: string): Promise<ImageSet> {
  const { images, labels } = mnistFiles.training;
  const read = async (name: string): Promise<Uint8Array> => readFile(path.join(directory, name));
  return makeImageSet(
    parseIdxImages(await read(images.name), images.name),
    parseIdxLabels(await read(labels.name), labels.name),
  );
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
