import { describe, expect, it } from 'vitest';
import { findPerturbationGain, paintDigit, paintPerturbation, sideOf } from './pixels.ts';

describe('paintDigit', () => {
  it('paints gray levels', () => {
    expect([...paintDigit([0, 0.5, 1])]).toEqual([
      0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255,
    ]);
  });
});

describe('paintPerturbation', () => {
  it('paints full color at ±scale and mid-gray where nothing changed', () => {
    const painted = [...paintPerturbation([0.5, 0.5, 0.5], [0.4, 0.5, 0.6], 0.1)];
    expect(painted).toEqual([0, 62, 120, 255, 128, 128, 128, 255, 255, 186, 66, 255]);
  });

  it('paints mid-gray when the scale is 0', () => {
    expect([...paintPerturbation([0.5], [0.5], 0)]).toEqual([128, 128, 128, 255]);
  });
});

describe('findPerturbationGain', () => {
  it('is the factor that scales ε to half the range', () => {
    expect(findPerturbationGain(0.08)).toBeCloseTo(6.25);
    expect(findPerturbationGain(0.5)).toBe(1);
    expect(findPerturbationGain(0)).toBe(1);
  });
});

describe('images in color', () => {
  const pixels = new Float32Array(3 * 32 * 32);
  pixels[0] = 1; // red
  pixels[1024 + 1] = 0.5; // green of the next pixel
  pixels[2048 + 1] = 1; // blue of the same pixel

  it('are painted from their three channels with a width of 32 pixels', () => {
    const bytes = paintDigit(pixels);
    expect([...bytes.subarray(0, 8)]).toEqual([255, 0, 0, 255, 0, 128, 255, 255]);
    expect(sideOf(bytes)).toBe(32);
  });

  it('show what was added to and removed from each channel', () => {
    const after = pixels.slice();
    after[0] = 0.9;
    after[1024] = 0.1;
    const bytes = paintPerturbation(pixels, after, 0.1);
    expect([...bytes.subarray(0, 4)]).toEqual([0, 255, 128, 255]);
  });
});
