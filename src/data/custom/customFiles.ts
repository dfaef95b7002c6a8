import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import {
  classCount,
  imageShapes,
  type CustomData,
  ownTestCount,
  ownTrainingCount,
} from '../../domain/dataSet.ts';
import { LabError } from '../../domain/errors.ts';
import { type ByteSource, corruptFile, readAll } from './byteSource.ts';
import {
  findBatchName,
  isArchiveName,
  isCifar10SideFile,
  isPythonBatch,
  readCifar10Archive,
  readCifar10Files,
} from './cifar10.ts';
import { type IdxImages, parseIdxImages, parseIdxLabels, transposeImages } from '../idx.ts';
import type { ImageSet } from '../imageSet.ts';
import { slice } from '../splits.ts';

/** A limit, because a small .gz file can hold any number of bytes. */
const maxIdxBytes = 256 * 2 ** 20;
const { rows, columns } = imageShapes['grey-28'];

const remedy =
  'Choose four IDX files (images and labels, to train and to test on) or CIFAR-10’s binary version.';

/** A data set from the user's own files. */
export interface CustomDataSet {
  readonly training: ImageSet;
  readonly test: ImageSet;
  readonly dataSet: CustomData;
}

interface ReadOptions {
  /**
   * Whether the images of IDX files are transposed, as EMNIST's are. They are transposed back while they are read, so
   * everything afterwards, including the fingerprint, uses upright images. CIFAR-10's images are never transposed.
   */
  readonly isTransposed?: boolean;
  /** Called with the number of bytes of all files read so far. */
  readonly onProgress?: (readBytes: number, totalBytes: number) => void;
}

/**
 * Reads the user's files: CIFAR-10's six `.bin` files or its archive, or four IDX files with 28 × 28 gray images and
 * their labels, gzipped or not. Names and first bytes decide what each file is.
 *
 * @throws LabError 'data-corrupt' naming the file, what was expected and what was found
 */
export async function readCustomFiles(
  chosen: readonly ByteSource[],
  { isTransposed = false, onProgress = () => undefined }: ReadOptions = {},
): Promise<CustomDataSet> {
  const sources = dropSideFiles(chosen);
  const totalBytes = sources.reduce((sum, { size }) => sum + size, 0);
  let reported = 0;
  const onRead = (readBytes: number): void => {
    if (readBytes - reported < totalBytes / 100 && readBytes !== totalBytes) return;
    reported = readBytes;
    onProgress(readBytes, totalBytes);
  };
  const { training, test } = await readSets(sources, isTransposed, onRead);
  assertCounts(training.count, test.count);
  const tested = slice(test, 0, Math.min(test.count, ownTestCount.max));
  const shape = training.features === rows * columns ? 'grey-28' : 'color-32';
  const fingerprint = fingerprintOf(training, tested);
  return {
    training,
    test: tested,
    dataSet: { shape, trainingCount: training.count, testCount: tested.count, fingerprint },
  };
}

/** Drops the files without images that CIFAR-10's archive contains. */
function dropSideFiles(sources: readonly ByteSource[]): readonly ByteSource[] {
  const isCifar10 = sources.some(({ name }) => findBatchName(name) !== null || isPythonBatch(name));
  return isCifar10 ? sources.filter(({ name }) => !isCifar10SideFile(name)) : sources;
}

