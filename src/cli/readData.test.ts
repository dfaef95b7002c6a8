import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { cifar10Files } from '../data/cifar10.ts';
import { makeBatch, makeTar, makeTarEntry } from '../data/testing/makeFiles.ts';
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

it('reads CIFAR-10 from its files, from its folder, from its archive, and the same each time', async () => {
  const { training, test } = await readData(await writeDirectory(batches));
  expect([training.count, test.count, training.features]).toEqual([10, 2, 3072]);

  const above = await temporaryDirectory();
  await mkdir(path.join(above, 'cifar-10-batches-bin'));
  for (const [name, bytes] of Object.entries(batches)) {
    await writeFile(path.join(above, 'cifar-10-batches-bin', name), bytes);
  }
  expect(await readData(above)).toEqual({ training, test });

  const directory = await writeDirectory({ 'cifar-10-binary.tar.gz': archive });
  expect(await readData(directory)).toEqual({ training, test });
  expect(await readData(path.join(directory, 'cifar-10-binary.tar.gz'))).toEqual({
    training,
    test,
  });
});

it('reads IDX files as before', async () => {
  const { training } = await readData(await writeDirectory(tinyFiles()));
  expect([training.count, training.features, training.standardization]).toEqual([
    ...[600, 35, undefined],
  ]);
});

it('refuses what is missing, of two data sets, damaged, or nothing it knows', async () => {
  expect(await refusal('/nowhere')).toContain('there is nothing of that name');
  const both = await writeDirectory({ ...batches, ...tinyFiles() });
  expect(await refusal(both)).toContain('has files of two data sets: IDX files and data_batch_1');
  const { 'data_batch_4.bin': cut, ...rest } = batches;
  expect(await refusal(await writeDirectory(rest))).toContain('data_batch_4.bin is missing');
  const short = await writeDirectory({ ...rest, 'data_batch_4.bin': cut!.subarray(1) });
  expect(await refusal(short)).toContain('expected whole records of 3073 bytes, found 6145 bytes');
  const half = await writeDirectory({ 'cifar-10-binary.tar.gz': archive.subarray(0, 300) });
  expect(await refusal(half)).toContain('expected a whole file compressed by gzip');
  const text = await writeDirectory({ 'readme.txt': new Uint8Array(3) });
  expect(await refusal(path.join(text, 'readme.txt'))).toContain('is not a directory, nor cifar');
  expect(await refusal(text)).toContain('has no train-images-idx3-ubyte');
});
