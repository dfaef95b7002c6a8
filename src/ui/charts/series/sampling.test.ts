import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleExtremes } from './sampling.ts';

describe('sampleExtremes', () => {
  it('keeps all values while there are few', () => {
    expect(sampleExtremes(Float64Array.of(3, 1, 2), 8)).toEqual([0, 1, 2]);
  });

  it('keeps the first, last, smallest and largest values in order, and no more values than allowed', () => {
    const most = fc.integer({ min: 8, max: 400 });
    const values = fc.float64Array({ maxLength: 3000, noNaN: true });
    fc.assert(
      fc.property(values, most, (all, limit) => {
        const kept = sampleExtremes(all, limit);
        expect(kept.length).toBeLessThanOrEqual(limit);
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        if (all.length === 0) return;
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(all.length - 1);
        const drawn = kept.map((index) => all[index]!);
        expect(Math.max(...drawn)).toBe(Math.max(...all));
        expect(Math.min(...drawn)).toBe(Math.min(...all));
      }),
    );
  });

  it('keeps the choice of older points while values are added', () => {
    const values = Float64Array.from({ length: 5000 }, (_, index) => Math.sin(index * index));
    const before = sampleExtremes(values.subarray(0, 4800), 300).filter((index) => index < 4700);
    const after = sampleExtremes(values, 300).filter((index) => index < 4700);
    expect(after.filter((index) => !before.includes(index)).length).toBeLessThanOrEqual(3);
  });
});
