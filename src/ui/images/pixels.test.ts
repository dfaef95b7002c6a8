import { describe, expect, it } from 'vitest';
import { findPerturbationGain, paintDigit, paintPerturbation, sideOf } from './pixels.ts';

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

describe('images in colour', () => {
  const pixels = new Float32Array(3 * 32 * 32);
  pixels[0] = 1; // red
  pixels[1024 + 1] = 0.5; // green, of the next one
  pixels[2048 + 1] = 1; // and its blue

  it('are painted from their three channels, 32 pixels wide', () => {
    const bytes = paintDigit(pixels);
    expect([...bytes.subarray(0, 8)]).toEqual([255, 0, 0, 255, 0, 128, 255, 255]);
    expect(sideOf(bytes)).toBe(32);
  });

  it('show what was added to each channel and taken from it', () => {
    const after = pixels.slice();
    after[0] = 0.9;
    after[1024] = 0.1;
    const bytes = paintPerturbation(pixels, after, 0.1);
    expect([...bytes.subarray(0, 4)]).toEqual([0, 255, 128, 255]);
  });
});
