import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../domain/errors.ts';
import { encodeIdx } from '../testing/encodeIdx.ts';
import { bytesOf, makeNpy, makePng, makeZip } from '../testing/makeArrays.ts';
import { makeTar, makeTarEntry, sourceOf } from '../testing/makeFiles.ts';
import type { ByteSource } from './byteSource.ts';
import { readDataSet } from './readDataSet.ts';

const pixelCount = 784;
const [trainingCount, testCount] = [120, 60];
const pixelsOf = (count: number, seed: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: count * pixelCount }, (_, i) => ((i * (seed + 7)) % 911) % 256);
/** Every class, in no order. */
const labelsOf = (count: number, change = (label: number) => label): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: count }, (_, i) => change((i * 7) % 10));
const [trainPixels, testPixels] = [pixelsOf(trainingCount, 1), pixelsOf(testCount, 2)];
const images = (pixels: Uint8Array) => encodeIdx([pixels.length / pixelCount, 28, 28], pixels);
const labels = (values: Uint8Array) => encodeIdx([values.length], values);

type Files = Record<string, Uint8Array>;
const four: Files = {
  'train-images-idx3-ubyte': images(trainPixels),
  'train-labels-idx1-ubyte': labels(labelsOf(trainingCount)),
  't10k-images-idx3-ubyte': images(testPixels),
  't10k-labels-idx1-ubyte': labels(labelsOf(testCount)),
};
const rename = (change: (name: string) => string, files = four): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [change(name), bytes]));
const gzipped = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]));
const sourcesOf = (files: Files): ByteSource[] =>
  Object.entries(files).map(([name, bytes]) => sourceOf(name, bytes, 5000));
const read = (files: Files) => readDataSet(sourcesOf(files), { size: { rows: 28, columns: 28 } });
const relabel = (change: (label: number) => number): Files => ({
  ...four,
  'train-labels-idx1-ubyte': labels(labelsOf(trainingCount, change)),
  't10k-labels-idx1-ubyte': labels(labelsOf(testCount, change)),
});

async function refusal(files: Files): Promise<string> {
  const error: unknown = await read(files).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LabError);
  return (error as LabError).message;
}

/** Reads the files, and expects the images and labels of `four`. */
async function expectFour(files: Files): Promise<string> {
  const { training, test, notes, classNames, isTransposed } = await read(files);
  expect(Buffer.compare(training.pixels, trainPixels)).toBe(0);
  expect(Buffer.compare(test.pixels, testPixels)).toBe(0);
  expect([...training.labels]).toEqual([...labelsOf(trainingCount)]);
  expect([...test.labels]).toEqual([...labelsOf(testCount)]);
  expect([training.classes, classNames, isTransposed]).toEqual([10, null, false]);
  return notes.join(' ');
}

