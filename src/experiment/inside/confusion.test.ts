import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countConfusions, findCellImages, findWorstConfusion, hasDiverged } from './confusion.ts';

const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })));

describe('countConfusions', () => {
  it('counts every image once, with correct predictions on the diagonal', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const labels = Uint8Array.from(list, ([label]) => label);
        const answers = Uint8Array.from(list, ([, answer]) => answer);
        const { counts, total, errors } = countConfusions(labels, answers);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(list.length);
        expect(total).toBe(list.length);
        const diagonal = Array.from({ length: 10 }, (_, digit) => counts[digit * 11]!);
        expect(diagonal.reduce((sum, count) => sum + count, 0)).toBe(total - errors);
        expect(errors).toBe(list.filter(([label, answer]) => label !== answer).length);
        counts.forEach((count, cell) => {
          const images = findCellImages(labels, answers, Math.floor(cell / 10), cell % 10);
          expect(images).toHaveLength(count);
          expect(images.every((i) => labels[i]! * 10 + answers[i]! === cell)).toBe(true);
        });
      }),
    );
  });

  it('finds the most frequent error, or none if all predictions are correct', () => {
    const labels = Uint8Array.of(4, 4, 4, 7, 7, 7, 7);
    const confusion = countConfusions(labels, Uint8Array.of(9, 9, 4, 7, 7, 7, 1));
    expect(findWorstConfusion(confusion)).toEqual({ label: 4, answer: 9, count: 2 });
    expect(findWorstConfusion(countConfusions(labels, labels))).toBeNull();
  });
});

it('recognizes a diverged network by its margins', () => {
  expect(hasDiverged({ margins: Float32Array.of(3, -1) })).toBe(false);
  expect(hasDiverged({ margins: Float32Array.of(3, Number.NaN) })).toBe(true);
});
