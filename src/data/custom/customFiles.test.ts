import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../domain/errors.ts';
import type { ByteSource } from './byteSource.ts';
import { cifar10Files } from './cifar10.ts';
import { readCustomFiles } from './customFiles.ts';
import { encodeIdx } from '../testing/encodeIdx.ts';
import { bytesOf } from '../testing/makeArrays.ts';
import { makeBatch, sourceOf } from '../testing/makeFiles.ts';

const pixelCount = 28 * 28;

function images(count: number, seed: number): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(count * pixelCount);
  for (let i = seed; i < pixels.length; i += 997) pixels[i] = (i + seed) % 256;
  return encodeIdx([count, 28, 28], pixels);
}
function labels(count: number): Uint8Array<ArrayBuffer> {
  return encodeIdx(
    [count],
    Uint8Array.from({ length: count }, (_, i) => i % 10),
  );
}

const trainingCount = 120;
const testCount = 110;
const parts = {
  trainImages: images(trainingCount, 1),
  trainLabels: labels(trainingCount),
  testImages: images(testCount, 2),
  testLabels: labels(testCount),
};
const names = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
};
type PartName = keyof typeof parts;
const partNames = Object.keys(parts) as PartName[];
const source = (name: string, bytes: Uint8Array) => sourceOf(name, bytes, 1e6);

/** The four files with some of them changed, and others' names. */
function files(
  changes: Partial<Record<PartName, Uint8Array>> = {},
  called: Partial<Record<PartName, string>> = {},
): ByteSource[] {
  return partNames.map((part) => source(called[part] ?? names[part], changes[part] ?? parts[part]));
}

async function refusal(sources: readonly ByteSource[]): Promise<string> {
  const error: unknown = await readCustomFiles(sources).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LabError);
  expect((error as LabError).code).toBe('data-corrupt');
  return (error as LabError).message;
}

