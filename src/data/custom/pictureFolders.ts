import { ownClassCount } from '../../domain/dataSet.ts';
import type { IdxImages } from '../idx.ts';
import { corruptFile } from './byteSource.ts';
import { cleanName } from '../../domain/cleanName.ts';
import { maxNameLength } from './classNames.ts';
import { groupBy } from './groupBy.ts';
import { findPart, findSetName, type Part } from './paths.ts';
import { readPicture, sizeOfPng } from './picture.ts';

const remedy =
  'Put gray PNG pictures of one size into a folder for each class, such as train/3/ and test/3/.';

const otherSize = 'a picture of another size';

/** A picture that is not of the data set. */
interface Other {
  readonly size: string;
  readonly why: string;
}

interface Picture {
  readonly path: string;
  /** The name of its folder. */
  readonly folder: string;
  readonly part: Part | null;
  readonly setName: string;
  readonly pixels: Uint8Array;
}

interface Labelled {
  readonly images: IdxImages;
  readonly labels: Uint8Array;
}

interface Tools {
  readonly leaveOut: (path: string, why: string) => void;
  readonly note: (text: string) => void;
  readonly holdOutTest: (
    all: Labelled,
    note: (text: string) => void,
  ) => { training: Labelled; test: Labelled };
}

/** PNG pictures of one size in folders by class: train/3/00007.png. */
export class PictureFolders {
  readonly #size: { readonly rows: number; readonly columns: number } | null;
  readonly #bySize = new Map<string, Picture[]>();
  /** Pictures that are none of the data set, by their paths, and why. */
  readonly #others = new Map<string, Other>();
  #colored = 0;

  /** @param size that pictures must have; null for any */
  constructor(size: { readonly rows: number; readonly columns: number } | null) {
    this.#size = size;
  }

  get isEmpty(): boolean {
    return this.#bySize.size === 0 && this.#others.size === 0;
  }

