import { describe, expect, it } from 'vitest';
import { packMistakes } from '../../../src/domain/mistakes.ts';
import type { Robustness, RunResult } from '../../../src/domain/reproduction.ts';
import type { Job } from '../jobs.ts';
import { findingsWith, resultOf } from '../testing/syntheticResults.ts';
import { claimsOf } from './claims.ts';
import { writeDocument } from './document.ts';
import { signedPoints } from './numbers.ts';

/** Results with a number of wrong images of 10,000 for each entry and seed; null for a run that was not made. */
function findingsOf(images: (entry: string, seed: number) => number | null) {
  return findingsWith((job: Job): RunResult | null => {
    const wrong = images(job.entry, job.config.seed);
    return wrong === null ? null : resultOf(job, wrong);
  });
}

function claimOf(name: string, images: (entry: string, seed: number) => number | null) {
  const { outcome, found } = claimsOf(findingsOf(images)).find(({ claim }) =>
    claim.startsWith(name),
  )!;
  return [outcome, found] as const;
}

const below = 'ReLU 2 × 1600: ABP’s test error is below';
const figure = 'ReLU 2 × 1600, ABP: a mean test error of at most';

describe('a claim that ABP’s error is below plain’s', () => {
  /** Plain has 140 wrong images and ABP as many as it gains fewer, by seed. */
  const withGains = (gains: readonly number[]) => (entry: string, seed: number) => {
    if (entry === 'relu1600-plain') return 140;
    if (entry !== 'relu1600-adversarial') return null;
    const gain = gains[seed - 1];
    return gain === undefined ? null : 140 - gain;
  };

  it('is decided by the interval over pairs of one seed', () => {
    // Mean 60, s = √250, and t = 2.7764 for four degrees of freedom: 60 ± 19.63 images.
    expect(claimOf(below, withGains([40, 50, 60, 70, 80]))).toEqual([
      'met',
      '0.80 % with ABP, 1.40 % with plain, 5 seeds; a gain of +0.60 points, 95 % interval +0.40 to +0.80',
    ]);
    expect(claimOf(below, withGains([-40, -50, -60, -70, -80]))[0]).toBe('missed');
    expect(claimOf(below, withGains([-20, 30, 10, -10, 0]))[0]).toBe('not decided');
    expect(claimOf(below, withGains([0, 0, 0, 0, 0]))[0]).toBe('not decided');
  });

  it('has no outcome before all seeds are finished', () => {
    expect(claimOf(below, withGains([40, 50, 60, 70]))).toEqual([
      'in progress',
      '0.85 % with ABP, 1.40 % with plain, 4 of 5 seeds',
    ]);
    expect(claimOf(below, withGains([]))).toEqual(['not run yet', '']);
  });

  it('counts the images that only one of the two misclassifies', () => {
    const flags = (first: number, count: number) =>
      packMistakes(
        Uint8Array.from({ length: 10_000 }, (_, i) => +(i >= first && i < first + count)),
      );
    const foundWith = (keptSeeds: number): string => {
      const findings = findingsWith((job) => {
        const images = withGains([61, 61, 61, 61, 61])(job.entry, job.config.seed);
        if (images === null) return null;
        const result = resultOf(job, images);
        if (job.config.seed > keptSeeds) return result;
        // 89 and 28 images apart.
        const mistakes = job.entry === 'relu1600-plain' ? flags(0, 140) : flags(89, 79);
        return { ...result, last: { ...result.last, mistakes } };
      });
      return claimsOf(findings).find(({ claim }) => claim.startsWith(below))!.found;
    };
    expect(foundWith(5)).toContain(
      'McNemar’s test favors ABP (p < 0.05) in 5 of 5 pairs of networks with the same seed',
    );
    // 61 ± 1.96 · √(117 − 0.61 · 0.61) images: the seeds do not vary.
    expect(foundWith(5)).toContain('95 % interval over seeds and test images +0.40 to +0.82');
    expect(foundWith(2)).toContain('in 2 of 2 pairs');
    expect(foundWith(2)).not.toContain('over seeds and test images');
  });
});