describe('readCustomFiles', () => {
  it('reads four IDX files in any order, gzipped or not, and reports its progress', async () => {
    const reports: number[] = [];
    const { training, test, dataSet } = await readCustomFiles(
      [
        source('t10k-labels-idx1-ubyte.gz', gzipSync(parts.testLabels)),
        source('train-images.idx3-ubyte', parts.trainImages),
        source('t10k-images-idx3-ubyte', parts.testImages),
        source('train-labels-idx1-ubyte', parts.trainLabels),
      ],
      { onProgress: (read, total) => reports.push(read / total) },
    );
    expect([training.count, test.count, training.features]).toEqual([120, 110, 784]);
    expect(training.pixels).toEqual(parts.trainImages.subarray(16));
    expect(test.labels).toEqual(parts.testLabels.subarray(8));
    expect(dataSet).toMatchObject({ shape: 'grey-28', trainingCount: 120, testCount: 110 });
    expect(dataSet.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(reports.at(-1)).toBe(1);
    expect(reports).toEqual([...reports].sort((a, b) => a - b));
  });

  it('pairs files by their counts if names do not help, giving the same data set', async () => {
    const expected = await readCustomFiles(files());
    const anonymous = Object.fromEntries(partNames.map((part, i) => [part, `file-${i}`]));
    // The larger set is the training set.
    expect((await readCustomFiles(files({}, anonymous))).dataSet).toEqual(expected.dataSet);
    const fewer = { trainImages: images(105, 3), trainLabels: labels(105) };
    const swapped = await readCustomFiles(files(fewer, anonymous));
    expect(swapped.dataSet).toMatchObject({ trainingCount: testCount, testCount: 105 });
    const other = parts.trainImages.slice();
    other[20] = 1;
    const changed = await readCustomFiles(files({ trainImages: other }));
    expect(changed.dataSet.fingerprint).not.toBe(expected.dataSet.fingerprint);
  });

  it('uses only the first 10,000 test images', async () => {
    const more = { testImages: images(10_050, 2), testLabels: labels(10_050) };
    const { test, dataSet } = await readCustomFiles(files(more));
    expect(dataSet.testCount).toBe(10_000);
    const counts = [test.count, test.labels.length, test.pixels.length];
    expect(counts).toEqual([10_000, 10_000, 10_000 * pixelCount]);
  });

  it('transposes images back, giving the same data set as upright ones', async () => {
    const transpose = (bytes: Uint8Array, count: number): Uint8Array => {
      const turned = bytes.slice();
      for (let i = 0; i < count * pixelCount; i++) {
        const [place, image] = [i % pixelCount, Math.floor(i / pixelCount)];
        const [row, column] = [Math.floor(place / 28), place % 28];
        turned[16 + image * pixelCount + column * 28 + row] = bytes[16 + i]!;
      }
      return turned;
    };
    const transposed = {
      trainImages: transpose(parts.trainImages, trainingCount),
      testImages: transpose(parts.testImages, testCount),
    };
    // The fingerprint covers all pixels and labels.
    const { dataSet: upright } = await readCustomFiles(files());
    const { dataSet: transposedBack } = await readCustomFiles(files(transposed), {
      isTransposed: true,
    });
    expect(transposedBack).toEqual(upright);
    const { dataSet: unchanged } = await readCustomFiles(files(transposed));
    expect(unchanged.fingerprint).not.toBe(upright.fingerprint);
  });

  it('never transposes CIFAR-10, and ignores the other files of its archive', async () => {
    const batches = cifar10Files.map((name, seed) => source(name, makeBatch(100, seed)));
    const folder = [
      source('batches.meta.txt', new Uint8Array(61)),
      source('readme.html', new Uint8Array(88)),
      ...batches,
    ];
    const reports: number[] = [];
    const onProgress = (read: number, total: number) => reports.push(read / total);
    const plain = await readCustomFiles(batches);
    expect(plain.dataSet).toMatchObject({ shape: 'color-32', trainingCount: 500 });
    expect(await readCustomFiles(folder, { isTransposed: true, onProgress })).toEqual(plain);
    expect(reports.at(-1)).toBe(1);
  });

  it.each<[string, ByteSource[], string]>([
    [
      'three files',
      files().slice(1),
      'expected two files of images and two of labels, found 1 of images and 2 of labels (train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte); it lacks images to train on',
    ],
    [
      'floats that are fewer than the labels',
      files({
        trainImages: encodeIdx(
          [2, 28, 28],
          bytesOf(new Uint32Array(2 * pixelCount).fill(0xc842)), // 100, big-endian
          0x0d,
        ),
      }),
      'expected 2 labels, as train-images-idx3-ubyte has images, found 120',
    ],
    [
      'labels of one class',
      files({
        trainLabels: encodeIdx([trainingCount], new Uint8Array(trainingCount).fill(26)),
        testLabels: encodeIdx([testCount], new Uint8Array(testCount).fill(26)),
      }),
      'train-labels-idx1-ubyte: expected labels of 2 to 100 classes, found only label 26',
    ],
    [
      'a cut file',
      files({ testImages: parts.testImages.subarray(0, 5000) }),
      't10k-images-idx3-ubyte is not the IDX file it should be',
    ],
    [
      'half a gzip',
      files({ testImages: gzipSync(parts.testImages).subarray(0, -100) }),
      't10k-images-idx3-ubyte: expected a whole file compressed by gzip',
    ],
    [
      'images of another size',
      files({ trainImages: encodeIdx([3, 5, 7], new Uint8Array(105)) }),
      'expected images of 28 × 28 pixels, found 5 × 7',
    ],
    [
      'images and labels that do not belong together',
      files({ trainLabels: labels(119) }),
      'expected 120 labels, as train-images-idx3-ubyte has images, found 119',
    ],
    [
      'four files of images',
      files({ trainLabels: parts.trainImages, testLabels: parts.testImages }),
      'expected two files of images and two of labels, found 2 of images and 0 of labels',
    ],
    [
      'too few to train on',
      files({ trainImages: images(99, 1), trainLabels: labels(99) }),
      'expected 100 to 300,000 training images, found 99',
    ],
    [
      'too few to test on',
      files({ testImages: images(99, 1), testLabels: labels(99) }),
      'expected at least 100 test images, because with fewer an error rate means little, found 99',
    ],
    [
      'a batch of CIFAR-10 among others',
      [source('data_batch_1.bin', makeBatch(1)), source('readme.txt', new Uint8Array(3))],
      'found only data_batch_1.bin; data_batch_2.bin',
    ],
    [
      'a part of CIFAR-10',
      [source('data_batch_1.bin', makeBatch(1))],
      'data_batch_2.bin, data_batch_3.bin, data_batch_4.bin, data_batch_5.bin, test_batch.bin are missing',
    ],
    [
      'CIFAR-10’s Python version',
      ['batches.meta', ...cifar10Files.map((name) => name.replace('.bin', ''))].map((name) =>
        source(name, new Uint8Array(9)),
      ),
      'found only data_batch_1, data_batch_2, data_batch_3, data_batch_4, data_batch_5, test_batch; data_batch_1.bin,',
    ],
    [
      'CIFAR-10’s Python version, by its name',
      [source('data_batch_1', new Uint8Array(9))],
      'These are of the Python version.',
    ],
    [
      'a file that only has the name of an archive',
      [source('cifar-10-binary.tar (1).gz', new Uint8Array(600).fill(1))],
      'cifar-10-binary.tar (1).gz: expected a tar archive, found something else',
    ],
  ])('refuses %s', async (_, sources, message) => {
    expect(await refusal(sources)).toContain(message);
  });

  it('refuses parts of equal size without a name that says which is which', async () => {
    const equal = { trainImages: images(testCount, 1), trainLabels: labels(testCount) };
    const anonymous = Object.fromEntries(partNames.map((part, i) => [part, `file-${i}`]));
    expect(await refusal(files(equal, anonymous))).toContain('names with “train” and “test”');
  });

  it('throws only LabError for any bytes', async () => {
    const header = fc.tuple(
      fc.constantFrom(0, 0, 1),
      fc.constantFrom(8, 8, 8, 9, 13, 255),
      fc.constantFrom(1, 3, 0, 2),
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .tuple(header, fc.uint8Array({ maxLength: 60 }))
        .map(([[zero, type, dimensions], rest]) =>
          Uint8Array.of(0, zero, type, dimensions, ...rest),
        ),
      fc.uint8Array({ maxLength: 30 }).map((rest) => Uint8Array.of(0x1f, 0x8b, ...rest)),
    );
    const name = fc.constantFrom(...Object.values(names), 'data_batch_1.bin', 'a.tar.gz', 'x', '');
    const chosen = fc.array(fc.tuple(name, bytes), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(chosen, async (all) => {
        try {
          await readCustomFiles(all.map(([called, content]) => sourceOf(called, content)));
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
        }
      }),
      { numRuns: 400 },
    );
  }, 30_000);
});
