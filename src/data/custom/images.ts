import { corruptFile } from './byteSource.ts';
import { type DataArray, rangeOf } from './dataArray.ts';
import type { IdxImages } from '../idx.ts';

const remedy = 'Choose gray images, with pixels from 0 to 255 or from 0 to 1.';

/** Number and size of the images in an array; null if it is something else. */
export function imageShapeOf({
  shape,
}: DataArray): { count: number; rows: number; columns: number } | null {
  const [count = 0, ...rest] = shape;
  const sizes = shape.length === 4 ? dropOne(rest) : rest;
  if (sizes.length === 2) return { count, rows: sizes[0]!, columns: sizes[1]! };
  if (sizes.length !== 1) return null;
  const side = Math.sqrt(sizes[0]!);
  return Number.isInteger(side) ? { count, rows: side, columns: side } : null;
}

/** Without the dimension of the channels, if there is one channel, first or last. */
function dropOne(sizes: readonly number[]): readonly number[] {
  if (sizes[2] === 1) return sizes.slice(0, 2);
  return sizes[0] === 1 ? sizes.slice(1) : sizes;
}

/**
 * Gray images of the parts, as bytes. Pixels may be 0 to 255, 0 to 1 or −1 to 1; the range is that of all parts.
 *
 * @throws LabError 'data-corrupt' for color images and for other ranges
 */
export function readImages(
  arrays: readonly DataArray[],
  note: (text: string) => void,
): IdxImages[] {
  const shapes = arrays.map((array) => {
    const shape = imageShapeOf(array);
    if (shape !== null) return shape;
    const expected = 'gray images, as rows and columns';
    throw corruptFile(array.name, expected, `an array of ${array.shape.join(' × ')}`, remedy);
  });
  const ranges = arrays.map(({ values }) =>
    values instanceof Uint8Array ? null : rangeOf(values),
  );
  const [min, max] = [
    Math.min(...ranges.map((range) => range?.min ?? 0)),
    Math.max(...ranges.map((range) => range?.max ?? 255)),
  ];
  const isWithin = (low: number, high: number): boolean => min >= low && max <= high;
  const [shift, factor] = isWithin(0, 1) ? [0, 255] : isWithin(0, 255) ? [0, 1] : [1, 127.5];
  if (!isWithin(0, 255) && !isWithin(-1, 1)) {
    const found = `from ${min.toPrecision(4)} to ${max.toPrecision(4)}`;
    throw corruptFile(arrays[0]!.name, 'pixels from 0 to 255 or from 0 to 1', found, remedy);
  }
  if (factor !== 1)
    note(`Pixels from ${shift === 0 ? '0' : '−1'} to 1 were read as gray levels from 0 to 255.`);
  else if (ranges.some((range) => range?.isWhole === false))
    note('Pixels were rounded to whole gray levels from 0 to 255.');
  return arrays.map(({ values }, i) => ({
    ...shapes[i]!,
    pixels:
      values instanceof Uint8Array
        ? values
        : Uint8Array.from(values, (value) => Math.round((value + shift) * factor)),
  }));
}
