import { corruptFile } from './byteSource.ts';
import {
  type DataArray,
  type ElementType,
  fromFortranOrder,
  type Numbers,
  numbersOf,
} from './dataArray.ts';

/** Most bytes of a header that NumPy reads. */
const maxHeaderBytes = 10_000;
const remedy = 'Save the arrays as numbers, with numpy.savez.';

/** Whether the bytes start like a file of NumPy's. */
export function isNpy(start: Uint8Array): boolean {
  return start[0] === 0x93 && new TextDecoder().decode(start.subarray(1, 6)) === 'NUMPY';
}

/** Where the data begin, and the header's text (NEP 1: versions 1 to 3). */
function readHeader(bytes: Uint8Array, name: string): { header: string; start: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isShort = bytes[6] === 1;
  const first = isShort ? 10 : 12;
  if (bytes.length < first) throw corruptFile(name, 'a whole array of NumPy', 'its end', remedy);
  const start = first + (isShort ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start - first > maxHeaderBytes) {
    const expected = `a header of at most ${maxHeaderBytes.toLocaleString('en-US')} bytes`;
    throw corruptFile(name, expected, `one of ${start - first}`, remedy);
  }
  return { header: new TextDecoder('latin1').decode(bytes.subarray(first, start)), start };
}

/** 64-bit integers as 32-bit ones. */
function narrow(bytes: Uint8Array, isLittle: boolean, name: string): Int32Array {
  const halves = numbersOf(bytes, 'i4', isLittle);
  const low = isLittle ? 0 : 1;
  const values = new Int32Array(halves.length / 2);
  for (let i = 0; i < values.length; i++) {
    const value = halves[2 * i + low]!;
    if (halves[2 * i + 1 - low] !== (value < 0 ? -1 : 0)) {
      throw corruptFile(name, 'numbers of pixels and classes', 'larger ones', remedy);
    }
    values[i] = value;
  }
  return values;
}

/** Half-precision floats. */
function widen(bytes: Uint8Array, isLittle: boolean): Float32Array {
  return Float32Array.from(numbersOf(bytes, 'u2', isLittle), (bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
    if (exponent === 31) return fraction ? NaN : sign * Infinity;
    return (
      sign *
      (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : (2 ** -14 * fraction) / 1024)
    );
  });
}

/**
 * Reads an array that NumPy saved: numbers of any type and order.
 *
 * @throws LabError 'data-corrupt' saying what was expected and what was found
 */
export function parseNpy(bytes: Uint8Array, name: string): DataArray {
  const { header, start } = readHeader(bytes, name);
  const [, byteOrder, type] = /'descr': *'([<>|=])([a-zA-Z]\d+)'/.exec(header) ?? [];
  const [, order] = /'fortran_order': *(True|False)/.exec(header) ?? [];
  const [, sizes] = /'shape': *\(([\d, ]*)\)/.exec(header) ?? [];
  if (type === undefined || sizes === undefined || !/^([uif][1248]|b1)$/.test(type)) {
    const found = /'descr': *('[^']{1,20}'|\[)/.exec(header)?.[1] ?? 'another header';
    const what = found === "'|O'" ? 'Python objects' : found;
    throw corruptFile(name, 'an array of numbers', what, remedy);
  }
  const shape = sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : Number(size)));
  if (shape.includes(0)) {
    const found = `an empty array, of ${shape.join(' × ')}`;
    throw corruptFile(name, 'an array with numbers in it', found, remedy);
  }
  const length = shape.reduce((product, size) => product * size, Number(type.slice(1)));
  const data = bytes.subarray(start);
  if (data.length !== length) {
    throw corruptFile(
      name,
      `${length} bytes of numbers`,
      String(data.length),
      'Download it again.',
    );
  }
  const isLittle = byteOrder !== '>';
  const values = readValues(data, type, isLittle, name);
  const isFortran = order === 'True' && shape.length > 1;
  return { name, shape, values: isFortran ? fromFortranOrder(values, shape) : values };
}

function readValues(data: Uint8Array, type: string, isLittle: boolean, name: string): Numbers {
  if (type === 'i8' || type === 'u8') return narrow(data, isLittle, name);
  if (type === 'f2') return widen(data, isLittle);
  if (type === 'b1') return Uint16Array.from(data); // not bytes, which are gray levels
  return numbersOf(data, type as ElementType, isLittle);
}
