import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import {
  classCount,
  imageShapes,
  type LoadedData,
  ownTestCount,
  ownTrainingCount,
} from '../../domain/dataSet.ts';
import { type ByteSource, corruptFile, type OnRead } from './byteSource.ts';
import type { ImageSet } from '../imageSet.ts';
import { slice } from '../splits.ts';
import { readDataSet } from './readDataSet.ts';

const remedy = 'Choose another data set.';

/** A data set from the user's own files. */
interface CustomDataSet extends LoadedData {
  readonly training: ImageSet;
  readonly test: ImageSet;
}

interface ReadOptions {
  /**
   * Whether gray images are transposed, as EMNIST's are; null: by the names of the files. They are transposed back while
   * they are read, so everything afterwards, including the fingerprint, uses upright images.
   */
  readonly isTransposed?: boolean | null;
  /** Called with the number of bytes of all files read so far. */
  readonly onProgress?: (readBytes: number, totalBytes: number) => void;
}

/**
 * Reads the user's files as a data set for the page: gray images of 28 × 28 pixels, or CIFAR-10.
 *
 * @throws LabError 'data-corrupt' naming the file, what was expected and what was found
 */
export async function readCustomFiles(
  sources: readonly ByteSource[],
  { isTransposed = null, onProgress = () => undefined }: ReadOptions = {},
): Promise<CustomDataSet> {
  const totalBytes = sources.reduce((sum, { size }) => sum + size, 0);
  let reported = 0;
  const onRead: OnRead = (readBytes) => {
    if (readBytes - reported < totalBytes / 100 && readBytes !== totalBytes) return;
    reported = readBytes;
    onProgress(readBytes, totalBytes);
  };
  const read = await readDataSet(sources, { isTransposed, size: imageShapes['grey-28'], onRead });
  const { training, test, classNames } = read;
  assertCounts(training.count, test.count);
  const tested = slice(test, 0, Math.min(test.count, ownTestCount.max));
  const left = test.count - tested.count;
  const notes = left > 0 ? [...read.notes, describeLeft(left)] : read.notes;
  return {
    training,
    test: tested,
    isTransposed: read.isTransposed,
    notes,
    dataSet: {
      shape: training.standardization ? 'color-32' : 'grey-28',
      trainingCount: training.count,
      testCount: tested.count,
      fingerprint: fingerprintOf(training, tested),
      ...(training.classes !== classCount && { classes: training.classes }),
      ...(classNames && { classNames }),
    },
  };
}

function describeLeft(count: number): string {
  return `The last ${count.toLocaleString('en-US')} test images are not used.`;
}

function assertCounts(training: number, test: number): void {
  const { min, max } = ownTrainingCount;
  const count = (value: number) => value.toLocaleString('en-US');
  if (training < min || training > max) {
    const expected = `${min} to ${count(max)} training images`;
    throw corruptFile('Your files', expected, count(training), remedy);
  }
  if (test < ownTestCount.min) {
    const expected = `at least ${ownTestCount.min} test images, because with fewer an error rate means little`;
    const other = 'The command line takes any number: npm run train -- --data DIR.';
    throw corruptFile('Your files', expected, count(test), other);
  }
}

/** SHA-256, in hexadecimal, of the pixels and labels of all sets. */
export function fingerprintOf(...sets: readonly ImageSet[]): string {
  const hash = sha256.create();
  for (const { pixels, labels } of sets) hash.update(pixels).update(labels);
  return bytesToHex(hash.digest());
}
