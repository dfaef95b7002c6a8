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

/** Ranges of pixels, and how a pixel becomes a gray level: (pixel + shift) · factor. */
const scales = [
  { name: 'from 0 to 1', low: 0, high: 1, shift: 0, factor: 255 },
  { name: 'from 0 to 255', low: 0, high: 255, shift: 0, factor: 1 },
  { name: 'from −1 to 1', low: -1, high: 1, shift: 1, factor: 127.5 },
] as const;
type Scale = (typeof scales)[number];

/** @throws LabError 'data-corrupt' for other ranges */
function findScale(array: DataArray): { scale: Scale; isWhole: boolean } {
  if (array.values instanceof Uint8Array) return { scale: scales[1], isWhole: true };
  const { min, max, isWhole } = rangeOf(array);
  const scale = scales.find(({ low, high }) => min >= low && max <= high);
  if (scale !== undefined) return { scale, isWhole };
  const found = `from ${min.toPrecision(4)} to ${max.toPrecision(4)}`;
  throw corruptFile(array.name, 'pixels from 0 to 255 or from 0 to 1', found, remedy);
}

/**
 * Gray images of the parts, as bytes. Pixels may be 0 to 255, 0 to 1 or −1 to 1, the same in all parts.
 *
 * @throws LabError 'data-corrupt' for color images, for other ranges, and for parts with different ranges
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
  const found = arrays.map(findScale);
  const { name, shift, factor } = found[0]!.scale;
  const other = found.findIndex(({ scale }) => scale.name !== name);
  if (other >= 0) {
    const expected = `pixels ${name}, as in ${arrays[0]!.name}`;
    throw corruptFile(arrays[other]!.name, expected, `pixels ${found[other]!.scale.name}`, remedy);
  }
  if (factor !== 1) note(`Pixels ${name} were read as gray levels from 0 to 255.`);
  else if (found.some(({ isWhole }) => !isWhole))
    note('Pixels were rounded to whole gray levels from 0 to 255.');
  return arrays.map(({ values }, i) => ({
    ...shapes[i]!,
    pixels:
      values instanceof Uint8Array
        ? values
        : Uint8Array.from(values, (value) => Math.round((value + shift) * factor)),
  }));
}
