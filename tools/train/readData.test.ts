import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { cifar10Files } from '../../src/data/custom/cifar10.ts';
import { makeBatch, makeTar, makeTarEntry } from '../../src/data/testing/makeFiles.ts';
import { readData } from './readData.ts';
import { temporaryDirectory, tinyFiles, writeDirectory } from './testing/tinyDataSet.ts';

const batches = Object.fromEntries(cifar10Files.map((name, seed) => [name, makeBatch(2, seed)]));
const archive = gzipSync(
  makeTar(...Object.entries(batches).map(([name, bytes]) => makeTarEntry(`x/${name}`, bytes))),
);

async function refusal(place: string): Promise<string> {
  return readData(place).then(
    () => 'It was read.',
    (error: unknown) => (error as Error).message,
  );
}

it('reads the same CIFAR-10 from its files, its folder and its archive', async () => {
  const { notes: _, ...set } = await readData(await writeDirectory(batches));
  const { training, test } = set;
  expect([training.count, test.count, training.features]).toEqual([10, 2, 3072]);

  const above = await temporaryDirectory();
  await mkdir(path.join(above, 'cifar-10-batches-bin'));
  for (const [name, bytes] of Object.entries(batches)) {
    await writeFile(path.join(above, 'cifar-10-batches-bin', name), bytes);
  }
  expect(await readData(above)).toMatchObject(set);

  const directory = await writeDirectory({ 'cifar-10-binary.tar.gz': archive });
  expect(await readData(directory)).toMatchObject(set);
  expect(await readData(path.join(directory, 'cifar-10-binary.tar.gz'))).toMatchObject(set);
});

it('reads IDX files without standardization', async () => {
  const { training } = await readData(await writeDirectory(tinyFiles()));
  expect([training.count, training.features]).toEqual([600, 35]);
  expect(training.standardization).toBeUndefined();
});

it('exchanges rows and columns of IDX images on request, and refuses to do so for CIFAR-10', async () => {
  const directory = await writeDirectory(tinyFiles());
  const { training } = await readData(directory);
  const transposed = (await readData(directory, { transpose: true })).training;
  expect([transposed.labels, transposed.count, transposed.features]).toEqual([
    training.labels,
    600,
    35,
  ]);
  expect(transposed.pixels).not.toEqual(training.pixels);
  // Images of 5 rows and 7 columns: row 1, column 4 of the second image.
  expect(transposed.pixels[35 + 4 * 5 + 1]).toBe(training.pixels[35 + 1 * 7 + 4]);
  const colored = readData(await writeDirectory(batches), { transpose: true });
  await expect(colored).rejects.toThrow('--transpose is for gray images');
  const packed = path.join(
    await writeDirectory({ 'cifar-10-binary.tar.gz': archive }),
    'cifar-10-binary.tar.gz',
  );
  await expect(readData(packed, { transpose: true })).rejects.toThrow('--transpose is for gray');
});

it('refuses missing, mixed, damaged and unknown files', async () => {
  expect(await refusal('/nowhere')).toContain('it does not exist');
  const both = await writeDirectory({ ...batches, ...tinyFiles() });
  expect(await refusal(both)).toContain('expected one data set, found CIFAR-10 and IDX files');
  const { 'data_batch_4.bin': cut, ...rest } = batches;
  expect(await refusal(await writeDirectory(rest))).toContain('data_batch_4.bin is missing');
  const short = await writeDirectory({ ...rest, 'data_batch_4.bin': cut!.subarray(1) });
  expect(await refusal(short)).toContain('expected whole records of 3073 bytes, found 6145 bytes');
  const python = { data_batch_1: new Uint8Array(9), 'batches.meta': new Uint8Array(9) };
  expect(await refusal(await writeDirectory(python))).toContain('of the Python version');
  const half = await writeDirectory({ 'cifar-10-binary.tar.gz': archive.subarray(0, 300) });
  expect(await refusal(half)).toContain('expected a whole file compressed by gzip');
  const text = await writeDirectory({ 'readme.txt': new Uint8Array(3) });
  expect(await refusal(path.join(text, 'readme.txt'))).toContain(
    'found only readme.txt (not data)',
  );
  expect(await refusal(text)).toContain('found only readme.txt (not data)');
});
