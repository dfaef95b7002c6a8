import { describe, expect, it } from 'vitest';
import { findPerturbationGain, paintDigit, paintPerturbation } from './pixels.ts';

describe('paintDigit', () => {
  it('paints grey levels', () => {
    expect([...paintDigit([0, 0.5, 1])]).toEqual([
      0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255,
    ]);
  });
});

describe('paintPerturbation', () => {
  it('paints full colour at ±scale and mid-grey at no change', () => {
    const painted = [...paintPerturbation([0.5, 0.5, 0.5], [0.4, 0.5, 0.6], 0.1)];
    expect(painted).toEqual([0, 62, 120, 255, 128, 128, 128, 255, 255, 186, 66, 255]);
  });

  it('paints mid-grey when nothing can change', () => {
    expect([...paintPerturbation([0.5], [0.5], 0)]).toEqual([128, 128, 128, 255]);
  });
});

describe('findPerturbationGain', () => {
  it('is what takes ε to half the range', () => {
    expect(findPerturbationGain(0.08)).toBeCloseTo(6.25);
    expect(findPerturbationGain(0.5)).toBe(1);
    expect(findPerturbationGain(0)).toBe(1);
  });
});
