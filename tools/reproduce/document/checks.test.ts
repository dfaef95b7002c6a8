import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../../src/domain/reproduction.ts';
import { writeDocument } from './document.ts';
import type { Job } from '../jobs.ts';
import { summaryOf } from '../plans/studies.ts';
import { signedPoints, studyChecksOf } from './checks.ts';
import { findingsWith, resultOf } from '../testing/syntheticResults.ts';

/** Results with a number of wrong images of 10,000 for each entry and seed; null for a run that was not made. */
function findingsOf(images: (entry: string, seed: number) => number | null) {
  return findingsWith((job: Job): RunResult | null => {
    const wrong = images(job.entry, job.config.seed);
    return wrong === null ? null : resultOf(job, wrong);
  });
}

function outcomesOf(images: (entry: string, seed: number) => number | null) {
  const checks = studyChecksOf(summaryOf(findingsOf(images)));
  return checks.map(({ outcome, found }) => [outcome, found] as const);
}

describe('the checks of permuted pixels', () => {
  const around = (seed: number) => (seed % 2 === 0 ? 10 : -10);

  it('are met if means differ by less than single runs do, and missed if they differ by more', () => {
    const near = outcomesOf((entry, seed) =>
      entry.startsWith('permuted') ? 402 + around(seed) : 400 + around(seed),
    );
    expect(near[0]).toEqual([
      'met',
      '+0.02 ± 0.05 points (standard error), 95 % interval −0.08 to +0.12, 10 + 10 seeds',
    ]);
    const far = outcomesOf((entry, seed) =>
      entry.startsWith('permuted') ? 420 + around(seed) : 400 + around(seed),
    );
    expect(far[0]![0]).toBe('missed');
    expect(far[1]![0]).toBe('missed');
  });

  it('are not decided while a seed is missing', () => {
    const [first] = outcomesOf((entry, seed) =>
      entry === 'permuted-adversarial' && seed === 10 ? null : 400 + around(seed),
    );
    expect(first![0]).toBe('not run yet');
    expect(first![1]).toContain('10 + 9 seeds');
  });
});

describe('the checks of CIFAR-10’s sample', () => {
  /** Gains that vary by seed around a mean, with the same plain error. */
  const withGains = (gains: Readonly<Record<string, number>>) => (entry: string, seed: number) => {
    const gain = gains[entry.replace('cifar10-', '')];
    return entry.startsWith('cifar10-')
      ? 5500 - (gain === undefined ? 0 : gain + 10 * seed - 30)
      : 400;
  };

  it('pair by seed, and distinguish a gain from none', async () => {
    const images = withGains({ dropout: 100, adversarial: 5, noise: 0 });
    const [dropout, abp, between] = outcomesOf(images).slice(2);
    expect(dropout).toEqual([
      'met',
      'gain +1.00 ± 0.07 points (standard error), 95 % interval +0.80 to +1.20, 5 pairs',
    ]);
    expect(abp![0]).toBe('not decided');
    // 0.95 points apart with every seed.
    expect(between![0]).toBe('missed');
    const text = (await writeDocument(findingsOf(images))).replace(/\s+/g, ' ');
    expect(text).toContain('Dropout is better than plain by 1.00 points, beyond the spread');
    expect(text).toContain('ABP: no gain over plain is shown (+0.05 points');
    expect(text).toContain('Dropout is better than ABP by 0.95 points');
    expect(text).toContain('| dropout | no attack | +0.8, +0.9, +1.0, +1.1, +1.2 | +1.00 ± 0.07 |');
  });

  it('report when a method is worse', async () => {
    const images = withGains({ dropout: -100, adversarial: -100, noise: 0 });
    const text = (await writeDocument(findingsOf(images))).replace(/\s+/g, ' ');
    expect(text).toContain('Dropout is worse than plain by 1.00 points');
    expect(text).toContain('ABP and dropout cannot be distinguished (0.00 points between them)');
    expect(outcomesOf(images).map(([outcome]) => outcome)).toEqual([
      'met',
      'met',
      'missed',
      'missed',
      'not decided',
    ]);
  });
});

describe('signedPoints', () => {
  it('writes a sign, except for zero', () => {
    expect(signedPoints(0.0123)).toBe('+1.23');
    expect(signedPoints(-0.0123)).toBe('−1.23');
    expect(signedPoints(0)).toBe('0.00');
    expect(signedPoints(-0.000001)).toBe('0.00');
  });
});