describe('a claim that a figure of the paper is reached', () => {
  const withErrors = (errors: readonly number[]) => (entry: string, seed: number) =>
    entry === 'relu1600-adversarial' ? (errors[seed - 1] ?? null) : null;

  it('is decided by the interval of the mean', () => {
    const [met, found] = claimOf(figure, withErrors([70, 71, 72, 73, 74]));
    expect(met).toBe('met');
    // s = √2.5, so 72 ± 1.96 images.
    expect(found).toContain('0.72 %, 95 % interval 0.70 % to 0.74 %, 5 seeds');
    expect(claimOf(figure, withErrors([90, 91, 92, 93, 94]))[0]).toBe('missed');
    expect(claimOf(figure, withErrors([70, 75, 80, 85, 90]))[0]).toBe('not decided');
  });
});

describe('a claim that ABP gains as much as in the paper', () => {
  const name = 'ReLU 2 × 1600: ABP lowers the test error by at least';
  const withGain = (gain: number) => (entry: string, seed: number) =>
    entry === 'relu1600-plain'
      ? 140 + seed
      : entry === 'relu1600-adversarial'
        ? 140 - gain + 2 * seed
        : null;

  it('is decided by the interval of the gain', () => {
    // The gains are the number less the seed: 70 − 3 ± 1.96 images.
    expect(claimOf(name, withGain(70))).toEqual([
      'met',
      '+0.67 points, 5 seeds, 95 % interval +0.65 to +0.69; 47 % of plain’s error, in the paper 44 %',
    ]);
    expect(claimOf(name, withGain(60))[0]).toBe('missed');
    expect(claimOf(name, withGain(65))[0]).toBe('not decided');
  });
});

describe('a claim that ABP is about as good as dropout', () => {
  const name = 'CIFAR-10 (JPEG copies): ABP regularizes about as well';
  /** Plain has 4,800 wrong images; the gains of dropout and ABP over it, by seed. */
  const withGains =
    (dropout: readonly number[], abp: readonly number[]) => (entry: string, seed: number) => {
      if (entry === 'cifar-all-plain') return 4800;
      const gains = { 'cifar-all-dropout': dropout, 'cifar-all-adversarial': abp }[entry];
      const gain = gains?.[seed - 1];
      return gain === undefined ? null : 4800 - gain;
    };
  const good = [300, 310, 290];

  it('is met if both gain and their errors are within one point of each other', () => {
    expect(claimOf(name, withGains(good, [320, 320, 320]))).toEqual([
      'met',
      'gain over plain +3.20 (+3.20 to +3.20) points with ABP, +3.00 (+2.75 to +3.25) with dropout; ABP’s gain less dropout’s +0.20 (−0.05 to +0.45); 95 % intervals, 3 seeds',
    ]);
    expect(claimOf(name, withGains(good, [100, 110, 95]))[0]).toBe('missed');
    // Dropout is better by about half a point, which is inside; what is open is whether ABP gains at all.
    const [outcome, open] = claimOf(name, withGains([60, 61, 59], [10, 4, 1]));
    expect(outcome).toBe('not decided');
    expect(open).not.toContain('is better');
    expect(claimOf(name, withGains(good, [200, 215, 185]))[0]).toBe('not decided');
  });

  it('is not met if neither gains, however alike they are', () => {
    expect(claimOf(name, withGains([5, -5, 0], [-5, 5, 0]))[0]).toBe('not decided');
    expect(claimOf(name, withGains([-50, -51, -49], [-50, -51, -49]))[0]).toBe('missed');
  });

  it('has no outcome before all seeds are finished', () => {
    expect(claimOf(name, withGains(good, [320, 320]))[0]).toBe('in progress');
    expect(claimOf(name, withGains([], []))[0]).toBe('not run yet');
  });
});

