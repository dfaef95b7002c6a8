import { ownClassCount } from '../../domain/dataSet.ts';
import { corruptFile } from './byteSource.ts';
import { type DataArray, rangeOf } from './dataArray.ts';

const remedy = 'Choose labels that are whole numbers, one for each image.';

/** The classes of the images of a part, as in its file. */
export interface Labels {
  readonly name: string;
  readonly values: Int32Array;
}

/** Whether every row has a single 1 and otherwise 0. */
function isOneHot({ shape, values }: DataArray): boolean {
  const columns = shape[1]!;
  if (columns < 2 || columns > ownClassCount.max) return false;
  for (let from = 0; from < values.length; from += columns) {
    let ones = 0;
    for (let i = from; i < from + columns; i++) {
      if (values[i] === 1) ones++;
      else if (values[i] !== 0) return false;
    }
    if (ones !== 1) return false;
  }
  return true;
}

/** How labels are stored in an array of two dimensions; null if it is something else. */
function findLayout(array: DataArray): 'single' | 'one-hot' | 'first' | null {
  const { shape, values } = array;
  if (shape.length === 1) return 'single';
  if (shape.length !== 2) return null;
  if (shape[1] === 1) return 'single';
  if (isOneHot(array)) return 'one-hot';
  // QMNIST's: class, series, writer, index in the series, code of the class, file, index in it, twice.
  return shape[1] === 8 && values instanceof Int32Array ? 'first' : null;
}

export function isLabels(array: DataArray): boolean {
  return findLayout(array) !== null;
}

/**
 * Labels of an array: one number for an image, a row with a single 1, or QMNIST's eight numbers, of which the first is
 * the class.
 *
 * @throws LabError 'data-corrupt' if they are not whole numbers
 */
export function readLabels(array: DataArray, note: (text: string) => void): Labels {
  const { name, shape, values } = array;
  const layout = findLayout(array);
  const { min, max, isWhole } = rangeOf(array);
  if (!isWhole || Math.max(-min, max) > 0x7fff_ffff) {
    throw corruptFile(name, 'whole numbers', 'other numbers', remedy);
  }
  const columns = shape[1] ?? 1;
  const labels = new Int32Array(shape[0]!);
  for (let i = 0; i < labels.length; i++) {
    labels[i] =
      layout === 'one-hot'
        ? values.subarray(i * columns, (i + 1) * columns).indexOf(1)
        : values[i * columns]!;
  }
  if (layout === 'first')
    note(`${name} has ${columns} numbers for each image; the first is the class.`);
  if (layout === 'one-hot')
    note(`${name} has a row of 0 and 1 for each image; the place of the 1 is the class.`);
  return { name, values: labels };
}

/** The classes that occur in the parts, and each part's labels as their places, 0 to n − 1. */
export interface Classes {
  /** The values in the files, ascending. */
  readonly values: readonly number[];
  readonly labels: readonly Uint8Array[];
}

/** @throws LabError 'data-corrupt' if there are too few or too many classes */
export function findClasses(parts: readonly Labels[]): Classes {
  const found = new Set<number>();
  for (const { name, values } of parts) {
    for (const value of values) found.add(value);
    if (found.size > ownClassCount.max) {
      const expected = `labels of ${ownClassCount.min} to ${ownClassCount.max} classes`;
      throw corruptFile(name, expected, 'more', remedy);
    }
  }
  const values = [...found].toSorted((a, b) => a - b);
  if (values.length < ownClassCount.min) {
    const expected = `labels of ${ownClassCount.min} to ${ownClassCount.max} classes`;
    throw corruptFile(parts[0]!.name, expected, `only label ${values[0]}`, remedy);
  }
  const places = new Map(values.map((value, place) => [value, place]));
  return {
    values,
    labels: parts.map((part) => Uint8Array.from(part.values, (value) => places.get(value)!)),
  };
}

/**
 * Whether images of a class follow each other, so that a part of them would hold few classes: labels change less than
 * half as often from one image to the next as in a random order.
 */
export function isInOrder(labels: Uint8Array): boolean {
  const counts = new Float64Array(256);
  let changes = 0;
  labels.forEach((label, i) => {
    counts[label]!++;
    if (i > 0 && label !== labels[i - 1]) changes++;
  });
  const same = counts.reduce((sum, count) => sum + (count / labels.length) ** 2, 0);
  return changes < (labels.length * (1 - same)) / 2;
}
