import { deflateSync, gzipSync } from 'node:zlib';
import { readCustomFiles } from '../../src/data/custom/customFiles.ts';
import { mnistFiles } from '../../src/data/mnistFiles.ts';
import { encodeIdx } from '../../src/data/testing/encodeIdx.ts';
import {
  makeChunk,
  makeNpy,
  makePng,
  makePngOf,
  makeZip,
} from '../../src/data/testing/makeArrays.ts';
import { makeTar, makeTarEntry, sourceOf } from '../../src/data/testing/makeFiles.ts';
import type { Chance } from './chance.ts';
import { type Bytes, type HostileFile, spoil } from './hostileFile.ts';

type Files = Readonly<Record<string, Uint8Array>>;

const pixelCount = 784;
const counts = { train: 120, test: 100 } as const;

interface Part {
  readonly count: number;
  readonly pixels: Bytes;
  readonly labels: Bytes;
}
type Parts = Readonly<Record<keyof typeof counts, Part>>;

const dataFile = (kind: string, files: Files, isSound = false): HostileFile => ({
  kind: `data: ${kind}`,
  isSound,
  read: () =>
    readCustomFiles(Object.entries(files).map(([name, bytes]) => sourceOf(name, bytes, 65_536))),
});

function makeParts(chance: Chance): Parts {
  const make = (count: number): Part => ({
    count,
    pixels: Uint8Array.from({ length: count * pixelCount }, () => chance.below(256)),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
  });
  return { train: make(counts.train), test: make(counts.test) };
}

function idxFiles({ train, test }: Parts): Files {
  const { training, test: testing } = mnistFiles;
  return {
    [training.images.name]: encodeIdx([train.count, 28, 28], train.pixels),
    [training.labels.name]: encodeIdx([train.count], train.labels),
    [testing.images.name]: encodeIdx([test.count, 28, 28], test.pixels),
    [testing.labels.name]: encodeIdx([test.count], test.labels),
  };
}

function npyFiles({ train, test }: Parts): Files {
  return {
    'x_train.npy': makeNpy([train.count, 28, 28], '|u1', train.pixels),
    'y_train.npy': makeNpy([train.count], '|u1', train.labels),
    'x_test.npy': makeNpy([test.count, 28, 28], '|u1', test.pixels),
    'y_test.npy': makeNpy([test.count], '|u1', test.labels),
  };
}

const imageOf = ({ pixels }: Part, i: number) =>
  pixels.subarray(i * pixelCount, (i + 1) * pixelCount);

function tableOf(part: Part): Bytes {
  const rows = [...part.labels].map((label, i) => `${label},${imageOf(part, i).join(',')}\n`);
  return new TextEncoder().encode(rows.join(''));
}

function pictures(parts: Parts): Files {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, part]: [string, Part]) =>
      Array.from({ length: part.count }, (_, i) => [
        `${name}/${part.labels[i]}/${i}.png`,
        makePng(imageOf(part, i)),
      ]),
    ),
  ) as Files;
}

/** A data set in each format, and which of its files are spoiled. */
function formatsOf(parts: Parts): Record<string, { files: Files; spoiled: readonly string[] }> {
  const idx = idxFiles(parts);
  const entries = Object.entries(idx).map((one) => makeTarEntry(...one));
  return {
    IDX: { files: idx, spoiled: Object.keys(idx) },
    zip: { files: { 'data.zip': makeZip(idx) }, spoiled: ['data.zip'] },
    npz: { files: { 'data.npz': makeZip(npyFiles(parts)) }, spoiled: ['data.npz'] },
    npy: { files: npyFiles(parts), spoiled: ['x_train.npy', 'y_test.npy'] },
    PNG: { files: pictures(parts), spoiled: ['train/0/0.png'] },
    CSV: {
      files: { 'train.csv': tableOf(parts.train), 'test.csv': tableOf(parts.test) },
      spoiled: ['train.csv'],
    },
    'tar.gz': { files: { 'data.tar.gz': gzipSync(makeTar(...entries)) }, spoiled: ['data.tar.gz'] },
  };
}

