import { expect, it } from 'vitest';
import { defaultConfig } from '../../../domain/settings/config.ts';
import { estimateSeconds, estimateSeeds, formatEstimate, workDone } from './estimate.ts';

const config = { ...defaultConfig, trainingSetSize: 6400, batchSize: 64, epochs: 2 };
const progress = {
  step: 100,
  stepsPerEpoch: 100,
  totalSteps: 200,
  trainSeconds: 1,
  samplesPerSecond: 1,
  secondsLeft: null,
};

it('estimates as long as the same work has taken', () => {
  const done = workDone([{ config, progress }]);
  const speed = done / 7; // half of the run took 7 seconds
  expect(estimateSeconds([config], speed)).toBeCloseTo(14);
  expect(estimateSeconds([config, config], speed)).toBeCloseTo(28);
  expect(workDone([{ config, progress: null }])).toBe(0);
});

it('counts more for a larger network and for methods with more passes, but not in proportion', () => {
  const seconds = (changes: object) => estimateSeconds([{ ...config, ...changes }], 1e9);
  const plain = seconds({ hiddenLayers: [100], method: 'plain' });
  expect(seconds({ hiddenLayers: [100], method: 'adversarial' })).toBeGreaterThan(plain);
  const larger = seconds({ hiddenLayers: [1000], method: 'plain' }) / plain;
  expect(larger).toBeGreaterThan(4);
  expect(larger).toBeLessThan(10);
});

it('counts the measurement of each seed, which takes as long as several passes over all test images', () => {
  const plain = { ...config, method: 'plain' as const };
  const [one, three] = [1, 3].map((seeds) => estimateSeeds([plain], seeds, 1e9));
  expect(three).toBeCloseTo(3 * one!);
  // 50 passes of 784-100-10 over 10,000 images.
  const passes = 48 * (784 * 100 + 100 * 10) * 10_000;
  expect(one! - estimateSeconds([plain], 1e9)).toBeCloseTo(passes / 1e9, 1);
});

it.each([
  [0.3, 'about 5 s'],
  [22, 'about 20 s'],
  [54, 'about 55 s'],
  [58, 'about 1 min'],
  [170, 'about 3 min'],
  [3000, 'about 50 min'],
  [3500, 'about 1 h'],
  [5000, 'about 1.5 h'],
  [20_000, 'about 6 h'],
])('says for %f seconds: %s', (seconds, text) => expect(formatEstimate(seconds)).toBe(text));
