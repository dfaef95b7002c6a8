import { describe, expect, it } from 'vitest';
import { smooth } from './smoothing.ts';

const never = (): boolean => false;

describe('smooth', () => {
  it('averages with decreasing weights, starting from the first value', () => {
    expect([...smooth(Float64Array.of(4, 0, 0, 8), 0.5, never)]).toEqual([4, 2, 1, 4.5]);
  });

  it('returns the values unchanged when the weight is 0', () => {
    expect([...smooth(Float64Array.of(4, 0, 8), 0, never)]).toEqual([4, 0, 8]);
  });

  it('restarts where something else is measured', () => {
    const smoothed = smooth(Float64Array.of(1, 1, 9, 9), 0.9, (index) => index === 2);
    expect([...smoothed]).toEqual([1, 1, 9, 9]);
  });
});
