import { expect, it } from 'vitest';
import { describeSeeds, summarizeSeeds } from './seedSummary.ts';

const resultOf = (testError: number, attacked: number) => ({
  epoch: 2,
  trainLoss: 0.1,
  seconds: 1,
  samplesPerSecond: 1,
  validationError: null,
  test: { testError, adversarialError: { '0.08': attacked } },
});

it('has mean and 95 % interval of the last epochs, by Student’s t', () => {
  const errors = [0.0349, 0.0337, 0.0371];
  const summary = summarizeSeeds(
    [1, 2, 3],
    errors.map((error) => resultOf(error, 10 * error)),
  );
  // By hand: mean 3.5233, s 0.17243 (n − 1), t 4.30265 for 2 degrees, so ± 0.42834.
  expect(summary.testError.mean).toBeCloseTo(0.0352333, 7);
  expect(summary.testError.low).toBeCloseTo(0.0309499, 6);
  expect(summary.testError.high).toBeCloseTo(0.0395167, 6);
  expect(summary.adversarialError['0.08']!.low).toBeCloseTo(0.309499, 5);
  expect(describeSeeds(summary)).toBe(
    '3 seeds, mean and 95 % interval by Student’s t: test error 3.52 % (3.09 to 3.95), error under attack at ε 0.08 35.23 % (30.95 to 39.52)',
  );
});

it('has no interval for two seeds, and none beyond 0 and 1', () => {
  const two = summarizeSeeds([1, 2], [resultOf(0.03, 0.3), resultOf(0.05, 0.5)]);
  expect(two.testError).toEqual({ mean: 0.04, low: null, high: null });
  expect(describeSeeds(two)).toMatch(/^2 seeds, mean: test error 4\.00 %, /);
  const wide = summarizeSeeds([1, 2, 3], [resultOf(0, 1), resultOf(0, 1), resultOf(0.09, 0.9)]);
  expect(wide.testError.low).toBe(0);
  expect(wide.testError.high).toBeGreaterThan(0.09);
  expect(wide.adversarialError['0.08']!.high).toBe(1);
});

it('names the seeds that diverged', () => {
  const summary = summarizeSeeds([1, 3], [resultOf(0.03, 0.3), resultOf(0.05, 0.5)], [2, 4]);
  expect(summary).toMatchObject({ seeds: [1, 3], diverged: [2, 4] });
  expect(describeSeeds(summary)).toMatch(/^2 of 4 seeds \(diverged: 2, 4\), mean: test error/);
});

it('has no interval for one seed', () => {
  const summary = summarizeSeeds([7], [{ ...resultOf(0.03, 0.3), validationError: 0.02 }]);
  expect(summary).toEqual({
    seeds: [7],
    testError: { mean: 0.03, low: null, high: null },
    adversarialError: { '0.08': { mean: 0.3, low: null, high: null } },
    validationError: { mean: 0.02, low: null, high: null },
  });
  expect(describeSeeds(summary)).toMatch(/^one seed: test error 3\.00 %, validation error 2\.00 %/);
});
