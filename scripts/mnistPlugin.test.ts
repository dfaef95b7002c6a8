import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mnistFiles } from '../src/data/mnistFiles.ts';
import { mnistSourceFolder, readSourceFile } from './mnistPlugin.ts';

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
