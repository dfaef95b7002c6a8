import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { encodeIdx } from '../../../src/data/testing/encodeIdx.ts';
import { syntheticImages } from '../../../src/engine/testing/syntheticImages.ts';

const directories: string[] = [];
// At the end of each test file that imports this one.
afterAll(() => Promise.all(directories.map((name) => rm(name, { recursive: true, force: true }))));

/** Makes an empty directory, which is removed after the test file. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'train-test-'));
  directories.push(directory);
  return directory;
}

/** Four IDX files, by name: 600 training and 200 test images of 5 × 7 pixels that can be learned. */
export function tinyFiles(): Record<string, Uint8Array> {
  const training = syntheticImages(600, 35);
  const test = syntheticImages(200, 35);
  return {
    'train-images-idx3-ubyte': encodeIdx([600, 5, 7], training.pixels),
    'train-labels-idx1-ubyte': encodeIdx([600], training.labels),
    't10k-images-idx3-ubyte': encodeIdx([200, 5, 7], test.pixels),
    't10k-labels-idx1-ubyte': encodeIdx([200], test.labels),
  };
}

/** Writes files into a new directory. */
export async function writeDirectory(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const directory = await temporaryDirectory();
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(path.join(directory, name), bytes);
  }
  return directory;
}
