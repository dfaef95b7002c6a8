import { expect, it } from 'vitest';
import { makeHistogramRows } from './histogramRows.ts';

it('has a step for every bin and begins and ends at the floor', () => {
  const bins = { from: -1, width: 0.5, count: 3 };
  const rows = makeHistogramRows(
    bins,
    Float64Array.of(0.2, 0.5, 0.3),
    Float64Array.of(0.6, 0.4, 0),
  );
  expect(rows).toEqual([
    { x: -1, clean: 0, attacked: 0 },
    { x: -1, clean: 0.2, attacked: 0.6 },
    { x: -0.5, clean: 0.5, attacked: 0.4 },
    { x: 0, clean: 0.3, attacked: 0 },
    { x: 0.5, clean: 0.3, attacked: 0 },
    { x: 0.5, clean: 0, attacked: 0 },
  ]);
});
