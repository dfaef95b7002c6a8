import { cleanName } from '../../domain/cleanName.ts';
import { LabError } from '../../domain/errors.ts';
import { seededGenerator, shuffledIndices } from '../../domain/random.ts';
import { type IdxImages, isIdx, parseIdxArray, transposeImages } from '../idx.ts';
import { type ImageSet, makeImageSet } from '../imageSet.ts';
import { type ByteSource, corruptFile, type OnRead } from './byteSource.ts';
import { type ArrayPair, type ArrayParts, chooseParts } from './chooseParts.ts';
import { BatchAssembler, findBatchName, isCifar10SideFile, isPythonBatch } from './cifar10.ts';
import { parseMapping } from './classNames.ts';
import { groupBy } from './groupBy.ts';
import type { DataArray } from './dataArray.ts';
import { readImages } from './images.ts';
import { findClasses, isInOrder, readLabels } from './labels.ts';
import { isNpy, parseNpy } from './npy.ts';
import { baseName, findPart, isEmnistName } from './paths.ts';
import { isPng } from './picture.ts';
import { PictureFolders } from './pictureFolders.ts';
import { isTable, parseTable } from './table.ts';
import { findPacker, type WalkedFile, walkFiles } from './walkFiles.ts';

const remedy =
  'Choose images and labels, to train and to test on: four IDX files, an .npz, a table, pictures in folders by class, or CIFAR-10’s binary version.';

/** Without test images, one image in this many is held out to test on. */
const testShare = 6;

export interface ReadOptions {
  /**
   * Whether gray images are stored column by column, as EMNIST's are; they are turned back while they are read.
   * Null: by the files' names, which only EMNIST's own files have.
   */
  readonly isTransposed?: boolean | null;
  /** The size that images must have; null for any. */
  readonly size?: { readonly rows: number; readonly columns: number } | null;
  /** Called with the number of bytes of all files read so far. */
  readonly onRead?: OnRead;
}

/** A data set, and notes for the user on how it was read. */
export interface ReadDataSet {
  readonly training: ImageSet;
  readonly test: ImageSet;
  /** Names of the classes, if they are not 0, 1, 2 and so on. */
  readonly classNames: readonly string[] | null;
  readonly isTransposed: boolean;
  /** Sentences: which files were read, which were left out, and what was changed. */
  readonly notes: readonly string[];
}

/** Collects what the files hold, one after the other. */
class Collector {
  readonly arrays: DataArray[] = [];
  readonly tables: { images: DataArray; labels: DataArray }[] = [];
  readonly pictures: PictureFolders;
  readonly batches = new BatchAssembler();
  names: ReadonlyMap<number, string> | null = null;
  readonly leftOut: { path: string; why: string }[] = [];
  /** Files that seem to belong to a data set and cannot be read: an error, unless the set is whole without them. */
  readonly failures: { path: string; error: LabError }[] = [];
  /** CIFAR-10's files in the Python version. */
  readonly pythonBatches: string[] = [];

  constructor(size: ReadOptions['size']) {
    this.pictures = new PictureFolders(size ?? null);
  }

  readonly leaveOut = (path: string, why: string): void => void this.leftOut.push({ path, why });

  async add(file: WalkedFile): Promise<void> {
    const { path } = file;
    try {
      await this.#read(file);
    } catch (error) {
      if (!(error instanceof LabError) || error.code !== 'data-corrupt') throw error;
      this.failures.push({ path, error });
    }
  }

  async #read({ path, start, read }: WalkedFile): Promise<void> {
    const name = baseName(path);
    const batch = findBatchName(path);
    const packer = findPacker(start);
    const isNamedIdx = /(idx\d|ubyte)/i.test(name) || /(images|labels)[^.]*(\.gz)*$/i.test(name);
    if (batch !== null) {
      if (!this.batches.add(batch, await read(), path)) this.leaveOut(path, 'the same as others');
    } else if (isPythonBatch(path)) this.pythonBatches.push(path);
    else if (isPng(start)) this.pictures.add(path, await read());
    else if (isNpy(start)) this.arrays.push(parseNpy(await read(), path));
    else if (packer !== null) this.failures.push({ path, error: packed(path, packer) });
    else if (isIdx(start) || (isNamedIdx && !/\.(txt|md|html?|json|py)$/i.test(name))) {
      this.arrays.push(parseIdxArray(await read(), path));
    } else if (/\.(csv|tsv|txt)(\.gz)?$/i.test(name)) await this.#readText(path, start, read);
    else this.leaveOut(path, describeOther(path, start));
  }

  async #readText(path: string, start: Uint8Array, read: WalkedFile['read']): Promise<void> {
    if (isTable(start)) {
      const { images, labels } = parseTable(await read(), path);
      if (labels === null) this.leaveOut(path, 'a table without labels');
      else this.tables.push({ images, labels });
      return;
    }
    const names =
      start.length < 1024 || /map/i.test(path)
        ? parseMapping(new TextDecoder().decode(await read()))
        : null;
    if (names === null) this.leaveOut(path, 'not data');
    else if (this.names !== null) this.leaveOut(path, 'names of classes for a second time');
    else this.names = names;
  }
}

