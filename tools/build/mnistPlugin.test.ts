import { gzipSync } from 'node:zlib';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseIdxImages, parseIdxLabels } from '../../src/data/idx.ts';
import { mnistFiles, smallMnist, wholeMnist } from '../../src/data/mnistFiles.ts';
import { mnistSourceFolder, readSourceFile, takeFirst } from './mnistPlugin.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'mnist-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('finds the original files in the npm package', async () => {
  for (const { images, labels } of Object.values(mnistFiles)) {
    for (const file of [images, labels]) {
      const bytes = await readSourceFile(file, mnistSourceFolder());
      expect(bytes.length).toBe(file.byteLength);
    }
  }
});

it('says which file is missing and what to do', async () => {
  await expect(readSourceFile(mnistFiles.test.images, folder)).rejects.toThrow(
    /t10k-images-idx3-ubyte cannot be read. Run `npm ci`/,
  );
});

it('says which file is damaged', async () => {
  const { labels } = mnistFiles.test;
  await writeFile(path.join(folder, labels.name), 'version https://git-lfs');
  await expect(readSourceFile(labels, folder)).rejects.toThrow(
    /is damaged: expected 10008 bytes with SHA-256 ff7bcfd4.*, found 23 bytes with/,
  );
});

it('shortens the files to their first images, with headers that say so', async () => {
  for (const part of ['test', 'training'] as const) {
    const { images, labels } = wholeMnist[part];
    const small = smallMnist[part];
    const count = part === 'test' ? 1000 : 4000;
    const wholeImages = await readSourceFile(images, mnistSourceFolder());
    const pixels = parseIdxImages(new Uint8Array(takeFirst(wholeImages, small.images)), 'images');
    expect(pixels.count).toBe(count);
    expect(Buffer.from(pixels.pixels).equals(wholeImages.subarray(16, 16 + count * 784))).toBe(
      true,
    );
    const wholeLabels = await readSourceFile(labels, mnistSourceFolder());
    const digits = parseIdxLabels(new Uint8Array(takeFirst(wholeLabels, small.labels)), 'labels');
    expect(Buffer.from(digits).equals(wholeLabels.subarray(8, 8 + count))).toBe(true);
  }
});

it('knows how many bytes of the files travel', async () => {
  for (const pair of [smallMnist.test, smallMnist.training, wholeMnist.test]) {
    const kinds = ['images', 'labels'] as const;
    const files = kinds.map(async (kind) => {
      const part = pair === smallMnist.training ? 'training' : 'test';
      const whole = await readSourceFile(wholeMnist[part][kind], mnistSourceFolder());
      return gzipSync(pair === wholeMnist.test ? whole : takeFirst(whole, pair[kind])).length;
    });
    const [images, labels] = await Promise.all(files);
    expect(pair.transferBytes / (images! + labels!)).toBeCloseTo(1, 1);
  }
});

it('refuses to shorten a file to other bytes than expected', async () => {
  const whole = await readSourceFile(wholeMnist.test.labels, mnistSourceFolder());
  whole[8]! ^= 1;
  expect(() => takeFirst(whole, smallMnist.test.labels)).toThrow(/should have SHA-256 832c0d20/);
});