/** A zip archive whose first file says that it is of this size. */
function claimInZip(archive: Bytes, size: number): Bytes {
  const zip = archive.slice();
  const view = new DataView(zip.buffer);
  let at = 0;
  while (view.getUint32(at, true) !== 0x02014b50) at++;
  view.setUint32(at + 24, size, true);
  return zip;
}

/** A tar archive whose only file says that it is of this size, and ends early. */
function claimInTar(size: number): Bytes {
  const entry = makeTarEntry('train-images-idx3-ubyte', new Uint8Array(1000));
  const write = (text: string, at: number) => entry.set(new TextEncoder().encode(text), at);
  write(`${size.toString(8).padStart(11, '0')} `, 124);
  write(' '.repeat(8), 148);
  const sum = entry.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return makeTar(entry);
}

/** Small files that ask for much memory or time. */
function* bombs(parts: Parts): Generator<HostileFile> {
  const idx = idxFiles(parts);
  const npy = npyFiles(parts);
  const gzipBomb = gzipSync(new Uint8Array(1e8), { level: 1 });
  for (const name of Object.keys(idx))
    yield dataFile('a gzip file that grows 200 times', { ...idx, [name]: gzipBomb });
  const header = makeChunk('IHDR', Uint8Array.of(0, 0, 0, 28, 0, 0, 0, 28, 8, 0, 0, 0, 0));
  const zeros = deflateSync(new Uint8Array(1e8), { level: 1 });
  const profile = Buffer.concat([new TextEncoder().encode('icc\0\0'), zeros]);
  const pixels = makeChunk('IDAT', deflateSync(new Uint8Array(28 * 29)));
  const all = pictures(parts);
  const withPicture = (...chunks: Uint8Array[]) => ({
    ...all,
    'train/0/0.png': makePngOf(...chunks),
  });
  yield dataFile('a picture that grows', withPicture(header, makeChunk('IDAT', zeros)));
  yield dataFile(
    'a profile that grows',
    withPicture(header, makeChunk('iCCP', profile), pixels),
    true,
  );
  const palette = [makeChunk('PLTE', new Uint8Array(3e6)), pixels];
  yield dataFile('a picture with a huge palette', withPicture(header, ...palette));
  const line = (cells: number) => `${new Array(cells).fill('1').join(',')}\n`;
  const table = new TextEncoder().encode(line(50_000) + line(1).repeat(100_000));
  yield dataFile('a wide table with short rows', { 'train.csv': table });
  yield dataFile('a table of one line', { 'train.csv': new TextEncoder().encode(line(1e7)) });
  const zip = makeZip(idx);
  const large = makeZip({ 'train-images-idx3-ubyte': new Uint8Array(1e8) });
  for (const size of [0, 10, 1e8, 2 ** 30, 3e9]) {
    yield dataFile(`a zip that claims ${size} bytes`, { 'a.zip': claimInZip(zip, size) });
    yield dataFile(`a tar that claims ${size} bytes`, { 'a.tar': claimInTar(size) });
    yield dataFile(`a large file in a zip that claims ${size} bytes`, {
      'a.zip': claimInZip(large, size),
    });
  }
  for (const shape of [[0], [0, 28, 28], [28, 0], [1e15], [1e15, 1e15, 28], [1e300]]) {
    const array = makeNpy(shape, '|u1', new Uint8Array(1000));
    yield dataFile(`an array of ${shape.join(' × ')}`, { ...npy, 'x_train.npy': array });
    yield dataFile(`an empty array of ${shape.join(' × ')}`, {
      ...npy,
      'x_train.npy': makeNpy(shape, '|u1', new Uint8Array(0)),
    });
  }
}

/** Data sets in each format with one of their files spoiled, and files that are small and ask for much. */
export function* dataFiles(chance: Chance): Generator<HostileFile> {
  const parts = makeParts(chance);
  for (const [format, { files, spoiled }] of Object.entries(formatsOf(parts))) {
    yield dataFile(`${format}, sound`, files, true);
    for (const name of spoiled) {
      for (const [kind, content] of Object.entries(spoil(Uint8Array.from(files[name]!), chance)))
        yield dataFile(`${format}, ${kind}`, { ...files, [name]: content });
    }
  }
  yield* bombs(parts);
}