function packed(path: string, packer: string): LabError {
  const expected = 'a file that is plain, or an archive (gzip, tar, zip)';
  return corruptFile(path, expected, packer, 'Unpack it, and choose the files in it.');
}

function describeOther(path: string, start: Uint8Array): string {
  if (/^(train|test)\.bin$/.test(baseName(path))) return 'CIFAR-100’s, it seems';
  if (/\.jpe?g$/i.test(path))
    return 'a JPEG picture, whose compression changes pixels: save it as PNG';
  if (/\.parquet$/i.test(path)) return 'a Parquet file: save it as .npz or as a table';
  if (/\.(mat|h5|hdf5|pkl|pt|pth|arff)$/i.test(path)) return `not read here: save it as .npz`;
  return start.length === 0 ? 'empty' : 'not data';
}

interface Parts {
  readonly training: { images: IdxImages; labels: Uint8Array };
  readonly test: { images: IdxImages; labels: Uint8Array };
  readonly values: readonly number[];
  /** Names by value, from folders. */
  readonly names: ReadonlyMap<number, string> | null;
}

/**
 * Reads a data set from files, folders and archives: four IDX files, the same as arrays of NumPy (.npz, .npy), tables
 * with an image a line, PNG pictures in folders by class, or CIFAR-10's binary version. Names and contents decide what
 * a file is; files that do not belong to the data set are left out, and named.
 *
 * @throws LabError 'data-corrupt' naming the file, what was expected and what was found
 */
export async function readDataSet(
  sources: readonly ByteSource[],
  { isTransposed = null, size = null, onRead }: ReadOptions = {},
): Promise<ReadDataSet> {
  const collector = new Collector(size);
  for await (const file of walkFiles(sources, collector.leaveOut, onRead))
    await collector.add(file);
  const notes: string[] = [];
  const note = (text: string): void => {
    if (!notes.includes(text)) notes.push(text);
  };
  const kind = findKind(collector);
  if (kind === 'CIFAR-10') {
    const { training, test, names } = finishCifar10(collector);
    const sideFiles = collector.leftOut.filter(({ path }) => !isCifar10SideFile(path));
    return {
      training,
      test,
      classNames: null,
      isTransposed: false,
      notes: describeFiles(names, sideFiles),
    };
  }
  const { read, parts } = readParts(collector, kind, size, note);
  // Only if all is there without them.
  for (const { path, error } of collector.failures)
    collector.leaveOut(path, `damaged: ${error.message}`);
  const transposes = isTransposed ?? read.some(isEmnistName);
  if (transposes) note('The images were transposed.');
  const sets = [parts.training, parts.test].map(({ images, labels }) =>
    makeImageSet(transposes ? transposeImages(images) : images, labels, parts.values.length),
  ) as [ImageSet, ImageSet];
  const [training, test] = sets.map((set, i) =>
    mixInOrder(set, i === 0 ? 'training' : 'test', note),
  ) as [ImageSet, ImageSet];
  return {
    training,
    test,
    classNames: nameClasses(parts.values, parts.names ?? collector.names, note),
    isTransposed: transposes,
    notes: [...describeFiles(read, collector.leftOut), ...notes],
  };
}

/** @throws LabError of a file that cannot be read, if it is the one that is missing */
function finishCifar10({ batches, pythonBatches, failures, leaveOut }: Collector) {
  try {
    const finished = batches.finish(pythonBatches);
    for (const { path, error } of failures) leaveOut(path, `damaged: ${error.message}`);
    return finished;
  } catch (error) {
    throw failures[0]?.error ?? error;
  }
}

type Kind = 'CIFAR-10' | 'IDX files' | 'tables' | 'pictures';

