import { cifar10Standardization } from '../shared/dataSet.ts';
import { LabError } from '../shared/errors.ts';
import {
  type ByteSource,
  ByteReader,
  corruptFile,
  readAll,
  readPlainOrGzipped,
} from './byteSource.ts';
import type { ImageSet } from './imageSet.ts';
import { readTar } from './tar.ts';

/** 32 × 32 pixels: all red ones row by row, then all green ones, then all blue ones. */
const features = 3 * 32 * 32;
const classes = 10;
/** A label byte and the pixels. */
export const recordBytes = 1 + features;
/** CIFAR-100's records have two labels. */
const cifar100RecordBytes = recordBytes + 1;
/** As many images as one batch may have; published ones have 10,000. */
const mostRecords = 50_000;
/** CIFAR-100's training images are as many: they are read, so that what they are can be told. */
const mostBytes = mostRecords * cifar100RecordBytes;

export const trainingBatches = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`);
export const testBatch = 'test_batch.bin';
/** In the order in which they make up the data set. */
export const cifar10Files: readonly string[] = [...trainingBatches, testBatch];
export const cifar10Archive = 'cifar-10-binary.tar.gz';

const remedy = `Use the binary version of CIFAR-10: ${cifar10Archive}, or its six .bin files.`;

/** One batch: labels apart from pixels. */
interface Batch {
  readonly count: number;
  readonly labels: Uint8Array;
  /** [count × 3072] */
  readonly pixels: Uint8Array;
}

/**
 * Reads a batch of CIFAR-10's binary version: records of a label byte (0 to 9) and 3,072 pixels.
 *
 * @throws LabError 'data-corrupt' that says what was expected and what was found
 */
export function parseCifar10Batch(bytes: Uint8Array, name: string): Batch {
  assertRecords(bytes.length, name);
  const count = bytes.length / recordBytes;
  const labels = new Uint8Array(count);
  const pixels = new Uint8Array(count * features);
  for (let i = 0; i < count; i++) {
    const at = i * recordBytes;
    const label = bytes[at]!;
    if (label >= classes) {
      throw corruptFile(name, `labels from 0 to 9`, `${label} in record ${i}`, remedy);
    }
    labels[i] = label;
    pixels.set(bytes.subarray(at + 1, at + recordBytes), i * features);
  }
  return { count, labels, pixels };
}

function assertRecords(length: number, name: string): void {
  if (length > 0 && length % recordBytes === 0) return;
  const expected = `whole records of ${recordBytes} bytes`;
  const isCifar100 = length > 0 && length % cifar100RecordBytes === 0;
  const found = isCifar100
    ? `${length} bytes, which are ${length / cifar100RecordBytes} records of ${cifar100RecordBytes}, as CIFAR-100 has them`
    : `${length} bytes`;
  throw corruptFile(name, expected, found, remedy);
}

/** Joins the batches as they come, each straight into its place. */
class Assembly {
  #count = 0;
  #training: { readonly pixels: Uint8Array; readonly labels: Uint8Array } | null = null;
  #test: Batch | null = null;
  readonly #seen = new Set<string>();
  #firstName = '';

  add(name: string, { count, pixels, labels }: Batch): void {
    if (this.#seen.has(name)) throw corruptFile(name, 'each batch once', 'it twice', remedy);
    if (this.#seen.size === 0) {
      this.#count = count;
      this.#firstName = name;
    } else if (count !== this.#count) {
      // All published batches have as many; one that was cut between two records is told by this.
      const expected = `${this.#count} records, as ${this.#firstName} has`;
      throw corruptFile(name, expected, String(count), remedy);
    }
    this.#seen.add(name);
    if (name === testBatch) {
      this.#test = { count, pixels, labels };
      return;
    }
    const images = trainingBatches.length * count;
    this.#training ??= {
      pixels: new Uint8Array(images * features),
      labels: new Uint8Array(images),
    };
    const first = trainingBatches.indexOf(name) * count;
    this.#training.pixels.set(pixels, first * features);
    this.#training.labels.set(labels, first);
  }

  /** @param where they were looked for @throws LabError when one is missing */
  finish(where: string, others: readonly string[]): { training: ImageSet; test: ImageSet } {
    const missing = cifar10Files.filter((name) => !this.#seen.has(name));
    if (missing.length > 0 || this.#training === null || this.#test === null) {
      const names = [...this.#seen, ...others];
      const found = names.length === 0 ? 'no file' : `only ${names.slice(0, 8).join(', ')}`;
      const hint = others.some(isPythonBatch)
        ? ' These are of the Python version.'
        : others.some((name) => /^(train|test)\.bin$/.test(name))
          ? ' These are CIFAR-100’s.'
          : '';
      throw new LabError(
        'data-corrupt',
        `${where}: expected ${cifar10Files.join(', ')}, found ${found}; ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing.${hint}`,
        remedy,
      );
    }
    const shared = { features, classes, standardization: cifar10Standardization };
    const trainingCount = trainingBatches.length * this.#count;
    return {
      training: { ...this.#training, ...shared, count: trainingCount },
      test: { ...this.#test, ...shared },
    };
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The batch that a file is by its name; null for any other. */
export function findBatchName(fileName: string): string | null {
  const name = baseName(fileName).replace(/\.gz$/i, '');
  return cifar10Files.find((one) => one === name) ?? null;
}

/** Whether a file is named as a batch of CIFAR-10's Python version, which is another format. */
export function isPythonBatch(fileName: string): boolean {
  return /^(data_batch_\d|test_batch)$/.test(baseName(fileName));
}

/** Whether a file lies beside the batches in the folder that the archive unpacks to, and says nothing of images. */
export function isBesideBatches(fileName: string): boolean {
  return /^(batches\.meta(\.txt)?|readme\.html)$/i.test(baseName(fileName));
}

/** Whether a file is named as an archive; browsers call a second download "….tar (1).gz". */
export function isArchiveName(fileName: string): boolean {
  return /\.(tar|tgz|tar *(\(\d+\)|-\d+)?\.gz)$/i.test(fileName);
}

/**
 * Reads CIFAR-10's binary version from its archive, `cifar-10-binary.tar.gz`, gzipped or not.
 *
 * @param onRead how many bytes of the archive were read
 * @throws LabError 'data-corrupt' that says what was expected and what was found
 */
export async function readCifar10Archive(
  source: ByteSource,
  onRead?: (readBytes: number) => void,
): Promise<{ training: ImageSet; test: ImageSet }> {
  const reader = new ByteReader(readPlainOrGzipped(source, onRead));
  const assembly = new Assembly();
  const others: string[] = [];
  try {
    for await (const entry of readTar(reader, source.name, mostBytes)) {
      const name = findBatchName(entry.name);
      if (name === null) {
        others.push(baseName(entry.name));
        continue;
      }
      const inside = `${source.name}, ${entry.name}`;
      assertRecords(entry.size, inside);
      assembly.add(name, parseCifar10Batch(await entry.read(), inside));
    }
    return assembly.finish(source.name, others);
  } finally {
    await reader.close();
  }
}

/**
 * Reads CIFAR-10's six `.bin` files, gzipped or not, in any order.
 *
 * @param onRead how many bytes of all files were read
 * @throws LabError 'data-corrupt' that says what was expected and what was found
 */
export async function readCifar10Files(
  sources: readonly ByteSource[],
  onRead: (readBytes: number) => void = () => undefined,
): Promise<{ training: ImageSet; test: ImageSet }> {
  const assembly = new Assembly();
  const others: string[] = [];
  let before = 0;
  for (const source of sources) {
    const name = findBatchName(source.name);
    if (name === null) {
      others.push(baseName(source.name));
      continue;
    }
    const bytes = await readAll(source, mostBytes, (read) => onRead(before + read));
    before += source.size;
    assembly.add(name, parseCifar10Batch(bytes, source.name));
  }
  return assembly.finish('CIFAR-10', others);
}
