import { describe, expect, it } from 'vitest';
import type { Measurement } from './measure.ts';
import { comparisons, formatSetting, timesSimd } from './report.ts';
import { median } from './statistics.ts';

function measurement(
  name: Measurement['name'],
  threads: number | null,
  method: Measurement['method'],
  milliseconds: number,
): Measurement {
  return { name, threads, method, milliseconds, blocks: [], gflops: 12.34, difference: 3e-7 };
}

const all = [
  measurement('simd', 1, 'adversarial', 8),
  measurement('simd', 2, 'adversarial', 5),
  measurement('simd', 1, 'plain', 4),
  measurement('jax-js', 1, 'adversarial', 24),
  measurement('jax-js', 2, 'adversarial', 20),
  measurement('webgl', null, 'adversarial', 100),
];

describe('the report of the bench', () => {
  it('compares contenders with simd on the same number of threads and the same method', () => {
    expect(all.map((measurement) => timesSimd(measurement, all))).toEqual([
      null,
      null,
      null,
      3,
      4,
      20,
    ]);
  });

  it('states the gain from threads and the cost of ABP', () => {
    expect(comparisons(all)).toEqual([
      'simd 2 threads, adversarial: 1.60 times as fast as with one',
      'jax-js 2 threads, adversarial: 1.20 times as fast as with one',
      'webgl, adversarial: 0.08 times as fast as simd 1 thread',
      'simd 1 thread: ABP costs 2.00 plain steps',
    ]);
  });

  it('is a table', () => {
    const text = formatSetting({ hiddenLayers: [4, 5], batchSize: 6, measurements: all });
    expect(text).toContain('784-4-5-10, batch 6');
    expect(text).toMatch(/jax-js 2 threads +20\.00 +12\.3 +4\.00 +3e-7/);
  });

  it('computes medians', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
});
