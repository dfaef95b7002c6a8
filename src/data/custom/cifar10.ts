import { cifar10Standardization } from '../../domain/dataSet.ts';
import { LabError } from '../../domain/errors.ts';
import { corruptFile } from './byteSource.ts';
import type { ImageSet } from '../imageSet.ts';
import { baseName } from './paths.ts';

/** 32 × 32 pixels: all red ones row by row, then all green ones, then all blue ones. */
const features = 3 * 32 * 32;
const classes = 10;
/** A label byte and the pixels. */
export const recordBytes = 1 + features;
/** CIFAR-100's records have two labels. */
const cifar100RecordBytes = recordBytes + 1;

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
export class BatchAssembler {
  #training: ImageSet | null = null;
  #test: ImageSet | null = null;
  /** Images of each batch by its name. */
  readonly #counts = new Map<string, number>();
  #conflict: LabError | null = null;

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /**
   * @param file name of the file, for error messages
   * @returns false for a copy of a batch that is there already
   * @throws LabError 'data-corrupt' saying what was expected and what was found
   */
  add(name: string, bytes: Uint8Array, file: string): boolean {
    assertRecords(bytes.length, file);
    const count = bytes.length / recordBytes;
    if (this.#counts.has(name)) {
      if (this.#isCopy(name, bytes)) return false;
      this.#conflict ??= corruptFile(file, 'each batch once', 'two that differ', remedy);
      return true;
    }
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
    return true;
  }

  #isCopy(name: string, bytes: Uint8Array): boolean {
    const set = name === testBatch ? this.#test : this.#training;
    const count = this.#counts.get(name);
    if (!set || count === undefined || bytes.length !== count * recordBytes) return false;
    const start = name === testBatch ? 0 : trainingBatches.indexOf(name) * count;
    return bytes.every((byte, i) => {
      const [image, place] = [start + Math.floor(i / recordBytes), i % recordBytes];
      return byte === (place === 0 ? set.labels[image] : set.pixels[image * features + place - 1]);
    });
  }

  /**
   * @param others paths of files of the Python version
   * @throws LabError 'data-corrupt' if a batch is missing
   */
  finish(others: readonly string[]): { training: ImageSet; test: ImageSet; names: string[] } {
    if (this.#conflict !== null) throw this.#conflict;
    const missing = cifar10Files.filter((name) => !this.#counts.has(name));
    if (missing.length > 0 || this.#training === null || this.#test === null) {
      const names = [...this.#counts.keys(), ...others.map(baseName)];
      const found = `only ${names.slice(0, 8).join(', ')}`;
      const hint = others.length > 0 ? ' These are of the Python version.' : '';
      throw new LabError(
        'data-corrupt',
        `CIFAR-10: expected ${cifar10Files.join(', ')}, found ${found}; ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing.${hint}`,
        remedy,
      );
    }
    return { training: this.#training, test: this.#test, names: [...this.#counts.keys()] };
  }
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
