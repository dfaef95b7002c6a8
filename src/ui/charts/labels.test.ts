import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeLabels } from './labels.ts';

describe('placeLabels', () => {
  it('centers a label above its position, or aligns it with the edge when that is nearer', () => {
    const labels = [0, 100, 200].map((at) => ({ at, width: 40, anchor: 'middle' as const }));
    expect(placeLabels(labels, 200)).toEqual([
      { left: 0, row: 0 },
      { left: 80, row: 0 },
      { left: 160, row: 0 },
    ]);
  });

  it('never lets labels overlap or leave the chart', () => {
    const label = fc.record({
      at: fc.integer({ min: 0, max: 300 }),
      width: fc.integer({ min: 10, max: 120 }),
      anchor: fc.constantFrom('middle' as const, 'start' as const),
    });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 8 }), (labels) => {
        const placed = placeLabels(labels, 300);
        placed.forEach(({ left, row }, index) => {
          const right = left + labels[index]!.width;
          expect(left).toBeGreaterThanOrEqual(0);
          expect(right).toBeLessThanOrEqual(300);
          placed.slice(0, index).forEach((other, before) => {
            const otherRight = other.left + labels[before]!.width;
            expect(other.row !== row || right < other.left || left > otherRight).toBe(true);
          });
        });
      }),
    );
  });
});
