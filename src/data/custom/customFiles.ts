import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import {
  classCount,
  imageShapes,
  type CustomData,
  ownTestCount,
  ownTrainingCount,
} from '../../domain/dataSet.ts';
import { type ByteSource, corruptFile, type OnRead, readAll } from './byteSource.ts';
import {
  findBatchName,
  isArchiveName,
  isCifar10SideFile,
  isPythonBatch,
  readCifar10Archive,
  readCifar10Files,
} from './cifar10.ts';
import { type IdxImages, parseIdxImages, parseIdxLabels, transposeImages } from '../idx.ts';
import { type ImageSet, makeImageSet } from '../imageSet.ts';
import { slice } from '../splits.ts';

/** A limit, because a small .gz file can hold any number of bytes. */
const maxIdxBytes = 256 * 2 ** 20;
const { rows, columns } = imageShapes['grey-28'];

const remedy =
  'Choose four IDX files (images and labels, to train and to test on) or CIFAR-10’s binary version.';

const dataOption = 'npm run train -- --data DIR.';

/** A data set from the user's own files. */
interface CustomDataSet {
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
  const onRead: OnRead = (readBytes) => {
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
  onRead: OnRead,
): Promise<{ training: ImageSet; test: ImageSet }> {
  const archive = sources.find(({ name }) => isArchiveName(name));
  if (archive !== undefined) {
    if (sources.length > 1) {
      throw corruptFile(archive.name, 'an archive alone', `${sources.length} files`, remedy);
    }
    return readCifar10Archive(archive, onRead);
  }
  const other = sources.find(({ name }) => findBatchName(name) === null);
  const hasBatch = sources.some(({ name }) => findBatchName(name) !== null);
  if (hasBatch && other !== undefined) {
    throw corruptFile(other.name, 'a batch of CIFAR-10 like the others', 'none', remedy);
  }
  // Batches of the Python version are refused there, with the right message.
  const isCifar10 = hasBatch || sources.some(({ name }) => isPythonBatch(name));
  return isCifar10
    ? readCifar10Files(sources, onRead)
    : readIdxFiles(sources, isTransposed, onRead);
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
    const other = `The command line takes any number: ${dataOption}`;
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

interface IdxFile<T> {
  readonly name: string;
  readonly content: T;
  readonly count: number;
}

interface IdxPair {
  readonly images: IdxFile<IdxImages>;
  readonly labels: IdxFile<Uint8Array>;
}

async function readIdxFiles(
  sources: readonly ByteSource[],
  isTransposed: boolean,
  onRead: OnRead,
): Promise<{ training: ImageSet; test: ImageSet }> {
  if (sources.length !== 4) {
    const found = `${sources.length}: ${sources.map(({ name }) => name).join(', ')}`;
    throw corruptFile('Your files', 'four IDX files, or CIFAR-10', found.slice(0, 300), remedy);
  }
  const images: IdxFile<IdxImages>[] = [];
  const labels: IdxFile<Uint8Array>[] = [];
  let before = 0;
  for (const source of sources) {
    const { name } = source;
    const bytes = await readAll(source, maxIdxBytes, (read) => onRead(before + read));
    before += source.size;
    // The fourth byte is the number of dimensions: three for images, one for labels.
    if (bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && bytes[3] === 1) {
      const content = parseLabels(bytes, name);
      labels.push({ name, content, count: content.length });
    } else {
      const content = parseImages(bytes, name, isTransposed);
      images.push({ name, content, count: content.count });
    }
  }
  const { training, test } = sortParts(images, labels);
  return { training: joinPart(training), test: joinPart(test) };
}

function parseLabels(bytes: Uint8Array, name: string): Uint8Array {
  const labels = parseIdxLabels(bytes, name);
  const wrong = labels.findIndex((label) => label >= classCount);
  if (wrong < 0) return labels;
  const found = `${labels[wrong]!} for image ${wrong}`;
  throw corruptFile(name, `labels from 0 to ${classCount - 1}`, found, remedy);
}

function parseImages(bytes: Uint8Array, name: string, isTransposed: boolean): IdxImages {
  const images = parseIdxImages(bytes, name);
  if (images.rows !== rows || images.columns !== columns) {
    const found = `${images.rows} × ${images.columns}`;
    throw corruptFile(
      name,
      `images of ${rows} × ${columns} pixels`,
      found,
      `The command line takes any size: ${dataOption}`,
    );
  }
  return isTransposed ? transposeImages(images) : images;
}

function findPart(name: string): Part | null {
  if (/train/i.test(name)) return 'training';
  return /t10k|test/i.test(name) ? 'test' : null;
}

/** Pairs images with labels by their names or, if those do not say it, by their counts. */
function sortParts(
  images: readonly IdxFile<IdxImages>[],
  labels: readonly IdxFile<Uint8Array>[],
): Record<Part, IdxPair> {
  if (images.length !== 2 || labels.length !== 2) {
    const found = `${images.length} of images and ${labels.length} of labels`;
    throw corruptFile('Your files', 'two IDX files of images and two of labels', found, remedy);
  }
  const byName = (part: Part): IdxPair[] => {
    const isOfPart = ({ name }: { readonly name: string }): boolean => findPart(name) === part;
    const [own, ownLabels] = [images.filter(isOfPart), labels.filter(isOfPart)];
    if (own.length !== 1 || ownLabels.length !== 1) return [];
    return [{ images: own[0]!, labels: ownLabels[0]! }];
  };
  const [[training], [test]] = [byName('training'), byName('test')];
  if (training && test) return { training, test };
  const [more, fewer] = images.toSorted((a, b) => b.count - a.count);
  if (more!.count === fewer!.count) {
    const expected =
      'names with “train” and “test”, because both parts have the same number of images';
    const found = [...images, ...labels].map(({ name }) => name).join(', ');
    throw corruptFile('Your files', expected, found.slice(0, 300), remedy);
  }
  const byCount = (file: IdxFile<IdxImages>): IdxPair => ({
    images: file,
    labels: labels.find(({ count }) => count === file.count) ?? labels[0]!,
  });
  return { training: byCount(more!), test: byCount(fewer!) };
}

function joinPart({ images, labels }: IdxPair): ImageSet {
  if (images.count !== labels.count) {
    const expected = `${images.count} labels, as ${images.name} has images`;
    throw corruptFile(labels.name, expected, String(labels.count), remedy);
  }
  return makeImageSet(images.content, labels.content, classCount);
}
