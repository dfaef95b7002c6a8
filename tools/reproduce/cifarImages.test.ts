import { describe, expect, it } from 'vitest';
import { temporaryDirectory, tinyFiles, writeDirectory } from '../train/testing/tinyDataSet.ts';
import { cifar10Files, recordBytes } from '../../src/data/custom/cifar10.ts';
import { fingerprintOf } from '../../src/data/custom/customFiles.ts';
import { makeBatch } from '../../src/data/testing/makeFiles.ts';
import { readCifarImages } from './cifarImages.ts';

const counts = { trainingCount: 5000, testCount: 1000 };
const wrong = { shape: 'color-32', ...counts, fingerprint: '0'.repeat(64) } as const;

/** Six batches of `count` images. */
function batches(count: number): Record<string, Uint8Array> {
  return Object.fromEntries(cifar10Files.map((name, i) => [name, makeBatch(count, i)]));
}

describe('readCifarImages', () => {
  it('reads the same sample from longer batches as from the sample itself', async () => {
    const whole = batches(1010);
    const cut = Object.fromEntries(
      Object.entries(whole).map(([name, bytes]) => [name, bytes.subarray(0, 1000 * recordBytes)]),
    );
    await expect(readCifarImages(await writeDirectory(cut), wrong)).rejects.toThrow(
      /expected the first 1000 images of each batch of CIFAR-10, SHA-256 000000000000…, found others/,
    );
    const { training, test } = await readRight(cut);
    expect([training.count, test.count]).toEqual([5000, 1000]);
    // The first image of the second batch, whole.
    const second = whole['data_batch_2.bin']!;
    expect(training.labels[1000]).toBe(second[0]);
    expect(training.pixels.subarray(1000 * 3072, 1001 * 3072)).toEqual(
      second.subarray(1, recordBytes),
    );
    expect(fingerprintOf(...Object.values(await readRight(whole)))).toBe(
      fingerprintOf(training, test),
    );
  });

  it('says what is missing', async () => {
    const short = await writeDirectory(batches(999));
    await expect(readCifarImages(short, wrong)).rejects.toThrow(
      '1000 images or more in each batch, found 4995 training and 999 test images of 3072 values',
    );
    const mnist = await writeDirectory(tinyFiles());
    await expect(readCifarImages(mnist, wrong)).rejects.toThrow('binary version');
    const empty = await temporaryDirectory();
    await expect(readCifarImages(empty, wrong)).rejects.toThrow(empty);
  });
});

/** Reads the sample from these files with the fingerprint that it should have. */
async function readRight(files: Readonly<Record<string, Uint8Array>>) {
  const directory = await writeDirectory(files);
  const parts = cifar10Files.map((name) => {
    const bytes = files[name]!;
    const count = 1000;
    const labels = Uint8Array.from({ length: count }, (_, i) => bytes[i * recordBytes]!);
    const pixels = new Uint8Array(count * 3072);
    for (let i = 0; i < count; i++) {
      const at = i * recordBytes + 1;
      pixels.set(bytes.subarray(at, at + 3072), i * 3072);
    }
    return { pixels, labels };
  });
  const training = parts.slice(0, 5);
  const joined = (arrays: Uint8Array[]) => Uint8Array.from(Buffer.concat(arrays));
  const setOf = (some: typeof parts) => ({
    pixels: joined(some.map(({ pixels }) => pixels)),
    labels: joined(some.map(({ labels }) => labels)),
    count: 1000 * some.length,
    features: 3072,
    classes: 10,
  });
  const fingerprint = fingerprintOf(setOf(training), setOf(parts.slice(5)));
  return readCifarImages(directory, { ...wrong, fingerprint });
}