/** The kind of data set that the files are. @throws LabError if they are those of several */
function findKind({ arrays, tables, pictures, batches, pythonBatches }: Collector): Kind | null {
  const isCifar10 = !batches.isEmpty || pythonBatches.length > 0;
  const whole = [
    ...(isCifar10 ? (['CIFAR-10'] as const) : []),
    ...(arrays.length >= 4 ? (['IDX files'] as const) : []),
    ...(tables.length > 0 ? (['tables'] as const) : []),
    ...(pictures.isDataSet ? (['pictures'] as const) : []),
  ];
  if (whole.length > 1) {
    throw corruptFile(
      'Your files',
      'one data set',
      whole.join(' and '),
      'Choose the files of one of them.',
    );
  }
  return whole[0] ?? (arrays.length > 0 ? 'IDX files' : pictures.isEmpty ? null : 'pictures');
}

function readParts(
  collector: Collector,
  kind: Kind | null,
  size: ReadOptions['size'],
  note: (text: string) => void,
): { read: readonly string[]; parts: Parts } {
  const { arrays, tables, pictures, leaveOut, failures } = collector;
  if (kind !== 'pictures') for (const path of pictures.paths()) leaveOut(path, 'a picture');
  if (kind !== 'IDX files') for (const { name } of arrays) leaveOut(name, 'not of this data set');
  try {
    if (kind === 'IDX files') {
      const chosen = chooseParts(arrays, leaveOut);
      const all = [chosen.training, chosen.test];
      const read = all.flatMap(({ images, labels }) => [images.name, labels.name]);
      return { read, parts: partsOf(chosen, size, note) };
    }
    if (kind === 'tables') return readTables(tables, size, leaveOut, note);
    if (kind === 'pictures') return pictures.finish({ leaveOut, note, holdOutTest });
  } catch (error) {
    // A file that cannot be read may be the one that is missing.
    throw failures[0]?.error ?? error;
  }
  if (failures.length > 0) throw failures[0]!.error;
  const others = collector.leftOut.map(({ path, why }) => `${path} (${why})`);
  const found = others.length === 0 ? 'no file' : `only ${listShortly(others)}`;
  throw corruptFile('Your files', 'a data set', found, remedy);
}

function readTables(
  tables: readonly ArrayPair[],
  size: ReadOptions['size'],
  leaveOut: Collector['leaveOut'],
  note: (text: string) => void,
): { read: readonly string[]; parts: Parts } {
  const isOf = (part: 'training' | 'test') =>
    tables.filter(({ images }) => findPart(images.name) === part);
  const [training, test] = [isOf('training'), isOf('test')];
  const rest = tables.filter((one) => !training.includes(one) && !test.includes(one));
  const all = [...training, ...test, ...rest];
  const names = all.map(({ images }) => images.name).join(', ');
  if (training.length > 1 || test.length > 1) {
    throw corruptFile('Your files', 'a table to train on and one to test on', names, remedy);
  }
  const single = training[0] ?? (rest.length === 1 ? rest[0] : undefined);
  if (single !== undefined && test.length === 0) {
    for (const { images } of rest)
      if (images !== single.images) leaveOut(images.name, 'neither to train nor to test on');
    return { read: [single.images.name], parts: splitPair(single, size, note) };
  }
  const larger = rest.toSorted((a, b) => b.images.shape[0]! - a.images.shape[0]!);
  const pair = training[0] && test[0] ? [training[0], test[0]] : larger;
  if (pair.length !== 2)
    throw corruptFile('Your files', 'a table to train on and one to test on', names, remedy);
  for (const { images } of rest)
    if (!pair.some((one) => one.images === images))
      leaveOut(images.name, 'neither to train nor to test on');
  const [first, second] = pair as [ArrayPair, ArrayPair];
  return {
    read: [first.images.name, second.images.name],
    parts: partsOf({ training: first, test: second }, size, note),
  };
}

/** Training and test images of a set that says of none which it is. */
function splitPair(
  pair: ArrayPair,
  size: ReadOptions['size'],
  note: (text: string) => void,
): Parts {
  const { training: all, values, names } = partsOf({ training: pair, test: pair }, size, note);
  return { ...holdOutTest(all, note), values, names };
}

/**
 * One image in six to test on, drawn at random.
 *
 * @throws LabError 'data-corrupt' if there are fewer than six
 */
export function holdOutTest(
  all: Parts['training'],
  note: (text: string) => void,
): Pick<Parts, 'training' | 'test'> {
  const { length } = all.labels;
  const testCount = Math.floor(length / testShare);
  if (testCount === 0) {
    const expected = `at least ${testShare} images, because one in ${testShare} is held out to test on`;
    throw corruptFile('Your files', expected, `only ${length}`, remedy);
  }
  const order = drawOrder(length);
  const count = testCount.toLocaleString('en-US');
  note(
    `There is no test set, so images to test on were drawn at random from all: ${count} of ${length.toLocaleString('en-US')}, the same ones each time.`,
  );
  return {
    training: pick(all, order.subarray(testCount)),
    test: pick(all, order.subarray(0, testCount)),
  };
}