it('compares errors under margin PGD of networks that were measured', () => {
  const robustness = (id: string, marginPgd: number): Robustness => ({
    version: 1,
    id,
    weights: '0'.repeat(64),
    images: 1000,
    engine: 'none',
    attacks: [
      { epsilon: 0.1, clip: false, fgsm: 0, pgd: 0, marginPgd: 0.5, strongest: null },
      { epsilon: 0.1, clip: true, fgsm: 0, pgd: 0, marginPgd, strongest: null },
    ],
    certified: [],
    training: { images: 10_000, clean: 0, fgsm: 0 },
    seconds: 1,
  });
  const findings = findingsOf(() => 100);
  const measured = [1, 2, 3].flatMap((seed) => [
    robustness(`logistic-plain-seed${seed}`, 0.9 + seed / 100),
    robustness(`logistic-adversarial-seed${seed}`, 0.1),
  ]);
  const mnist = { ...findings.mnist, robustness: new Map(measured.map((one) => [one.id, one])) };
  const claim = claimsOf({ ...findings, mnist }).find(({ claim: text }) =>
    text.startsWith('Logistic 2 × 800: ABP resists'),
  )!;
  expect(claim.outcome).toBe('met');
  expect(claim.found).toContain(
    '10.0 % with ABP, 92.0 % with plain, 3 seeds; a gain of +82.0 points',
  );
});

describe('the section about all of CIFAR-10', () => {
  it('compares ABP with dropout and with weight decay, but not with ABP + dropout', async () => {
    const wrong: Readonly<Record<string, number>> = {
      'cifar-all-plain': 4400,
      'cifar-all-weight-decay': 4300,
      'cifar-all-dropout': 4200,
      'cifar-all-adversarial': 4350,
      'cifar-all-adversarial-dropout': 4100,
    };
    // ABP's errors are the same with every seed, the others' not.
    const images = (entry: string, seed: number) =>
      entry.startsWith('cifar-all-')
        ? wrong[entry] === undefined
          ? null
          : wrong[entry] + (entry.endsWith('-adversarial') ? 0 : 10 * (seed - 2))
        : 400;
    const text = (await writeDocument(findingsOf(images))).replace(/\s+/g, ' ');
    expect(text).toContain('Weight decay is better than plain by 1.00 points');
    expect(text).toContain('Dropout is better than ABP by 1.50 points');
    // −50 ± 4.303 × 10 / √3 images of 10,000.
    expect(text).toContain(
      'Weight decay is better than ABP by 0.50 points, beyond the spread of the seeds (95 % interval of the gain of ABP −0.75 to −0.25).',
    );
    expect(text).not.toContain('ABP + dropout is better than ABP');
  });
});

describe('the section about CIFAR-10’s sample', () => {
  /** Gains that vary by seed around a mean, with the same plain error. */
  const withGains = (gains: Readonly<Record<string, number>>) => (entry: string, seed: number) => {
    const gain = gains[entry.replace('cifar10-', '')];
    return entry.startsWith('cifar10-')
      ? 5500 - (gain === undefined ? 0 : gain + 10 * seed - 30)
      : 400;
  };

  it('pairs by seed, and distinguishes a gain from none', async () => {
    const images = withGains({ dropout: 100, adversarial: 5, noise: 0 });
    const text = (await writeDocument(findingsOf(images))).replace(/\s+/g, ' ');
    expect(text).toContain('Dropout is better than plain by 1.00 points, beyond the spread');
    expect(text).toContain('ABP: no gain over plain is shown (+0.05 points');
    expect(text).toContain('Dropout is better than ABP by 0.95 points');
    expect(text).toContain('| dropout | no attack | +0.8, +0.9, +1.0, +1.1, +1.2 | +1.00 ± 0.07 |');
  });

  it('reports when a method is worse', async () => {
    const images = withGains({ dropout: -100, adversarial: -100, noise: 0 });
    const text = (await writeDocument(findingsOf(images))).replace(/\s+/g, ' ');
    expect(text).toContain('Dropout is worse than plain by 1.00 points');
    expect(text).toContain('ABP and dropout cannot be distinguished (0.00 points between them)');
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
