import { describe, expect, it } from 'vitest';
import { smooth } from './smoothing.ts';

const never = (): boolean => false;

describe('smooth', () => {
  it('averages with falling weights, from the first value on', () => {
    expect([...smooth(Float64Array.of(4, 0, 0, 8), 0.5, never)]).toEqual([4, 2, 1, 4.5]);
  });

  it('leaves values alone without weight', () => {
    expect([...smooth(Float64Array.of(4, 0, 8), 0, never)]).toEqual([4, 0, 8]);
  });

  it('begins anew where another thing is measured', () => {
    const smoothed = smooth(Float64Array.of(1, 1, 9, 9), 0.9, (index) => index === 2);
    expect([...smoothed]).toEqual([1, 1, 9, 9]);
  });
});
