import { describe, expect, it } from 'vitest';
import { explainLayers, readLayers, showLayers } from './layersText.ts';

describe('readLayers', () => {
  it.each([
    ['400, 400', [400, 400]],
    ['400,400', [400, 400]],
    ['400-300', [400, 300]],
    ['400x300', [400, 300]],
    ['400 × 300', [400, 300]],
    ['100', [100]],
    ['64 32;16,', [64, 32, 16]],
    ['1, 200', [1, 200]],
    ['1-200', [1, 200]],
    ['none', []],
    [' None ', []],
  ])('reads %j', (text, layers) => {
    expect(readLayers(text)).toEqual(layers);
    expect(explainLayers(text)).toBe('');
  });

  it.each([
    ['', 'The field is empty.'],
    ['100, many', '“many” is not a number.'],
    ['400,,400', 'A number is missing between two commas.'],
    ['1,024', '“1,024” could mean one layer or two: write 1024 or 1-24.'],
    ['400,1,200', '“1,200” could mean one layer or two: write 1200 or 1-200.'],
    ['400, 024', '“024” is not a number of units.'],
    ['1.024', '“1.024” could mean 1024 or 1.024: write one of these.'],
  ])('refuses %j and says why', (text, reason) => {
    expect(explainLayers(text)).toBe(reason);
    if (text !== '') expect(readLayers(text).some(Number.isNaN)).toBe(true);
  });

  it('reads back what is shown', () => {
    for (const layers of [[], [1], [1, 200], [400, 400]]) {
      expect(readLayers(showLayers(layers))).toEqual(layers);
    }
  });
});
