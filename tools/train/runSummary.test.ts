import { expect, it } from 'vitest';
import { syntheticImages } from '../../src/engine/testing/syntheticImages.ts';
import { parseOptions, type TrainOptions } from './options/options.ts';
import { describeRun } from './runSummary.ts';

const data = { training: syntheticImages(90), validation: null, test: syntheticImages(40) };

function linesOf(...args: string[]): string[] {
  return describeRun(parseOptions(args) as TrainOptions, data, 'SIMD').split('\n');
}

/** The line about images, for a command line. */
function imagesOf(...args: string[]): string | undefined {
  return linesOf(...args).find((line) => line.startsWith('images'));
}

it('says every setting that the run reads', () => {
  const [features, classes] = [data.training.features, data.training.classes];
  expect(linesOf().slice(0, 3)).toEqual([
    `network   ${features}-400-400-${classes}, relu, sigmoid`,
    expect.stringMatching(/^method {4}adversarial, ε 0.08, unclipped/),
    expect.stringMatching(/^training {2}rmsprop, rate 0.0005, decay 0.94, .*50 epochs, seed 1/),
  ]);
  const args = ['--network', 'maxout', '--hidden', '8', '--method', 'pgd', '--epsilon', '8/255'];
  expect(linesOf(...args).slice(0, 2)).toEqual([
    `network   ${features}-8-${classes}, maxout, 2 pieces, sigmoid`,
    'method    pgd, ε 0.0313725, unclipped, 7 steps, step size 0.0112045',
  ]);
});

it('says what was done to the images', () => {
  expect(imagesOf()).toBe('images    90 to train on, 40 to test');
  expect(imagesOf('--data', 'd', '--transpose')).toBe(
    'images    90 to train on, 40 to test, transposed',
  );
  expect(imagesOf('--data', 'd', '--permute', '3', '--transpose')).toBe(
    'images    90 to train on, 40 to test, transposed, pixels permuted (seed 3)',
  );
});
