import { expect, it } from 'vitest';
import { syntheticImages } from '../engine/testing/syntheticImages.ts';
import { parseOptions, type TrainOptions } from './options.ts';
import { describeRun } from './runSummary.ts';

const data = { training: syntheticImages(90), validation: null, test: syntheticImages(40) };

/** The summary's line about images, for a command line. */
function imagesOf(...args: string[]): string | undefined {
  const summary = describeRun(parseOptions(args) as TrainOptions, data, 'SIMD');
  return summary.split('\n').find((line) => line.startsWith('images'));
}

it('says whether the images were transposed or permuted', () => {
  expect(imagesOf()).toBe('images    90 to train on, 40 to test');
  expect(imagesOf('--data', 'd', '--transpose')).toBe(
    'images    90 to train on, 40 to test, transposed',
  );
  expect(imagesOf('--data', 'd', '--permute', '3', '--transpose')).toBe(
    'images    90 to train on, 40 to test, transposed, pixels permuted (seed 3)',
  );
});
