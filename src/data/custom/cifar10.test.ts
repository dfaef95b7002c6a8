import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../domain/errors.ts';
import type { ByteSource } from './byteSource.ts';
import { cifar10Files } from './cifar10.ts';
import { readDataSet } from './readDataSet.ts';
import { makeBatch, makeTar, makeTarEntry, sourceOf } from '../testing/makeFiles.ts';

const batches = cifar10Files.map((name, seed) => ({ name, bytes: makeBatch(3, seed) }));
const sources = batches.map(({ name, bytes }) => sourceOf(name, bytes));
const folder = makeTarEntry('cifar-10-batches-bin/', new Uint8Array(0), '5');
const readme = makeTarEntry('cifar-10-batches-bin/readme.html', Uint8Array.of(60, 33));
const entries = batches.map(({ name, bytes }) =>
  makeTarEntry(`cifar-10-batches-bin/${name}`, bytes),
);
const tar = makeTar(folder, readme, ...entries);
const readCifar10 = async (sources: readonly ByteSource[], onRead?: (read: number) => void) => {
  const { training, test } = await readDataSet(sources, onRead ? { onRead } : {});
  return { training, test };
};
const archive = (bytes: Uint8Array) => readCifar10([sourceOf('cifar.tar.gz', bytes)]);

async function refusal(reading: Promise<unknown>): Promise<string> {
  const error: unknown = await reading.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LabError);
  expect((error as LabError).code).toBe('data-corrupt');
  return (error as LabError).message;
}

describe('a batch', () => {
  it.each([
    ['an empty file', new Uint8Array(0), 'whole records of 3073 bytes, found 0 bytes'],
    ['a cut one', makeBatch(2).subarray(1), 'found 6145 bytes'],
    [
      'one of CIFAR-100',
      new Uint8Array(3074 * 5),
      'found 15370 bytes, which are 5 records of 3074, as CIFAR-100 has them',
    ],
    [
      'a label above 9',
      Uint8Array.from(makeBatch(3), (byte, i) => (i === 2 * 3073 ? 10 : byte)),
      'labels from 0 to 9, found 10 in record 2',
    ],
  ])('is refused if it is %s', async (_, bytes, message) => {
    const reading = readCifar10([sourceOf('data_batch_1.bin', bytes)]);
    expect(await refusal(reading)).toContain(message);
  });
});

describe('its files', () => {
  it('joins six files in the order of the data set, given in any order, gzipped or not', async () => {
    const shuffled = [4, 0, 5, 2, 1, 3].map((i) => batches[i]!);
    const reports: number[] = [];
    const { training, test } = await readCifar10(
      shuffled.map(({ name, bytes }, i) =>
        sourceOf(i < 2 ? `some/${name}.gz` : name, i < 2 ? gzipSync(bytes) : bytes),
      ),
      (read) => reports.push(read),
    );
    expect([training.count, test.count, training.features, training.classes]).toEqual([
      15, 3, 3072, 10,
    ]);
    expect([...training.labels]).toEqual([0, 1, 2, 1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6]);
    batches.forEach(({ bytes }, i) => {
      const { pixels } = i < 5 ? training : test;
      const first = i < 5 ? 3 * i : 0;
      expect(pixels.subarray((first + 2) * 3072, (first + 3) * 3072)).toEqual(
        bytes.subarray(2 * 3073 + 1),
      );
    });
    expect(training.standardization).toEqual({ mean: 0.4734, deviation: 0.2516 });
    expect(reports).toEqual([...reports].sort((a, b) => a - b));
  });

  it.each([
    [
      'a missing batch',
      sources.filter((_, i) => i !== 2),
      /expected data_batch_1\.bin, .*, test_batch\.bin, found only .*; data_batch_3\.bin is missing/,
    ],
    [
      'one twice that differs',
      [...sources, sourceOf('copy/data_batch_2.bin', makeBatch(3, 77))],
      /copy\/data_batch_2\.bin: expected each batch once/,
    ],
    [
      'one that was cut between two records',
      [...sources.slice(0, 5), sourceOf('test_batch.bin', makeBatch(2))],
      /test_batch\.bin: expected 3 records, as data_batch_1\.bin has, found 2/,
    ],
    [
      'half a gzip',
      [sourceOf('data_batch_1.bin.gz', gzipSync(batches[0]!.bytes).subarray(0, 150))],
      /data_batch_1\.bin\.gz: expected a whole file compressed by gzip/,
    ],
  ])('refuses %s', async (_, files, message) => {
    expect(await refusal(readCifar10(files))).toMatch(message);
  });
});

