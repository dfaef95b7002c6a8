import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeIdx } from '../../src/data/testing/encodeIdx.ts';
import { syntheticImages } from '../../src/engine/testing/syntheticImages.ts';
import { LabError } from '../../src/domain/errors.ts';
import { splitTrainingSet, readDataDirectory } from './dataDirectory.ts';
import { tinyFiles, writeDirectory } from './testing/tinyDataSet.ts';
import { UsageError } from './options/usageError.ts';

const files = tinyFiles();

async function refusal(directory: string): Promise<string> {
  const error: unknown = await readDataDirectory(directory).catch((thrown: unknown) => thrown);
  expect(error instanceof UsageError || error instanceof LabError).toBe(true);
  return (error as Error).message;
}

async function refusalOf(changes: Readonly<Record<string, Uint8Array>>): Promise<string> {
  return refusal(await writeDirectory({ ...files, ...changes }));
}

describe('readDataDirectory', () => {
  it('reads plain files', async () => {
    const { training, test } = await readDataDirectory(await writeDirectory(files));
    expect(training).toEqual(syntheticImages(600, 35));
    expect(test.count).toBe(200);
  });

  it('reads gzipped files, recognized by their first bytes, and dotted names', async () => {
    const changed = Object.entries(files).map(([name, bytes], i): [string, Uint8Array] => {
      const dotted = i % 2 === 0 ? name.replace('-idx', '.idx') : name;
      return i < 2 ? [`${dotted}.gz`, gzipSync(bytes)] : [dotted, i < 3 ? bytes : gzipSync(bytes)];
    });
    const { training } = await readDataDirectory(await writeDirectory(Object.fromEntries(changed)));
    expect(training).toEqual(syntheticImages(600, 35));
  });

  it('reads an uncompressed file that is called .gz', async () => {
    const { 'train-labels-idx1-ubyte': labels, ...rest } = files;
    const directory = await writeDirectory({ ...rest, 'train-labels-idx1-ubyte.gz': labels! });
    expect((await readDataDirectory(directory)).training.count).toBe(600);
  });

  it('derives the number of classes from the labels', async () => {
    const labels = encodeIdx([200], new Array<number>(200).fill(46));
    const directory = await writeDirectory({ ...files, 't10k-labels-idx1-ubyte': labels });
    const { training, test } = await readDataDirectory(directory);
    expect([training.classes, test.classes]).toEqual([11, 11]);
  });

  it('refuses a missing directory, a file, and a directory without the files', async () => {
    const directory = await writeDirectory(files);
    expect(await refusal(path.join(directory, 'none'))).toContain('it does not exist');
    const file = path.join(directory, 't10k-labels-idx1-ubyte');
    expect(await refusal(file)).toContain('found 0 of images and 1 of labels');
    await rm(file);
    expect(await refusal(directory)).toContain('it lacks labels to test on');
    await mkdir(file);
    expect(await refusal(directory)).toContain('it lacks labels to test on');
    expect(await refusal(file)).toContain('has no files');
  });

  it.skipIf(process.getuid?.() === 0)('refuses a file that it may not read', async () => {
    const directory = await writeDirectory(files);
    await chmod(path.join(directory, 'train-images-idx3-ubyte'), 0);
    expect(await refusal(directory)).toContain('permission denied');
  });

  it.each([
    ['truncated', files['train-images-idx3-ubyte']!.subarray(0, 5000), 'found 4984'],
    ['of the wrong kind', Uint8Array.of(1, 2, 3, 4, ...new Array<number>(40).fill(0)), '01020304'],
    ['empty', new Uint8Array(), 'found 0 bytes in all'],
    [
      'gzipped and truncated',
      gzipSync(files['train-images-idx3-ubyte']!).subarray(0, 2000),
      'expected a whole file compressed by gzip, found data that is damaged or ends too early',
    ],
    [
      'gzipped in the first bytes only',
      Uint8Array.of(0x1f, 0x8b, 1, 2, 3),
      'found data that is damaged',
    ],
    [
      'one too few',
      encodeIdx([599, 5, 7], new Uint8Array(599 * 35)),
      'train-labels-idx1-ubyte: expected 599 labels, as train-images-idx3-ubyte has images, found 600',
    ],
    [
      'of another size',
      encodeIdx([600, 7, 5], new Uint8Array(600 * 35)),
      'expected images of 7 × 5 pixels, as in train-images-idx3-ubyte, found 5 × 7',
    ],
  ])('refuses training images that are %s', async (_, bytes, expected) => {
    const message = await refusalOf({ 'train-images-idx3-ubyte': bytes });
    expect(message).toContain(expected);
    expect(message).toContain('train-images-idx3-ubyte');
    expect(message).not.toContain('\n');
  });
});

describe('readDataDirectory on damaged files', () => {
  /** Damage that a file may have. */
  type Damage =
    | { readonly kind: 'set'; readonly at: number; readonly value: number }
    | { readonly kind: 'cut'; readonly at: number }
    | { readonly kind: 'append' }
    | { readonly kind: 'gzip' };

  function apply(bytes: Uint8Array, damage: Damage): Uint8Array {
    switch (damage.kind) {
      case 'set': {
        const changed = Uint8Array.from(bytes);
        // In the header, where a single byte matters most.
        changed[damage.at % Math.min(24, bytes.length || 1)] = damage.value;
        return changed;
      }
      case 'cut':
        return bytes.subarray(0, damage.at % (bytes.length + 1));
      case 'append':
        return Uint8Array.of(...bytes, 0);
      case 'gzip':
        return gzipSync(bytes);
    }
  }

  it('returns a whole data set or throws a one-line error, for any damage', async () => {
    const damage: fc.Arbitrary<Damage> = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), at: fc.nat(23), value: fc.nat(255) }),
      fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
      fc.constant<Damage>({ kind: 'append' }),
      fc.constant<Damage>({ kind: 'gzip' }),
    );
    const name = fc.constantFrom(...Object.keys(files));
    const directory = await writeDirectory(files);
    await fc.assert(
      fc.asyncProperty(name, fc.array(damage, { maxLength: 3 }), async (broken, damages) => {
        const file = path.join(directory, broken);
        await writeFile(file, damages.reduce(apply, files[broken]!));
        try {
          const { training, test } = await readDataDirectory(directory);
          for (const set of [training, test]) {
            expect(set.pixels.length).toBe(set.count * set.features);
            expect(set.labels.length).toBe(set.count);
            expect(Math.max(...set.labels)).toBeLessThan(set.classes);
          }
        } catch (error) {
          expect(error instanceof UsageError || error instanceof LabError).toBe(true);
          expect((error as Error).message).toMatch(/^[^\n]+$/);
        } finally {
          await writeFile(file, files[broken]!);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('splitTrainingSet', () => {
  const all = syntheticImages(100, 3);

  it('trains on the first images and holds out the last', () => {
    const { training, validation } = splitTrainingSet(all, 50, 20);
    expect(training.labels).toEqual(all.labels.subarray(0, 50));
    expect(validation?.labels).toEqual(all.labels.subarray(80));
    expect(validation?.pixels.length).toBe(60);
  });

  it('trains on all images that are not held out', () => {
    expect(splitTrainingSet(all, null, 0)).toEqual({ training: all, validation: null });
    expect(splitTrainingSet(all, null, 99).training.count).toBe(1);
  });

  it('refuses more images than there are', () => {
    expect(() => splitTrainingSet(all, null, 100)).toThrow('leaves nothing to train on');
    expect(() => splitTrainingSet(all, 81, 20)).toThrow('80 training images are left of 100');
  });
});
