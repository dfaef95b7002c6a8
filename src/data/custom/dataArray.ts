import { corruptFile } from './byteSource.ts';

/** Numbers of a file, as they are in it. */
export type Numbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** An array of a file: an IDX file, one of NumPy's, or the columns of a table. */
export interface DataArray {
  /** The path of its file; an archive's path comes first. */
  readonly name: string;
  readonly shape: readonly number[];
  /** In C order: the last index changes fastest. */
  readonly values: Numbers;
}

const types = {
  u1: Uint8Array,
  i1: Int8Array,
  u2: Uint16Array,
  i2: Int16Array,
  u4: Uint32Array,
  i4: Int32Array,
  f4: Float32Array,
  f8: Float64Array,
} as const;
export type ElementType = keyof typeof types;

export function sizeOf(type: ElementType): number {
  return types[type].BYTES_PER_ELEMENT;
}

/** The numbers in bytes; a view of them if their order and place in memory allow it. */
export function numbersOf(bytes: Uint8Array, type: ElementType, isLittleEndian: boolean): Numbers {
  const size = sizeOf(type);
  const count = bytes.length / size;
  if (size === 1) return new types[type](bytes.buffer as ArrayBuffer, bytes.byteOffset, count);
  const own = isLittleEndian && bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  if (!isLittleEndian) {
    for (let at = 0; at < own.length; at += size) own.subarray(at, at + size).reverse();
  }
  return new types[type](own.buffer as ArrayBuffer, own.byteOffset, count);
}

/** @throws nothing: the result has the same numbers in C order, the last index fastest */
export function fromFortranOrder(values: Numbers, shape: readonly number[]): Numbers {
  const ordered = values.slice();
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  const index = shape.map(() => 0);
  let from = 0;
  for (let at = 0; at < ordered.length; at++) {
    ordered[at] = values[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return ordered;
}

/** @throws LabError 'data-corrupt' if a value is not a number or not finite */
export function rangeOf({ name, values }: DataArray): {
  min: number;
  max: number;
  isWhole: boolean;
} {
  let [min, max, isWhole] = [Infinity, -Infinity, true];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      const place = `${value} in place ${(i + 1).toLocaleString('en-US')}`;
      throw corruptFile(name, 'numbers only', place, 'Replace it by a number.');
    }
    if (value < min) min = value;
    if (value > max) max = value;
    isWhole &&= Number.isInteger(value);
  }
  return { min, max, isWhole };
}