function partsOf(
  { training, test }: ArrayParts,
  size: ReadOptions['size'],
  note: (text: string) => void,
): Parts {
  const [trainingImages, testImages] = readImages([training.images, test.images], note) as [
    IdxImages,
    IdxImages,
  ];
  const describeSize = ({ rows, columns }: { rows: number; columns: number }) =>
    `${rows} × ${columns}`;
  for (const [array, images] of [
    [training.images, trainingImages],
    [test.images, testImages],
  ] as const) {
    if (!size || describeSize(images) === describeSize(size)) continue;
    const other = 'The command line takes any size: npm run train -- --data DIR.';
    throw corruptFile(
      array.name,
      `images of ${describeSize(size)} pixels`,
      describeSize(images),
      other,
    );
  }
  if (describeSize(trainingImages) !== describeSize(testImages)) {
    const expected = `images of ${describeSize(trainingImages)} pixels, as in ${training.images.name}`;
    throw corruptFile(test.images.name, expected, describeSize(testImages), remedy);
  }
  const labels = [training.labels, test.labels].map((array) => readLabels(array, note));
  for (const [i, images] of [trainingImages, testImages].entries()) {
    const found = labels[i]!;
    if (found.values.length === images.count) continue;
    const { name } = i === 0 ? training.images : test.images;
    throw corruptFile(
      found.name,
      `${images.count} labels, as ${name} has images`,
      String(found.values.length),
      remedy,
    );
  }
  const classes = findClasses(labels);
  return {
    training: { images: trainingImages, labels: classes.labels[0]! },
    test: { images: testImages, labels: classes.labels[1]! },
    values: classes.values,
    names: null,
  };
}

function drawOrder(count: number): Uint32Array {
  return shuffledIndices(count, seededGenerator(0, 'batchOrder', 0xda7a));
}

function pick({ images, labels }: Parts['training'], order: Uint32Array): Parts['training'] {
  const features = images.rows * images.columns;
  const pixels = new Uint8Array(order.length * features);
  order.forEach((from, to) =>
    pixels.set(images.pixels.subarray(from * features, (from + 1) * features), to * features),
  );
  return {
    images: { ...images, count: order.length, pixels },
    labels: Uint8Array.from(order, (from) => labels[from]!),
  };
}

/** Puts images that are in order of their classes in a random one, always the same, so that a part of them is a sample. */
function mixInOrder(set: ImageSet, part: string, note: (text: string) => void): ImageSet {
  if (!isInOrder(set.labels)) return set;
  note(
    `The ${part} images are sorted by class: they were put in a random order, always the same, so that a part of them has every class.`,
  );
  const images = { count: set.count, rows: 1, columns: set.features, pixels: set.pixels };
  const mixed = pick({ images, labels: set.labels }, drawOrder(set.count));
  return { ...set, pixels: mixed.images.pixels, labels: mixed.labels };
}

function nameClasses(
  values: readonly number[],
  names: ReadonlyMap<number, string> | null,
  note: (text: string) => void,
): readonly string[] | null {
  const isPlain = values.every((value, place) => value === place);
  const isContiguous = values.at(-1)! - values[0]! === values.length - 1;
  if (!isPlain || values.length !== 10) {
    const which = isContiguous ? `${values[0]} to ${values.at(-1)}` : values.join(', ');
    note(`Labels: ${which}; ${values.length} classes.`);
  }
  if (names !== null && values.every((value) => names.get(value))) {
    return values.map((value) => names.get(value)!);
  }
  return isPlain ? null : values.map((value) => `class ${value}`);
}

function listShortly(names: readonly string[], most = 8): string {
  const shown = names.slice(0, most).map((name) => cleanName(name, 200));
  const more = names.length - shown.length;
  return more > 0
    ? `${shown.join(', ')} and ${more.toLocaleString('en-US')} more`
    : shown.join(', ');
}

function describeFiles(
  read: readonly string[],
  leftOut: readonly { path: string; why: string }[],
): string[] {
  const files = [...new Set(read)];
  const sentences = [`Read: ${listShortly(files)}.`];
  if (leftOut.length > 0) {
    const whys = groupBy(leftOut, ({ why }) => why);
    const groups = [...whys].map(
      ([why, files]) =>
        `${listShortly(
          files.map(({ path }) => path),
          4,
        )} (${why})`,
    );
    sentences.push(`Left out: ${listShortly(groups)}.`);
  }
  return sentences;
}
