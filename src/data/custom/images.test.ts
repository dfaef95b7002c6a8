import { describe, expect, it } from 'vitest';
import type { DataArray, Numbers } from './dataArray.ts';
import { readImages } from './images.ts';
import { readLabels } from './labels.ts';

const ignore = () => undefined;
const arrayOf = (values: Numbers, name = 'images.npy'): DataArray => ({
  name,
  shape: [values.length / 4, 2, 2],
  values,
});
const [bytes, unit] = [
  arrayOf(Uint8Array.of(0, 1, 254, 255), 'bytes.npy'),
  arrayOf(Float32Array.of(0, 0.2, 0.4, 1), 'unit.npy'),
];
const signed = arrayOf(Float32Array.of(-1, 0, 0.5, 1), 'signed.npy');

describe('pixels', () => {
  it.each([
    ['NaN', NaN],
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
  ])('are refused if one is %s, wherever it is', (name, wrong) => {
    for (const place of [0, 5, 7]) {
      const values = Float32Array.of(1, 2, 3, 200, 4, 5, 6, 9);
      values[place] = wrong;
      expect(() => readImages([arrayOf(values)], ignore)).toThrow(
        `images.npy: expected numbers only, found ${name} in place ${place + 1}.`,
      );
    }
  });

  it('below 0 do not hide behind a NaN', () => {
    const values = Float32Array.of(9, 9, 9, -7, 9, NaN, 9, 200);
    expect(() => readImages([arrayOf(values)], ignore)).toThrow('found NaN in place 6');
  });

  it.each<[string, DataArray, DataArray, string]>([
    ['0 to 1 beside bytes', unit, bytes, 'bytes.npy: expected pixels from 0 to 1, as in unit.npy'],
    ['bytes beside 0 to 1', bytes, unit, 'unit.npy: expected pixels from 0 to 255, as in bytes'],
    ['−1 to 1 beside 0 to 1', signed, unit, 'unit.npy: expected pixels from −1 to 1, as in signed'],
  ])('%s are refused, and both are named', (_, training, test, message) => {
    expect(() => readImages([training, test], ignore)).toThrow(message);
  });

  it('of one range in both parts are read', () => {
    const read = (...arrays: DataArray[]) =>
      readImages(arrays, ignore).map(({ pixels }) => [...pixels]);
    const other = arrayOf(Int32Array.of(0, 7, 8, 255));
    expect(read(bytes, other)).toEqual([
      [0, 1, 254, 255],
      [0, 7, 8, 255],
    ]);
    expect(read(unit, unit)[1]).toEqual([0, 51, 102, 255]);
    expect(read(signed, signed)[0]).toEqual([0, 128, 191, 255]);
  });
});

describe('labels', () => {
  it('are refused if one is NaN', () => {
    const array = { name: 'labels.npy', shape: [3], values: Float32Array.of(1, NaN, 2) };
    expect(() => readLabels(array, ignore)).toThrow('labels.npy: expected numbers only, found NaN');
  });
});
