import { describe, expect, it } from 'vitest';
import { makeLines, maxDrawnPoints } from './series.ts';

const count = 10_000;
const xs = Float64Array.from({ length: count }, (_, index) => index / 100);
const ys = Float64Array.from({ length: count }, (_, index) => Math.abs(Math.sin(index * index)));
const input = { xs, ys, isFull: () => false, isBreak: () => false, smoothing: 0 };

describe('makeLines', () => {
  it('draws no more points than a chart can show', () => {
    const { lines, faint } = makeLines(input);
    expect(lines.flat().length).toBeLessThanOrEqual(maxDrawnPoints);
    expect(faint).toEqual([]);
  });

  it('divides the points between smoothed lines and the measured values beneath', () => {
    const { lines, faint } = makeLines({ ...input, smoothing: 0.9 });
    expect(lines.flat().length + faint.length).toBeLessThanOrEqual(maxDrawnPoints);
    const highest = (points: readonly { y: number }[]) => Math.max(...points.map(({ y }) => y));
    expect(highest(faint)).toBe(Math.max(...ys));
    expect(highest(lines.flat().slice(20))).toBeLessThan(highest(faint));
  });

  it('breaks the line even if the first point after the break is not drawn', () => {
    const isBreak = (index: number): boolean => index === 5003;
    const { lines } = makeLines({ ...input, isBreak });
    expect(lines.length).toBe(2);
    expect(lines[0]!.at(-1)!.x).toBeLessThan(xs[5003]!);
    expect(lines[1]![0]!.x).toBeGreaterThanOrEqual(xs[5003]!);
  });

  it('draws nothing for an empty series', () => {
    const none = new Float64Array();
    expect(makeLines({ ...input, xs: none, ys: none })).toEqual({ lines: [], faint: [] });
  });
});
