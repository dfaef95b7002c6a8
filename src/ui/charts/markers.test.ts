import { describe, expect, it } from 'vitest';
import { runStyles } from '../runStyles.ts';
import { chooseMarked, markerPath } from './markers.ts';

describe('chooseMarked', () => {
  const points = Array.from({ length: 300 }, (_, x) => ({ x, isFull: x % 100 === 50 }));

  it('marks all full measurements that have enough space, and others between them', () => {
    const marked = chooseMarked(points, 1);
    expect(marked.filter(({ isFull }) => isFull).map(({ x }) => x)).toEqual([50, 150, 250]);
    expect(marked.length).toBeGreaterThan(3);
  });

  it('marks a larger part of a line with few points', () => {
    const few = Array.from({ length: 20 }, (_, index) => ({ x: 12 * index, isFull: false }));
    expect(chooseMarked(few, 1)).toEqual(few);
  });

  it('marks the same points for every unit of the axis', () => {
    const inEpochs = points.map(({ x, isFull }) => ({ x: x / 64, isFull }));
    expect(chooseMarked(inEpochs, 1 / 64)).toEqual(
      chooseMarked(points, 1).map(({ x, isFull }) => ({ x: x / 64, isFull })),
    );
  });

  it('keeps marks apart', () => {
    const xs = chooseMarked(points, 1)
      .map(({ x }) => x)
      .sort((a, b) => a - b);
    xs.slice(1).forEach((x, index) => expect(x - xs[index]!).toBeGreaterThanOrEqual(40));
  });
});

describe('markerPath', () => {
  it('draws every mark as a closed shape', () => {
    const paths = runStyles.map(({ marker }) => markerPath(marker, 10, 10, 4));
    expect(new Set(paths).size).toBe(runStyles.length);
    for (const path of paths) expect(path).toMatch(/^M[-\d.,aL ]+Z$/);
  });
});