function readSets(
  sources: readonly ByteSource[],
  isTransposed: boolean,
  onRead: (readBytes: number) => void,
): Promise<{ training: ImageSet; test: ImageSet }> {
  const archive = sources.find(({ name }) => isArchiveName(name));
  if (archive !== undefined) {
    if (sources.length > 1) {
      throw corruptFile(archive.name, 'an archive alone', `${sources.length} files`, remedy);
    }
    return readCifar10Archive(archive, onRead);
  }
  const isBatch = ({ name }: ByteSource): boolean => findBatchName(name) !== null;
  if (sources.some(isBatch)) {
    const other = sources.find((source) => !isBatch(source));
    if (other !== undefined) {
      throw corruptFile(other.name, 'a batch of CIFAR-10 like the others', 'none', remedy);
    }
    return readCifar10Files(sources, onRead);
  }
  // readCifar10Files refuses them with the right message.
  if (sources.some(({ name }) => isPythonBatch(name))) return readCifar10Files(sources, onRead);
  return readIdxFiles(sources, isTransposed, onRead);
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

type Part = 'training' | 'test';

interface IdxFile {
  readonly name: string;
  /** The part according to the file name; null if the name does not contain it. */
  readonly part: Part | null;
  readonly images: IdxImages | null;
  readonly labels: Uint8Array | null;
  readonly count: number;
}

async function readIdxFiles(
  sources: readonly ByteSource[],
  isTransposed: boolean,
  onRead: (readBytes: number) => void,
): Promise<{ training: ImageSet; test: ImageSet }> {
  if (sources.length !== 4) {
    const found = `${sources.length}: ${sources.map(({ name }) => name).join(', ')}`;
    throw corruptFile('Your files', 'four IDX files, or CIFAR-10', found.slice(0, 300), remedy);
  }
  const files: IdxFile[] = [];
  let before = 0;
  for (const source of sources) {
    const bytes = await readAll(source, maxIdxBytes, (read) => onRead(before + read));
    before += source.size;
    files.push(parseIdxFile(bytes, source.name, isTransposed));
  }
  const { training, test } = sortParts(files);
  return { training: joinPart(training), test: joinPart(test) };
}

/** Parses images (three dimensions) or labels (one); the fourth byte is the number of dimensions. */
function parseIdxFile(bytes: Uint8Array, name: string, isTransposed: boolean): IdxFile {
  const part = findPart(name);
  if (bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && bytes[3] === 1) {
    const labels = parseIdxLabels(bytes, name);
    const wrong = labels.findIndex((label) => label >= classCount);
    if (wrong >= 0) {
      const found = `${labels[wrong]!} for image ${wrong}`;
      throw corruptFile(name, `labels from 0 to ${classCount - 1}`, found, remedy);
    }
    return { name, part, images: null, labels, count: labels.length };
  }
  const images = parseIdxImages(bytes, name);
  if (images.rows !== rows || images.columns !== columns) {
    const other = 'The command line takes any size: npm run train -- --data DIR.';
    const found = `${images.rows} × ${images.columns}`;
    throw corruptFile(name, `images of ${rows} × ${columns} pixels`, found, other);
  }
  const upright = isTransposed ? transposeImages(images) : images;
  return { name, part, images: upright, labels: null, count: images.count };
}

function findPart(name: string): Part | null {
  if (/train/i.test(name)) return 'training';
  return /t10k|test/i.test(name) ? 'test' : null;
}

interface Pair {
  readonly images: IdxFile;
  readonly labels: IdxFile;
}

/** Pairs images with labels by their names or, if those do not say it, by their counts. */
function sortParts(files: readonly IdxFile[]): Record<Part, Pair> {
  const images = files.filter((file) => file.images !== null);
  const labels = files.filter((file) => file.labels !== null);
  if (images.length !== 2 || labels.length !== 2) {
    const found = `${images.length} of images and ${labels.length} of labels`;
    throw corruptFile('Your files', 'two IDX files of images and two of labels', found, remedy);
  }
  const byName = (part: Part): Pair | null => {
    const [image, label] = [images, labels].map((all) => all.filter((file) => file.part === part));
    return image!.length === 1 && label!.length === 1
      ? { images: image![0]!, labels: label![0]! }
      : null;
  };
  const [training, test] = [byName('training'), byName('test')];
  if (training && test) return { training, test };
  const [more, fewer] = images.toSorted((a, b) => b.count - a.count) as [IdxFile, IdxFile];
  if (more.count === fewer.count) {
    const expected =
      'names with “train” and “test”, because both parts have the same number of images';
    const found = files.map(({ name }) => name).join(', ');
    throw corruptFile('Your files', expected, found.slice(0, 300), remedy);
  }
  const labelsOf = (file: IdxFile): IdxFile =>
    labels.find(({ count }) => count === file.count) ?? labels[0]!;
  return {
    training: { images: more, labels: labelsOf(more) },
    test: { images: fewer, labels: labelsOf(fewer) },
  };
}

function joinPart({ images, labels }: Pair): ImageSet {
  if (images.count !== labels.count) {
    const expected = `${images.count} labels, as ${images.name} has images`;
    throw corruptFile(labels.name, expected, String(labels.count), remedy);
  }
  if (images.images === null || labels.labels === null) {
    throw new LabError('internal', 'IDX files were paired wrongly.', 'Reload the page.');
  }
  return {
    pixels: images.images.pixels,
    labels: labels.labels,
    count: images.count,
    features: rows * columns,
    classes: classCount,
  };
}