it('recognizes the 50,000 training images of CIFAR-100 under a name of CIFAR-10', async () => {
  const size = 50_000 * 3074;
  const chunk = new Uint8Array(size / 50);
  const open = () => {
    let left = 50;
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => (left-- > 0 ? controller.enqueue(chunk) : controller.close()),
    });
  };
  expect(await refusal(readCifar10([{ name: 'data_batch_1.bin', size, open }]))).toContain(
    'which are 50000 records of 3074, as CIFAR-100 has them',
  );
});

describe('its archive', () => {
  it('reads the batches of an archive, gzipped or not, in chunks of any size', async () => {
    const expected = await readCifar10(sources);
    expect(await archive(tar)).toEqual(expected);
    expect(await archive(gzipSync(tar))).toEqual(expected);
    for (const chunkSize of [13, 513, 100_000]) {
      expect(await readCifar10([sourceOf('a.tar', tar, chunkSize)])).toEqual(expected);
    }
  }, 30_000);

  it.each([
    ['nothing', new Uint8Array(0), 'cifar.tar.gz: expected a tar archive with an end mark'],
    ['another file', makeBatch(1), 'cifar.tar.gz: expected a tar archive, found something else'],
    ['half a gzip', gzipSync(tar).subarray(0, 400), 'expected a whole file compressed by gzip'],
    [
      'half a tar',
      tar.subarray(0, 512 * 2 + 1024 + 5000),
      'data_batch_1.bin: expected 9219 bytes, found the archive’s end after 5000',
    ],
    ['a tar without its end mark', tar.subarray(0, tar.length - 1024), 'its end after 7 files'],
    [
      'CIFAR-100',
      makeTar(makeTarEntry('cifar-100-binary/train.bin', new Uint8Array(3074))),
      'found only cifar.tar.gz/cifar-100-binary/train.bin (CIFAR-100’s',
    ],
    [
      'a batch with records of CIFAR-100',
      makeTar(makeTarEntry('data_batch_1.bin', new Uint8Array(3074))),
      'data_batch_1.bin: expected whole records of 3073 bytes, found 3074 bytes, which are 1 records of 3074',
    ],
    [
      'the Python version',
      makeTar(makeTarEntry('cifar-10-batches-py/data_batch_1', new Uint8Array(9))),
      'These are of the Python version.',
    ],
  ])('refuses %s', async (_, bytes, message) => {
    expect(await refusal(archive(bytes))).toContain(message);
  });

  it('refuses an archive that is cut anywhere', async () => {
    const zipped = gzipSync(tar);
    await fc.assert(
      fc.asyncProperty(fc.nat(tar.length - 600), fc.nat(zipped.length - 10), async (a, b) => {
        await refusal(archive(tar.subarray(0, a)));
        await refusal(archive(zipped.subarray(0, b)));
      }),
      { numRuns: 60 },
    );
  }, 30_000);

  it('reads data of the right shape or refuses the archive, with any bytes changed', async () => {
    const changes = fc.array(fc.tuple(fc.nat(tar.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    });
    const headers = fc.array(fc.tuple(fc.nat(2047), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(changes, headers), async (all) => {
        const bytes = tar.slice();
        for (const [at, value] of all) bytes[at] = value;
        try {
          const { training, test } = await archive(bytes);
          expect([training.count, test.count]).toEqual([15, 3]);
          expect(Math.max(...training.labels, ...test.labels)).toBeLessThan(10);
        } catch (error) {
          if (!(error instanceof LabError)) throw error;
          expect(error.code).toBe('data-corrupt');
        }
      }),
      { numRuns: 200 },
    );
  }, 30_000);
});
