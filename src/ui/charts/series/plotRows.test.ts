import { describe, expect, it } from 'vitest';
import { makePlotRows } from './plotRows.ts';
import type { DrawnPoint } from './series.ts';

const linear = { isLogarithmic: false, floor: 0, top: 1 };
const pointsOf = (...ys: readonly number[]): DrawnPoint[] =>
  ys.map((y, x) => ({ x, y, isFull: x === 2 }));

describe('makePlotRows', () => {
  it('leaves a gap between two lines of a run', () => {
    const [a, b, c] = pointsOf(0.1, 0.2, 0.3);
    const { line } = makePlotRows({ lines: [[a!, b!], [c!]], faint: [] }, linear, 0.01);
    expect(line).toEqual([
      { x: 0, y: 0.1, mark: 'first' },
      { x: 1, y: 0.2, mark: 'first' },
      { x: 1, y: null },
      { x: 2, y: 0.3, mark: 'full' },
      { x: 2, y: null },
    ]);
  });

  it('marks no point above the axis', () => {
    const { line } = makePlotRows({ lines: [pointsOf(3, 0.5, 2)], faint: [] }, linear, 0.01);
    expect(line.map(({ mark }) => mark)).toEqual([undefined, 'first', undefined, undefined]);
  });

  it('marks the largest point even if rounding puts it slightly above the axis', () => {
    const { line } = makePlotRows({ lines: [pointsOf(1 + 1e-9)], faint: [] }, linear, 0.01);
    expect(line[0]?.mark).toBe('first');
  });

  it('raises values that a logarithmic axis cannot show to its floor', () => {
    const axis = { isLogarithmic: true, floor: 0.01, top: 1 };
    const { line } = makePlotRows({ lines: [pointsOf(0, 0.5)], faint: [] }, axis, 0.01);
    expect(line[0]?.y).toBe(0.01);
  });

  it('draws faint points without a line, and none above the axis', () => {
    const { faint } = makePlotRows({ lines: [], faint: pointsOf(0.1, 5, 0.2) }, linear, 0.01);
    expect(faint.map(({ y }) => y)).toEqual([0.1, null, 0.2, null]);
  });
});
