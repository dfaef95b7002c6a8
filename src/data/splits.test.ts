import { describe, expect, it } from 'vitest';
import type { ImageSet } from './imageSet.ts';
import { splitTraining } from './splits.ts';

/** 60,000 images of two pixels that encode the index of the image. */
const all: ImageSet = {
  pixels: Uint8Array.from({ length: 120_000 }, (_, i) => (i % 2 === 0 ? i >>> 1 : i >>> 9)),
  labels: Uint8Array.from({ length: 60_000 }, (_, i) => i % 10),
  count: 60_000,
  features: 2,
  classes: 10,
};

function firstPixels({ pixels }: ImageSet): number[] {
  return [...pixels.subarray(0, 2)];
}

function numberOf([low, high]: number[]): number {
  return low! + 256 * high!;
}

describe('splitTraining', () => {
  it('trains on the first images', () => {
    const { training, validation } = splitTraining(all, {
      trainingSetSize: 1000,
      holdOutValidation: false,
    });
    expect(validation).toBeNull();
    expect(training.count).toBe(1000);
    expect(training.labels).toEqual(all.labels.subarray(0, 1000));
    expect(training.pixels.length).toBe(2000);
    expect(numberOf(firstPixels(training))).toBe(0);
  });

  it('holds out the last 10,000 images for any training set size', () => {
    for (const trainingSetSize of [1000, 50_000]) {
      const { training, validation } = splitTraining(all, {
        trainingSetSize,
        holdOutValidation: true,
      });
      expect(training.count).toBe(trainingSetSize);
      expect(validation?.count).toBe(10_000);
      expect(validation?.labels.length).toBe(10_000);
      expect(numberOf(firstPixels(validation!))).toBe(50_000);
    }
  });

  it('never trains on a validation image', () => {
    const { training } = splitTraining(all, { trainingSetSize: 60_000, holdOutValidation: true });
    expect(training.count).toBe(50_000);
  });

  it('copies nothing', () => {
    const { training, validation } = splitTraining(all, {
      trainingSetSize: 50_000,
      holdOutValidation: true,
    });
    expect(training.pixels.buffer).toBe(all.pixels.buffer);
    expect(validation?.labels.buffer).toBe(all.labels.buffer);
  });
});