describe('files of MNIST’s kind are read', () => {
  it.each<[string, Files]>([
    ['as published', four],
    ['with dots', rename((name) => name.replace('-idx', '.idx'))],
    ['in upper case', rename((name) => name.toUpperCase())],
    ['named test instead of t10k', rename((name) => name.replace('t10k', 'test'))],
    ['with the browser’s numbers', rename((name) => `${name} (1)`)],
    ['in a folder', rename((name) => `MNIST/raw/${name}`)],
    ['with Windows’ paths', rename((name) => `C:\\data\\MNIST\\${name}`)],
    [
      'in folders by part',
      rename(
        (name) =>
          `${name.startsWith('train') ? 'train' : 'test'}/${name.slice(name.indexOf('-') + 1)}`,
      ),
    ],
    [
      'in folders by kind',
      rename((name) => `${name.includes('images') ? 'images' : 'labels'}/${name}`),
    ],
    ['in folders of the same name', rename((name) => `${name}/${name}`)],
    ['gzipped', gzipped(four)],
    ['gzipped twice', gzipped(gzipped(four))],
    [
      'gzipped, with names that do not say so',
      rename((name) => name.replace('.gz', ''), gzipped(four)),
    ],
    ['of another set', rename((name) => `typefacemnist-${name}`)],
    ['of a set whose name has “latest” in it', rename((name) => `latest/${name}`)],
    [
      'as one tar',
      { 'a.tar': makeTar(...Object.entries(four).map((one) => makeTarEntry(...one))) },
    ],
    [
      'as a tar.gz of gzipped files',
      {
        'MNIST.tar.gz': gzipSync(
          makeTar(
            ...Object.entries(gzipped(four)).map(([name, bytes]) =>
              makeTarEntry(`MNIST/raw/${name}`, bytes),
            ),
          ),
        ),
      },
    ],
    [
      'as a tar.gz without its name',
      { download: gzipSync(makeTar(...Object.entries(four).map((one) => makeTarEntry(...one)))) },
    ],
    ['as a zip', { 'archive.zip': makeZip(four) }],
    [
      'as a zip, stored, of gzipped files in a folder',
      {
        'archive (2).ZIP': makeZip(
          rename((name) => `data/${name}`, gzipped(four)),
          0,
        ),
      },
    ],
    ['as a zip in a tar', { 'a.tar': makeTar(makeTarEntry('x/b.zip', makeZip(four))) }],
  ])('%s', async (_, files) => {
    const notes = await expectFour(files);
    expect(notes).toMatch(/^Read: .*images.*, .*labels.*\.$/i);
  });

  it('if gzip has several members', async () => {
    const cut = (bytes: Uint8Array, at: number) =>
      new Uint8Array(
        Buffer.concat([gzipSync(bytes.subarray(0, at)), gzipSync(bytes.subarray(at))]),
      );
    const members = Object.entries(four).map(([name, bytes]) => [
      `${name}.gz`,
      cut(bytes, bytes.length >> 1),
    ]);
    await expectFour(Object.fromEntries(members) as Files);
  });

  it('beside copies and files of other kinds, which it names', async () => {
    const others: Files = {
      'README.md': new TextEncoder().encode('# Digits'),
      LICENSE: new TextEncoder().encode('CC BY'),
      '.DS_Store': new Uint8Array(9),
      'Thumbs.db': new Uint8Array(9),
      '__MACOSX/._train-images-idx3-ubyte': new Uint8Array(120),
      'dataset.py': new TextEncoder().encode('import numpy'),
      'figure.png': makePng(new Uint8Array(pixelCount)),
    };
    const notes = await expectFour({ ...gzipped(four), ...four, ...others });
    for (const name of ['README.md', 'LICENSE', '.DS_Store', 'Thumbs.db', 'figure.png']) {
      expect(notes).toContain(name);
    }
    expect(notes).toContain('t10k-labels-idx1-ubyte (the same as others)');
    const isolated = await expectFour({ 'a.zip': makeZip({ ...four, ...others }) });
    expect(isolated).toContain('a.zip/README.md');
  });

  it('although a copy is damaged, and says so', async () => {
    const damaged = gzipSync(four['train-images-idx3-ubyte']!).subarray(0, -20);
    const notes = await expectFour({ ...four, 'train-images-idx3-ubyte.gz': damaged });
    expect(notes).toMatch(/train-images-idx3-ubyte\.gz \(damaged/);
  });

  it('with images for validation beside them, which it names', async () => {
    const extra = {
      'validation-images-idx3-ubyte': images(pixelsOf(20, 3)),
      'validation-labels-idx1-ubyte': labels(labelsOf(20)),
    };
    expect(await expectFour({ ...four, ...extra })).toContain(
      'validation-labels-idx1-ubyte (for validation',
    );
  });

  it('if names of images and labels are exchanged', async () => {
    await expectFour(
      rename((name) =>
        name.includes('images')
          ? name.replace('images-idx3', 'labels-idx1')
          : name.replace('labels-idx1', 'images-idx3'),
      ),
    );
  });

  it('of the only whole data set of several', async () => {
    const half = Object.fromEntries(
      Object.entries(rename((name) => `fashion/${name}`)).slice(0, 2),
    );
    expect(await expectFour({ ...rename((name) => `mnist/${name}`), ...half })).toContain(
      'Left out: fashion/',
    );
  });
});

describe('labels', () => {
  it('as eight integers for each image are QMNIST’s', async () => {
    const wide = (count: number) => {
      const view = new DataView(new ArrayBuffer(count * 32));
      for (let i = 0; i < count; i++) {
        view.setInt32(32 * i, labelsOf(count)[i]!);
        view.setInt32(32 * i + 4, 4);
        view.setInt32(32 * i + 8, 2000 + i);
      }
      const bytes = new Uint8Array(view.buffer);
      const idx = encodeIdx([count, 8], bytes, 0x0c);
      return idx;
    };
    const { 'train-images-idx3-ubyte': training, 't10k-images-idx3-ubyte': test } = four;
    const notes = await expectFour({
      'qmnist-train-images-idx3-ubyte': training!,
      'qmnist-train-labels-idx2-int': wide(trainingCount),
      'qmnist-test-images-idx3-ubyte': test!,
      'qmnist-test-labels-idx2-int': wide(testCount),
    });
    expect(notes).toContain(
      'qmnist-train-labels-idx2-int has 8 numbers for each image; the first is the class.',
    );
  });

  it.each<[string, (label: number) => number, number, string[] | null]>([
    [
      'from 1 to 10',
      (label) => label + 1,
      10,
      Array.from({ length: 10 }, (_, i) => `class ${i + 1}`),
    ],
    [
      'from 5 to 14',
      (label) => label + 5,
      10,
      Array.from({ length: 10 }, (_, i) => `class ${i + 5}`),
    ],
    ['of two classes', (label) => label % 2, 2, null],
    [
      'of three of MNIST’s classes',
      (label) => [3, 5, 8][label % 3]!,
      3,
      ['class 3', 'class 5', 'class 8'],
    ],
    [
      'with a gap',
      (label) => (label > 4 ? label + 1 : label),
      10,
      [0, 1, 2, 3, 4, 6, 7, 8, 9, 10].map((i) => `class ${i}`),
    ],
  ])('%s make as many classes as occur', async (_, change, classes, names) => {
    const { training, test, classNames } = await read(relabel(change));
    expect([training.classes, test.classes, classNames]).toEqual([classes, classes, names]);
    expect([...new Set(training.labels)].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: classes }, (_, i) => i),
    );
  });

  it('get names from a mapping in EMNIST’s format, with a byte order mark or without', async () => {
    const mapping = Array.from({ length: 10 }, (_, i) => `${i + 1} ${65 + i} ${97 + i}\r\n`).join(
      '',
    );
    const text = (content: string) => new TextEncoder().encode(content);
    const one = await read({
      ...relabel((label) => label + 1),
      'emnist-letters-mapping.txt': text(`\uFEFF${mapping}`),
    });
    expect(one.classNames!.slice(0, 3)).toEqual(['Aa', 'Bb', 'Cc']);
    const table = `index,codepoint,char\n${Array.from({ length: 10 }, (_, i) => `${i},U+304A,お\n`).join('')}`;
    expect((await read({ ...four, 'kmnist_classmap.csv': text(table) })).classNames).toEqual(
      new Array(10).fill('お'),
    );
    const hostile = Array.from({ length: 10 }, (_, i) => `${i} ${[8238, 65, 10][i % 3]}\n`).join(
      '',
    );
    const { classNames } = await read({ ...four, 'mapping.txt': text(hostile) });
    expect(classNames?.join('') ?? '').not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('of more than 100 classes, or of one, are refused', async () => {
    const many = Uint8Array.from({ length: trainingCount }, (_, i) => i);
    expect(await refusal({ ...four, 'train-labels-idx1-ubyte': labels(many) })).toContain(
      'expected labels of 2 to 100 classes, found more',
    );
    expect(await refusal(relabel(() => 7))).toContain('found only label 7');
  });

  it('in order of the classes: images are mixed, always in the same way, so that a part has every class', async () => {
    const sorted = (count: number) => labelsOf(count).toSorted((a, b) => a - b);
    const files = {
      ...four,
      'train-labels-idx1-ubyte': labels(sorted(trainingCount)),
      't10k-labels-idx1-ubyte': labels(sorted(testCount).reverse()),
    };
    const { training, test, notes } = await read(files);
    expect(new Set(training.labels.subarray(0, 60)).size).toBe(10);
    expect(new Set(training.labels.subarray(-60)).size).toBe(10);
    expect(new Set(test.labels.subarray(0, 40)).size).toBeGreaterThan(8);
    expect(notes.filter((note) => note.includes('sorted by class'))).toHaveLength(2);
    // Images keep their labels.
    const original = sorted(trainingCount);
    for (const i of [0, 50, 119]) {
      const image = training.pixels.subarray(i * pixelCount, (i + 1) * pixelCount);
      const from = Array.from({ length: trainingCount }, (_, k) => k).find(
        (k) =>
          Buffer.compare(trainPixels.subarray(k * pixelCount, (k + 1) * pixelCount), image) === 0,
      );
      expect(original[from!]).toBe(training.labels[i]);
    }
    expect((await read(files)).training).toEqual(training);
    expect((await read(four)).notes.join()).not.toContain('sorted');
  });
});

describe('images are transposed', () => {
  const asEmnist = (name: string) => `emnist-digits-${name.replace('t10k', 'test')}`;

  it('only in EMNIST’s own files', async () => {
    const { isTransposed, training, notes } = await read(rename(asEmnist));
    expect([isTransposed, notes.at(-1)]).toEqual([true, 'The images were transposed.']);
    expect(training.pixels[28]).toBe(trainPixels[1]);
    expect(
      (await read({ 'gzip.zip': makeZip(rename((name) => `gzip/${asEmnist(name)}.gz`, four)) }))
        .isTransposed,
    ).toBe(true);
    await expectFour(rename((name) => `emnist-like-${name}`));
    await expectFour(rename((name) => `my-emnist/${name}`));
    const other = await readDataSet(sourcesOf(rename(asEmnist)), { isTransposed: false });
    expect(other.isTransposed).toBe(false);
  });
});

describe('arrays of NumPy are read', () => {
  const i64 = (values: Uint8Array) => bytesOf(BigInt64Array.from(values, BigInt));
  const npz = (changes: Files = {}) =>
    makeZip({
      'x_train.npy': makeNpy([trainingCount, 28, 28], '|u1', trainPixels),
      'y_train.npy': makeNpy([trainingCount], '|u1', labelsOf(trainingCount)),
      'x_test.npy': makeNpy([testCount, 28, 28], '|u1', testPixels),
      'y_test.npy': makeNpy([testCount], '|u1', labelsOf(testCount)),
      ...changes,
    });
  const both = (
    shape: readonly number[],
    type: string,
    change: (pixels: Uint8Array) => Uint8Array,
    isFortran = false,
  ) => ({
    'x_train.npy': makeNpy([trainingCount, ...shape], type, change(trainPixels), isFortran),
    'x_test.npy': makeNpy([testCount, ...shape], type, change(testPixels), isFortran),
  });
  const oneHot = (count: number) =>
    Float32Array.from({ length: count * 10 }, (_, i) =>
      labelsOf(count)[Math.floor(i / 10)] === i % 10 ? 1 : 0,
    );
  const fortran = (pixels: Uint8Array) => {
    const count = pixels.length / pixelCount;
    return Uint8Array.from({ length: pixels.length }, (_, at) => {
      const [image, rest] = [at % count, Math.floor(at / count)];
      const [row, column] = [rest % 28, Math.floor(rest / 28)];
      return pixels[image * pixelCount + row * 28 + column]!;
    });
  };

  it.each<[string, Files]>([
    ['as Keras has them', { 'mnist.npz': npz() }],
    ['flat', { 'mnist.npz': npz(both([784], '|u1', (pixels) => pixels)) }],
    [
      'with a dimension for the channel',
      { 'mnist.npz': npz(both([28, 28, 1], '|u1', (pixels) => pixels)) },
    ],
    ['with the channel first', { 'mnist.npz': npz(both([1, 28, 28], '|u1', (pixels) => pixels)) }],
    [
      'as 64-bit integers',
      {
        'mnist.npz': npz({
          ...both([28, 28], '<i8', i64),
          'y_train.npy': makeNpy([trainingCount], '<i8', i64(labelsOf(trainingCount))),
        }),
      },
    ],
    [
      'as floats from 0 to 1',
      {
        'mnist.npz': npz(
          both([28, 28], '<f4', (pixels) => bytesOf(Float32Array.from(pixels, (v) => v / 255))),
        ),
      },
    ],
    [
      'as floats from 0 to 255',
      { 'mnist.npz': npz(both([28, 28], '<f8', (pixels) => bytesOf(Float64Array.from(pixels)))) },
    ],
    [
      'as floats from −1 to 1',
      {
        'mnist.npz': npz(
          both([28, 28], '<f4', (pixels) =>
            bytesOf(Float32Array.from(pixels, (v) => v / 127.5 - 1)),
          ),
        ),
      },
    ],
    [
      'big-endian',
      {
        'mnist.npz': npz(
          both([28, 28], '>u2', (pixels) =>
            Uint8Array.from({ length: 2 * pixels.length }, (_, i) => (i % 2 ? pixels[i >> 1]! : 0)),
          ),
        ),
      },
    ],
    ['in Fortran’s order', { 'mnist.npz': npz(both([28, 28], '|u1', fortran, true)) }],
    [
      'with labels as a column',
      {
        'mnist.npz': npz({
          'y_train.npy': makeNpy(
            [trainingCount, 1],
            '<i4',
            bytesOf(Int32Array.from(labelsOf(trainingCount))),
          ),
        }),
      },
    ],
    [
      'with labels as rows of 0 and 1',
      {
        'mnist.npz': npz({
          'y_train.npy': makeNpy([trainingCount, 10], '<f4', bytesOf(oneHot(trainingCount))),
          'y_test.npy': makeNpy([testCount, 10], '<f4', bytesOf(oneHot(testCount))),
        }),
      },
    ],
    [
      'as files of their own',
      {
        'k49-train-imgs.npz': makeZip({
          'arr_0.npy': makeNpy([trainingCount, 28, 28], '|u1', trainPixels),
        }),
        'k49-train-labels.npz': makeZip({
          'arr_0.npy': makeNpy([trainingCount], '|u1', labelsOf(trainingCount)),
        }),
        'k49-test-imgs.npz': makeZip({
          'arr_0.npy': makeNpy([testCount, 28, 28], '|u1', testPixels),
        }),
        'k49-test-labels.npz': makeZip({
          'arr_0.npy': makeNpy([testCount], '|u1', labelsOf(testCount)),
        }),
      },
    ],
    [
      'with images for validation',
      {
        'medmnist.npz': makeZip({
          'train_images.npy': makeNpy([trainingCount, 28, 28], '|u1', trainPixels),
          'train_labels.npy': makeNpy([trainingCount, 1], '|u1', labelsOf(trainingCount)),
          'val_images.npy': makeNpy([testCount, 28, 28], '|u1', pixelsOf(testCount, 5)),
          'val_labels.npy': makeNpy([testCount, 1], '|u1', labelsOf(testCount)),
          'test_images.npy': makeNpy([testCount, 28, 28], '|u1', testPixels),
          'test_labels.npy': makeNpy([testCount, 1], '|u1', labelsOf(testCount)),
        }),
      },
    ],
  ])('%s', async (_, files) => {
    await expectFour(files);
  });

  it('or refused, with what was found', async () => {
    const objects = npz({ 'x_train.npy': makeNpy([2], '|O', new Uint8Array(16)) });
    expect(await refusal({ 'a.npz': objects })).toContain(
      'a.npz/x_train.npy: expected an array of numbers, found Python objects',
    );
    const standardized = npz(
      both([28, 28], '<f4', (pixels) => bytesOf(Float32Array.from(pixels, (v) => v / 50 - 2))),
    );
    expect(await refusal({ 'a.npz': standardized })).toContain(
      'expected pixels from 0 to 255 or from 0 to 1, found from -2.000 to',
    );
    const colors = npz(both([28, 28, 3], '|u1', (pixels) => new Uint8Array(3 * pixels.length)));
    expect(await refusal({ 'a.npz': colors })).toContain(
      'expected gray images, as rows and columns, found an array of 120 × 28 × 28 × 3',
    );
    for (const [shape, found] of [
      [[0, 28, 28], 'an empty array, of 0 × 28 × 28'],
      [[120, 28, 0], 'an empty array, of 120 × 28 × 0'],
    ] as const) {
      const empty = makeNpy(shape, '|u1', new Uint8Array(0));
      expect(await refusal({ 'a.npz': npz({ 'x_train.npy': empty }) })).toContain(
        `a.npz/x_train.npy: expected an array with numbers in it, found ${found}`,
      );
    }
    const long = makeNpy([2], '|u1', new Uint8Array(70_000));
    long[9] = 100; // the header's length
    expect(await refusal({ 'x_train.npy': long })).toContain('at most 10,000 bytes');
    const cut = npz().subarray(0, -30);
    expect(await refusal({ 'a.npz': cut })).toContain(
      'a.npz: expected a whole zip archive, found no end of it',
    );
    const bent = npz();
    for (let i = 250; i < 260; i++) bent[i]! ^= 0x55; // in the first array
    expect(await refusal({ 'a.npz': bent })).toContain('expected a whole file, found damaged data');
  });
});

describe('tables are read', () => {
  const table = (pixels: Uint8Array, count: number, separator = ',', isLast = false): string =>
    Array.from({ length: count }, (_, i) => {
      const row = [...pixels.subarray(i * pixelCount, (i + 1) * pixelCount)];
      const label = labelsOf(count)[i]!;
      return (isLast ? [...row, label] : [label, ...row]).join(separator);
    }).join('\r\n');
  const titles = Array.from({ length: pixelCount }, (_, i) => `pixel${i}`);
  const text = (content: string) => new TextEncoder().encode(content);
  const files = (change: (rows: string) => string, separator = ',', isLast = false): Files => ({
    'mnist_train.csv': text(change(table(trainPixels, trainingCount, separator, isLast))),
    'mnist_test.csv': text(change(table(testPixels, testCount, separator, isLast))),
  });

  it.each<[string, Files]>([
    ['without titles', files((rows) => rows)],
    ['with titles', files((rows) => `label,${titles.join(',')}\n${rows}\n`)],
    [
      'with a byte order mark',
      files((rows) => `\uFEFFlabel,${titles.join(',')}\r\n${rows}\r\n\r\n`),
    ],
    [
      'with the titles that pandas gives',
      files((rows) => `label,${titles.map((_, i) => i).join(',')}\n${rows}`),
    ],
    [
      'with a column that numbers the rows',
      files(
        (rows) =>
          `,label,${titles.join(',')}\n${rows
            .split('\r\n')
            .map((row, i) => `${i},${row}`)
            .join('\n')}`,
      ),
    ],
    ['with semicolons', files((rows) => rows, ';')],
    ['with the label last', files((rows) => `${titles.join(',')},class\n${rows}`, ',', true)],
    ['in a zip', { 'archive.zip': makeZip(files((rows) => rows)) }],
  ])('%s', async (_, tables) => {
    expect(await expectFour(tables)).toMatch(/mnist_train\.csv, .*mnist_test\.csv/);
  });

  it('if there is only one: a part of it is held out to test on', async () => {
    const { training, test, notes } = await read({
      'train.csv': files((rows) => rows)['mnist_train.csv']!,
    });
    expect([training.count, test.count]).toEqual([100, 20]);
    expect(notes.join(' ')).toContain(
      'There is no test set, so images to test on were drawn at random from all: 20 of 120',
    );
  });

  it('or refused, with the place', async () => {
    expect(await refusal(files((rows) => rows.replace(/,(\d+)\r\n/, ',x\r\n')))).toContain(
      'mnist_train.csv: expected 785 numbers in row 1, found something else in column 785',
    );
    expect(await refusal(files((rows) => rows.slice(0, -500)))).toMatch(
      /expected 785 numbers in row 120/,
    );
    const titled = `label,${titles.join(',')}\n`;
    expect(await refusal({ 'train.csv': text(titled) })).toContain(
      'train.csv: expected a row of numbers for each image, found none',
    );
    const five = table(trainPixels.subarray(0, 5 * pixelCount), 5);
    expect(await refusal({ 'train.csv': text(five) })).toContain(
      'expected at least 6 images, because one in 6 is held out to test on, found only 5',
    );
    const long = `${'1,'.repeat(2 ** 21)}1\n`;
    expect(await refusal({ 'train.csv': text(long) })).toContain('found a longer one');
  });

  it('or refused before memory is taken, if a row is short', async () => {
    const line = (cells: number) => `${new Array(cells).fill('1').join(',')}\n`;
    const wide = line(50_000) + line(1).repeat(100_000);
    expect(await refusal({ 'train.csv': text(wide) })).toContain(
      'train.csv: expected 50000 numbers in row 2, found only 1.',
    );
    const cut = `${line(785)}${line(785)}${line(784)}`;
    expect(await refusal({ 'train.csv': text(cut) })).toContain('in row 3, found only 784');
  });
});

describe('pictures in folders are read', () => {
  const folders = (
    place: (part: 'train' | 'test', label: number, i: number) => string,
    encode = (pixels: Uint8Array) => makePng(pixels),
  ): Files =>
    Object.fromEntries(
      (
        [
          ['train', trainPixels, trainingCount],
          ['test', testPixels, testCount],
        ] as const
      ).flatMap(([part, pixels, count]) =>
        Array.from(
          { length: count },
          (_, i) =>
            [
              place(part, labelsOf(count)[i]!, i),
              encode(pixels.subarray(i * pixelCount, (i + 1) * pixelCount)),
            ] as const,
        ),
      ),
    );
  const expectPictures = async (files: Files) => {
    const result = await read(files);
    const { training, test } = result;
    expect([training.count, test.count, training.classes]).toEqual([trainingCount, testCount, 10]);
    for (const [set, pixels, count] of [
      [training, trainPixels, trainingCount],
      [test, testPixels, testCount],
    ] as const) {
      const known = new Map(
        Array.from({ length: count }, (_, i) => [
          Buffer.from(pixels.subarray(i * pixelCount, (i + 1) * pixelCount)).toString('base64'),
          labelsOf(count)[i],
        ]),
      );
      for (let i = 0; i < count; i++) {
        expect(
          known.get(
            Buffer.from(set.pixels.subarray(i * pixelCount, (i + 1) * pixelCount)).toString(
              'base64',
            ),
          ),
        ).toBe(set.labels[i]);
      }
    }
    return result;
  };

  it.each<[string, Files]>([
    [
      'as mnist_png has them',
      folders((part, label, i) => `mnist_png/${part}ing/${label}/${i}.png`),
    ],
    [
      'in a zip',
      { 'mnist_png.zip': makeZip(folders((part, label, i) => `${part}/${label}/${i}.png`)) },
    ],
    [
      'in a tar.gz',
      {
        'mnist_png.tar.gz': gzipSync(
          makeTar(
            ...Object.entries(folders((part, label, i) => `${part}/${label}/${i}.png`)).map((one) =>
              makeTarEntry(...one),
            ),
          ),
        ),
      },
    ],
    [
      'in color that is gray',
      folders(
        (part, label, i) => `${part}/${label}/${i}.png`,
        (pixels) =>
          makePng(
            Uint8Array.from({ length: 3 * pixels.length }, (_, i) => pixels[Math.floor(i / 3)]!),
            { channels: 3 },
          ),
      ),
    ],
    [
      'with 16 bits',
      folders(
        (part, label, i) => `${part}/${label}/${i}.png`,
        (pixels) =>
          makePng(
            Uint16Array.from(pixels, (v) => 257 * v),
            { depth: 16 },
          ),
      ),
    ],
  ])('%s', async (_, files) => {
    const { classNames, notes } = await expectPictures(files);
    expect(classNames).toBeNull();
    expect(notes.join(' ')).toMatch(
      /^Read: 180 pictures in folders named 0, 1, 2.*sorted by class/,
    );
  });

  it('with the names of their folders', async () => {
    const names = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
    const { classNames } = await read(
      folders((part, label, i) => `${part}/${names[label]}/${i}.png`),
    );
    expect(classNames).toEqual(names.toSorted());
  });

  it('without a part to test on, beside figures, and with a damaged one named', async () => {
    const files = folders((_, label, i) => `digits/${label}/${i}.png`);
    const { training, test, notes } = await read({
      ...files,
      'docs/figure.png': makePng(new Uint8Array(100), { width: 10, height: 10 }),
      '7.png': makePng(new Uint8Array(pixelCount)),
      'digits/3/x.png': makePng(new Uint8Array(pixelCount)).subarray(0, 60),
    });
    expect([training.count, test.count]).toEqual([100, 20]);
    expect(notes.join(' ')).toContain('docs/figure.png (a picture of another size)');
    expect(notes.join(' ')).toContain('docs/figure.png (a picture of another size)');
    expect(notes.join(' ')).toContain('7.png (not in a folder named for its class)');
    expect(notes.join(' ')).toContain('digits/3/x.png (damaged');
  });

  it('or refused: of another size, or as JPEG', async () => {
    const small = folders(
      (part, label, i) => `${part}/${label}/${i}.png`,
      () => makePng(new Uint8Array(100), { width: 10, height: 10 }),
    );
    expect(await refusal(small)).toContain(
      'expected pictures of 28 × 28 pixels in folders by class, found one of 10 × 10',
    );
    expect(await refusal({ '7.png': makePng(new Uint8Array(pixelCount)) })).toContain(
      'found one that is not in a folder named for its class',
    );
    expect(await refusal({ 'train/3/a.jpg': Uint8Array.of(0xff, 0xd8, 0xff) })).toContain('JPEG');
  });
});

describe('refused, with what to do', () => {
  it.each<[string, number[], string]>([
    ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], 'an xz archive'],
    ['zst', [0x28, 0xb5, 0x2f, 0xfd], 'a Zstandard archive'],
    ['bz2', [0x42, 0x5a, 0x68, 0x39], 'a bzip2 archive'],
    ['rar', [0x52, 0x61, 0x72, 0x21, 0x1a], 'a RAR archive'],
    ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27], 'a 7-Zip archive'],
  ])('an archive of .%s', async (ending, start, name) => {
    const file = { [`MNIST.tar.${ending}`]: Uint8Array.of(...start, ...new Uint8Array(50)) };
    expect(await refusal(file)).toContain(
      `expected a file that is plain, or an archive (gzip, tar, zip), found ${name}.`,
    );
    await expect(read(file)).rejects.toMatchObject({
      remedy: 'Unpack it, and choose the files in it.',
    });
  });

  it('gzip that would fill the memory, before it does', async () => {
    const zeros = new Uint8Array(2 ** 20);
    const big = encodeIdx([trainingCount, 28, 28], trainPixels);
    big.set([0, 1, 0, 0], 4); // 65,536 images are announced
    const bomb = new Uint8Array(
      Buffer.concat([
        gzipSync(big.subarray(0, 16)),
        ...new Array<Buffer>(200).fill(gzipSync(zeros)),
      ]),
    );
    expect(await refusal({ ...four, 'train-images-idx3-ubyte': bomb })).toMatch(
      /expected images, found data that become \d+ times as large/,
    );
  }, 20_000);

  it('a zip that would, by what it says', async () => {
    const zip = makeZip({ 'train-images-idx3-ubyte': new Uint8Array(4e7) });
    expect(await refusal({ 'a.zip': zip })).toMatch(
      /a\.zip, train-images-idx3-ubyte: expected images, found data that become \d+ times/,
    );
    new DataView(zip.buffer).setUint32(zip.length - 22 - 46 - 23 + 24, 10, true); // its size
    expect(await refusal({ 'a.zip': zip })).toContain('expected a whole file, found damaged data');
  });

  it('several data sets, an empty folder, other files, and what is missing', async () => {
    const mnist = rename((name) => `mnist/${name}`);
    const fashion = {
      ...rename((name) => `fashion/${name}`),
      'fashion/train-images-idx3-ubyte': images(pixelsOf(trainingCount, 9)),
    };
    expect(await refusal({ ...mnist, ...fashion })).toContain(
      'expected one data set, found several, with mnist/train-images-idx3-ubyte and fashion/train-images-idx3-ubyte',
    );
    expect(await refusal({})).toContain('expected a data set, found no file');
    expect(await refusal({ 'a.pdf': new Uint8Array(3) })).toContain('found only a.pdf (not data)');
    const { 't10k-labels-idx1-ubyte': _, ...three } = four;
    expect(await refusal(three)).toContain('it lacks labels to test on');
    expect(await refusal({ ...four, 'train-labels-idx1-ubyte': labels(labelsOf(119)) })).toContain(
      'train-labels-idx1-ubyte: expected 120 labels, as train-images-idx3-ubyte has images, found 119',
    );
    expect(
      await refusal({
        ...four,
        'train-images-idx3-ubyte': four['train-images-idx3-ubyte']!.subarray(0, -5),
      }),
    ).toContain('expected 120 × 28 × 28 = 94080 bytes after its header, found 94075');
  });
});
