import { cifar10Standardization } from '../../domain/dataSet.ts';
import { LabError } from '../../domain/errors.ts';
import {
  type ByteSource,
  ByteReader,
  corruptFile,
  type OnRead,
  readAll,
  readPlainOrGzipped,
} from './byteSource.ts';
import type { ImageSet } from '../imageSet.ts';
import { readTar } from './tar.ts';

/** 32 × 32 pixels: all red ones row by row, then all green ones, then all blue ones. */
const features = 3 * 32 * 32;
const classes = 10;
/** A label byte and the pixels. */
export const recordBytes = 1 + features;
/** CIFAR-100's records have two labels. */
const cifar100RecordBytes = recordBytes + 1;
/** Most images in a batch; the published ones have 10,000. */
const maxRecords = 50_000;
/** Large enough for CIFAR-100's 50,000 training images, so that the error message can name them. */
const maxBytes = maxRecords * cifar100RecordBytes;

export const trainingBatches = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`);
export const testBatch = 'test_batch.bin';
/** In the order of the data set. */
export const cifar10Files: readonly string[] = [...trainingBatches, testBatch];
export const cifar10Archive = 'cifar-10-binary.tar.gz';

const remedy = `Use the binary version of CIFAR-10: ${cifar10Archive}, or its six .bin files.`;

/** A batch is records of a label byte, 0 to 9, and the pixels. */
function assertRecords(length: number, name: string): void {
  if (length > 0 && length % recordBytes === 0) return;
  const expected = `whole records of ${recordBytes} bytes`;
  const isCifar100 = length > 0 && length % cifar100RecordBytes === 0;
  const found = isCifar100
    ? `${length} bytes, which are ${length / cifar100RecordBytes} records of ${cifar100RecordBytes}, as CIFAR-100 has them`
    : `${length} bytes`;
  throw corruptFile(name, expected, found, remedy);
}

function makeSet(count: number): ImageSet {
  return {
    pixels: new Uint8Array(count * features),
    labels: new Uint8Array(count),
    count,
    features,
    classes,
    standardization: cifar10Standardization,
  };
}

/** Assembles the data set from batches in any order. */
class BatchAssembler {
  #training: ImageSet | null = null;
  #test: ImageSet | null = null;
  /** Images of each batch by its name. */
  readonly #counts = new Map<string, number>();

  /**
   * @param file name of the file, for error messages
   * @throws LabError 'data-corrupt' saying what was expected and what was found
   */
  add(name: string, bytes: Uint8Array, file: string): void {
    assertRecords(bytes.length, file);
    const count = bytes.length / recordBytes;
    if (this.#counts.has(name)) throw corruptFile(name, 'each batch once', 'it twice', remedy);
    const [first] = this.#counts;
    if (first !== undefined && first[1] !== count) {
      // All published batches have the same count, so this detects one that was cut between two records.
      const expected = `${first[1]} records, as ${first[0]} has`;
      throw corruptFile(name, expected, String(count), remedy);
    }
    this.#counts.set(name, count);
    const isTest = name === testBatch;
    const set = isTest
      ? (this.#test ??= makeSet(count))
      : (this.#training ??= makeSet(trainingBatches.length * count));
    const start = isTest ? 0 : trainingBatches.indexOf(name) * count;
    for (let i = 0; i < count; i++) {
      const at = i * recordBytes;
      const label = bytes[at]!;
      if (label >= classes) {
        throw corruptFile(file, 'labels from 0 to 9', `${label} in record ${i}`, remedy);
      }
      set.labels[start + i] = label;
      set.pixels.set(bytes.subarray(at + 1, at + recordBytes), (start + i) * features);
    }
  }

  /**
   * @param where the name of the source, for error messages
   * @param others names of other files that were found
   * @throws LabError 'data-corrupt' if a batch is missing
   */
  finish(where: string, others: readonly string[]): { training: ImageSet; test: ImageSet } {
    const missing = cifar10Files.filter((name) => !this.#counts.has(name));
    if (missing.length > 0 || this.#training === null || this.#test === null) {
      const names = [...this.#counts.keys(), ...others];
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
    return { training: this.#training, test: this.#test };
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The name of the batch in a file, by the file's name; null for any other file. */
export function findBatchName(fileName: string): string | null {
  const name = baseName(fileName).replace(/\.gz$/i, '');
  return cifar10Files.find((batch) => batch === name) ?? null;
}

/** Whether a file has the name of a batch of CIFAR-10's Python version, which has a different format. */
export function isPythonBatch(fileName: string): boolean {
  return /^(data_batch_\d|test_batch)$/.test(baseName(fileName));
}

/** Whether a file is one of the files without images that the archive contains beside the batches. */
export function isCifar10SideFile(fileName: string): boolean {
  return /^(batches\.meta(\.txt)?|readme\.html)$/i.test(baseName(fileName));
}

/** Whether a file has the name of an archive; browsers name a second download "….tar (1).gz". */
export function isArchiveName(fileName: string): boolean {
  return /\.(tar|tgz|tar *(\(\d+\)|-\d+)?\.gz)$/i.test(fileName);
}

/**
 * Reads CIFAR-10's binary version from its archive, `cifar-10-binary.tar.gz`, gzipped or not.
 *
 * @param onRead called with the number of bytes of the archive read so far
 * @throws LabError 'data-corrupt' saying what was expected and what was found
 */
export async function readCifar10Archive(
  source: ByteSource,
  onRead?: OnRead,
): Promise<{ training: ImageSet; test: ImageSet }> {
  const reader = new ByteReader(readPlainOrGzipped(source, onRead));
  const assembler = new BatchAssembler();
  const others: string[] = [];
  const inside = (name: string): string => `${source.name}, ${name}`;
  const isBatch = (name: string, size: number): boolean => {
    if (findBatchName(name) === null) return false;
    assertRecords(size, inside(name));
    if (size <= maxBytes) return true;
    const expected = `at most ${maxBytes.toLocaleString('en')} bytes`;
    throw corruptFile(inside(name), expected, String(size), remedy);
  };
  try {
    for await (const { name, content } of readTar(reader, source.name, isBatch)) {
      const batch = findBatchName(name);
      if (batch === null || content === null) others.push(baseName(name));
      else assembler.add(batch, content, inside(name));
    }
    return assembler.finish(source.name, others);
  } finally {
    await reader.close();
  }
}

/**
 * Reads CIFAR-10's six `.bin` files, gzipped or not, in any order.
 *
 * @param onRead called with the number of bytes of all files read so far
 * @throws LabError 'data-corrupt' saying what was expected and what was found
 */
export async function readCifar10Files(
  sources: readonly ByteSource[],
  onRead?: OnRead,
): Promise<{ training: ImageSet; test: ImageSet }> {
  const assembler = new BatchAssembler();
  const others: string[] = [];
  let before = 0;
  for (const source of sources) {
    const name = findBatchName(source.name);
    if (name === null) {
      others.push(baseName(source.name));
      continue;
    }
    const bytes = await readAll(source, maxBytes, (read) => onRead?.(before + read));
    before += source.size;
    assembler.add(name, bytes, source.name);
  }
  return assembler.finish('CIFAR-10', others);
}