  /** Whether there are enough to be a data set rather than figures beside one. */
  get isDataSet(): boolean {
    return [...this.#bySize.values()].some((pictures) => pictures.length >= 100);
  }

  paths(): string[] {
    const pictures = [...this.#bySize.values()].flat().map(({ path }) => path);
    return [...pictures, ...this.#others.keys()];
  }

  /** @throws LabError 'data-corrupt' if it is no picture */
  add(path: string, bytes: Uint8Array): void {
    const { rows, columns } = sizeOfPng(bytes, path);
    const segments = path.split('/');
    const isOfSize =
      this.#size === null || (rows === this.#size.rows && columns === this.#size.columns);
    // Large pictures are figures; they are not decoded.
    const isLeftOut = !isOfSize || rows * columns > 65_536;
    if (isLeftOut || segments.length < 2) {
      const why = isLeftOut ? otherSize : 'not in a folder named for its class';
      this.#others.set(path, { size: `${rows} × ${columns}`, why });
      return;
    }
    const { pixels, wasColored } = readPicture(bytes, path);
    if (wasColored) this.#colored++;
    const above = segments.slice(0, -2);
    const place = [...above, 'x'].join('/');
    const key = `${rows} × ${columns}`;
    const same = this.#bySize.get(key) ?? [];
    if (same.length === 0) this.#bySize.set(key, same);
    const picture = {
      path,
      folder: segments.at(-2)!,
      part: findPart(place),
      setName: findSetName(place),
      pixels,
    };
    same.push(picture);
  }

  /** @throws LabError 'data-corrupt' if they are not a data set */
  finish({ leaveOut, note, holdOutTest }: Tools): {
    read: readonly string[];
    parts: {
      training: Labelled;
      test: Labelled;
      values: readonly number[];
      names: ReadonlyMap<number, string> | null;
    };
  } {
    const sizes = [...this.#bySize].toSorted(([, a], [, b]) => b.length - a.length);
    const [most, ...rest] = sizes;
    if (most === undefined) {
      const expected = this.#size
        ? `pictures of ${this.#size.rows} × ${this.#size.columns} pixels in folders by class`
        : 'pictures in folders by class';
      const [[path, { size, why }]] = [...this.#others] as [[string, Other]];
      const found = why === otherSize ? `one of ${size}` : `one that is ${why}`;
      throw corruptFile(path, expected, found, remedy);
    }
    for (const [path, { why }] of this.#others) leaveOut(path, why);
    for (const [, others] of rest) for (const { path } of others) leaveOut(path, otherSize);
    const pictures = this.#chooseSet(most[1], leaveOut);
    const [rows, columns] = most[0].split(' × ').map(Number) as [number, number];
    const folders = [...new Set(pictures.map(({ folder }) => folder))];
    const areNumbers = folders.every((folder) => /^\d{1,9}$/.test(folder));
    folders.sort((a, b) =>
      areNumbers ? Number(a) - Number(b) : a.localeCompare(b, 'en', { numeric: true }),
    );
    if (folders.length < ownClassCount.min || folders.length > ownClassCount.max) {
      const expected = `folders of ${ownClassCount.min} to ${ownClassCount.max} classes`;
      throw corruptFile('Your pictures', expected, folders.slice(0, 8).join(', '), remedy);
    }
    const labelOf = new Map(folders.map((folder, place) => [folder, place]));
    const collect = (parts: readonly (Part | null)[]): Labelled => {
      const chosen = pictures
        .filter(({ part }) => parts.includes(part))
        .toSorted((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
      const pixels = new Uint8Array(chosen.length * rows * columns);
      chosen.forEach((picture, i) => pixels.set(picture.pixels, i * rows * columns));
      return {
        images: { count: chosen.length, rows, columns, pixels },
        labels: Uint8Array.from(chosen, ({ folder }) => labelOf.get(folder)!),
      };
    };
    const count = (part: Part | null) => pictures.filter((one) => one.part === part).length;
    const validation = count('validation');
    if (validation > 0)
      note(
        `${validation.toLocaleString('en-US')} pictures for validation were left out; training images can be held out instead.`,
      );
    if (this.#colored > 0)
      note(
        `${this.#colored.toLocaleString('en-US')} pictures have colors; their brightness was read.`,
      );
    const [training, test] = [collect(['training', null]), collect(['test'])];
    if (training.images.count === 0)
      throw corruptFile('Your pictures', 'pictures to train on', 'none', remedy);
    const parts = test.images.count > 0 ? { training, test } : holdOutTest(training, note);
    const total = parts.training.images.count + parts.test.images.count;
    return {
      read: [
        `${total.toLocaleString('en-US')} pictures in folders named ${folders.length > 12 ? `${folders.slice(0, 12).join(', ')} …` : folders.join(', ')}`,
      ],
      parts: {
        ...parts,
        values: areNumbers ? folders.map(Number) : folders.map((_, place) => place),
        names: areNumbers
          ? null
          : new Map(folders.map((folder, place) => [place, cleanName(folder, maxNameLength)])),
      },
    };
  }

  /** The pictures of the data set that has a training and a test part, or the only one. */
  #chooseSet(pictures: readonly Picture[], leaveOut: Tools['leaveOut']): readonly Picture[] {
    const sets = [...groupBy(pictures, ({ setName }) => setName).values()];
    if (sets.length === 1) return pictures;
    const isWhole = (set: readonly Picture[]) =>
      (['training', 'test'] as const).every((part) => set.some((one) => one.part === part));
    const whole = sets.filter(isWhole);
    const [chosen] = whole.length > 0 ? whole : sets.toSorted((a, b) => b.length - a.length);
    if (whole.length > 1) {
      const names = whole.map((set) => set[0]!.path).join(' and ');
      throw corruptFile(
        'Your pictures',
        'one data set',
        `several, with ${names}`,
        'Choose the folder of one of them.',
      );
    }
    for (const set of sets)
      if (set !== chosen) for (const { path } of set) leaveOut(path, 'not of this data set');
    return chosen!;
  }
}
