import { describe, expect, it } from 'vitest';
import type { CustomData } from '../../../domain/dataSet.ts';
import { firstScreen } from '../../../experiment/drawing/firstScreen.ts';
import type { JudgedRun } from '../../../experiment/runs/measuredErrors.ts';
import { listResultRows } from './resultRows.ts';
import { judgeOutcome } from './outcome.ts';
import { makeRun, read } from './testRuns.ts';

const plain = makeRun('Plain', { clean: 0.028, fgsm: 0.61, pgd: 0.68 }, {}, 2);
const dropout = makeRun('Dropout', { clean: 0.031, fgsm: 0.5, pgd: 0.6 }, { method: 'dropout' }, 2);
const abp = makeRun(
  'ABP ε 0.08',
  { clean: 0.024, fgsm: 0.14, pgd: 0.15 },
  { method: 'adversarial' },
  4,
);

const judge = (...runs: JudgedRun[]) => judgeOutcome(listResultRows(runs, [], 0.08), true);
const priceOf = (...runs: JudgedRun[]): string => judge(...runs)!.price;

/** A run whose 300 steps took some multiple of plain's time. */
function withCost(run: JudgedRun, cost: number): JudgedRun {
  return { ...run, progress: { ...run.progress!, trainSeconds: 2 * cost } };
}

describe('the outcome of an experiment', () => {
  it('is that ABP wins, with what the others keep, whatever the order of the runs', () => {
    const outcome = judge(plain, dropout, abp);
    expect(outcome).toEqual({
      kind: 'abp',
      headline: 'ABP ε 0.08 wins under attack: 85 of 100 digits. Dropout keeps 40, Plain 32.',
      price:
        'On clean digits, ABP ε 0.08 misclassifies 2.40 % after 3 epochs and Plain 2.80 %, no clear difference; a step of ABP ε 0.08 takes twice as long. This is one seed; another may give other numbers.',
      shortPrice:
        'Errors on clean digits: ABP ε 0.08 2.40 %, Plain 2.80 %, no clear difference; a step of ABP ε 0.08 takes twice as long.',
    });
    expect(judge(abp, plain, dropout)).toEqual(outcome);
    expect(judge(abp, plain)!.headline).toBe(
      'ABP ε 0.08 wins under attack: 85 of 100 digits. Plain keeps 32.',
    );
    const noise = makeRun('Random signs ε 0.08', { fgsm: 0.6, pgd: 0.64 }, { method: 'noise' });
    expect(judge(abp, plain, dropout, noise)!.headline).toBe(
      'ABP ε 0.08 wins under attack: 85 of 100 digits. Dropout keeps 40, Random signs ε 0.08 36, Plain 32.',
    );
  });

  it.each(['adversarial-dropout', 'pgd', 'mixed', 'random-start', 'trades'] as const)(
    'counts %s among the methods that train on adversarial images',
    (method) => {
      const own = makeRun('Own', { fgsm: 0.1, pgd: 0.1 }, { method });
      expect(judge(plain, own)).toMatchObject({ kind: 'abp' });
    },
  );

  it('is that another method wins, and which one', () => {
    const robust = makeRun('Dropout', { fgsm: 0.1, pgd: 0.1 }, { method: 'dropout' });
    expect(judge(plain, robust)).toMatchObject({
      kind: 'other',
      headline: 'Dropout wins under attack: 90 of 100 digits. Plain keeps 32.',
    });
    expect(judge(plain, robust, abp)).toMatchObject({
      kind: 'other',
      headline:
        'ABP ε 0.08 did not win this time: it keeps 85 of 100 digits under attack, Dropout 90.',
    });
    const worse = { ...abp, measurements: [read('fgsm', 0.9), read('margin-pgd', 0.9)] };
    expect(judge(plain, worse)).toMatchObject({
      kind: 'other',
      headline:
        'ABP ε 0.08 did not win this time: it keeps 10 of 100 digits under attack, Plain 32.',
      price: '',
    });
  });

  it('is too close to call when the difference is within sampling error', () => {
    const alike = makeRun('Dropout', { fgsm: 0.6, pgd: 0.672 }, { method: 'dropout' });
    expect(judge(plain, alike)).toMatchObject({
      kind: 'close',
      headline:
        'Too close to call with one seed: under attack, Dropout keeps 33 of 100 digits, Plain 32.',
    });
    const same = makeRun('PGD training ε 0.08', { fgsm: 0.1, pgd: 0.152 }, { method: 'pgd' });
    expect(judge(plain, abp, same)).toMatchObject({
      kind: 'close',
      headline:
        'Too close to call between ABP ε 0.08 and PGD training ε 0.08 with one seed: under attack, ABP ε 0.08 keeps 85 of 100 digits, PGD training ε 0.08 85, Plain 32.',
    });
  });

  it('is what a single run keeps', () => {
    expect(judge(abp)).toEqual({
      kind: 'single',
      headline: 'ABP ε 0.08 keeps 85 of 100 digits under attack.',
      price: 'Add a run to compare it with another method.',
      shortPrice: '',
    });
  });

  it('is unknown until all runs have ended and are measured on all images at the page’s ε', () => {
    const rows = listResultRows([plain, abp], [], 0.08);
    expect(judgeOutcome(rows, true)).not.toBeNull();
    expect(judgeOutcome(rows, false)).toBeNull();
    expect(judgeOutcome([], true)).toBeNull();
    expect(judgeOutcome(listResultRows([plain, abp], [], 0.1), true)).toBeNull();
    const few = [read('fgsm', 0.1), read('margin-pgd', 0.1, { sampleCount: 200 })];
    expect(judge(plain, { ...abp, measurements: few })).toBeNull();
    expect(judge(plain, { ...abp, measurements: [read('fgsm', 0.1)] })).toBeNull();
    expect(judge(plain, makeRun('New', null))).toBeNull();
    expect(judge(plain, { ...abp, progress: { ...abp.progress!, step: 400 } })).toBeNull();
  });

  it('is about the present experiment alone, not about saved ones beside it', () => {
    const rows = listResultRows([plain], [{ startedAt: 0, runs: [abp] }], 0.08);
    expect(judgeOutcome(rows, true)).toMatchObject({
      kind: 'single',
      headline: 'Plain keeps 32 of 100 digits under attack.',
    });
  });

  it('keeps all of 100 only if not one image was missed', () => {
    const keeps = (pgd: number) =>
      judge(makeRun('ABP', { fgsm: pgd, pgd }, { method: 'adversarial' }))!.headline;
    expect(keeps(0)).toBe('ABP keeps 100 of 100 digits under attack.');
    expect(keeps(0.001)).toBe('ABP keeps 99 of 100 digits under attack.');
    expect(keeps(0.999)).toBe('ABP keeps 0 of 100 digits under attack.');
  });

  it('calls the user’s own files images', () => {
    const counts = { trainingCount: 50_000, testCount: 10_000, fingerprint: '0'.repeat(64) };
    const dataSet: CustomData = { shape: 'color-32', ...counts };
    const own = [plain, abp].map((run) => ({ ...run, config: { ...run.config, dataSet } }));
    const worse = {
      ...own[1]!,
      measurements: abp.measurements.map((one) => ({ ...one, clean: { loss: 1, errorRate: 0.5 } })),
    };
    expect(judge(own[0]!, own[1]!)!.headline).toBe(
      'ABP ε 0.08 wins under attack: 85 of 100 images. Plain keeps 32.',
    );
    expect(priceOf(own[0]!, own[1]!)).toMatch(/^On clean images, /);
    expect(judge(own[0]!, worse)!.outlook).toBeUndefined();
  });
});

describe('the outcome with several seeds', () => {
  /** Plain and ABP, with these clean errors and errors under PGD of ABP by seed. */
  function judgeSeeds(
    clean: readonly number[],
    pgd: readonly number[],
    attackEpsilon = 0.08,
    diverged = 0,
  ) {
    const seedOf = (place: number) => [
      makeRun('Plain', { clean: 0.03, fgsm: 0.6, pgd: 0.68 + place / 500 }),
      makeRun(
        'ABP',
        { clean: clean[place]!, fgsm: 0.1, pgd: pgd[place]! },
        { method: 'adversarial' },
      ),
    ];
    const [first, ...others] = clean.map((_, place) => seedOf(place));
    const at = { epsilon: 0.2 };
    const own = first!.map((run, index) => {
      const error = 0.7 - index / 500;
      const shown = [read('fgsm', error, at), read('margin-pgd', error, at)];
      return { ...run, measurements: [...run.measurements, ...shown] };
    });
    const seeds = others.map((seed, place) =>
      seed.map((run, index) =>
        index === 1 && place < diverged
          ? { ...run, measurements: [], failure: 'diverged' as const }
          : run,
      ),
    );
    return judgeOutcome(listResultRows(own, [], attackEpsilon, false, seeds), true)!;
  }

  it('is about the methods, with means and 95 % intervals', () => {
    expect(judgeSeeds([0.04, 0.041, 0.045], [0.15, 0.17, 0.16])).toMatchObject({
      kind: 'abp',
      headline: 'ABP wins under attack with 3 seeds: 84 of 100 digits. Plain keeps 32.',
      price:
        'On clean digits, ABP misclassifies 4.20 ± 0.66 % after 3 epochs and Plain 3.00 ± 0.00 %. Means of 3 seeds ± 95 % interval.',
      shortPrice: 'Errors on clean digits: ABP 4.20 ± 0.66 %, Plain 3.00 ± 0.00 %.',
    });
  });

  it('is too close to call if the interval of the differences contains 0', () => {
    const outcome = judgeSeeds([0.02, 0.04, 0.03], [0.15, 0.9, 0.95]);
    expect(outcome).toMatchObject({ kind: 'close' });
    expect(outcome.headline).toMatch(/^Too close to call with 3 seeds: under attack, ABP keeps 33/);
    expect(outcome.price).toContain(', no clear difference');
  });

  it('calls no winner if seeds have diverged, and says how many', () => {
    const clean = [0.04, 0.041, 0.045, 0.04, 0.04];
    const outcome = judgeSeeds(clean, [0.15, 0.17, 0.16, 0.15, 0.15], 0.08, 2);
    expect(outcome).toMatchObject({ kind: 'close' });
    expect(outcome.headline).toBe(
      'No winner is called, because 2 of 5 seeds of ABP diverged: under attack, ABP keeps 85 of 100 digits, Plain 32.',
    );
    expect(outcome.price).toMatch(/Means of 3 of 5 seeds \(2 diverged\) ± 95 % interval\.$/);
  });

  it('is that of the first seed at an ε at which the others were not measured', () => {
    const outcome = judgeSeeds([0.04, 0.041, 0.045], [0.15, 0.17, 0.16], 0.2);
    expect(outcome).toMatchObject({ kind: 'close' });
    expect(outcome.headline).toContain('with one seed');
    expect(outcome.price).toMatch(/ ± 95 % interval; under attack at this ε, one seed\.$/);
  });
});

describe('the price', () => {
  it.each([
    [0.8, ''],
    [1.19, ''],
    [1.5, '; a step of ABP ε 0.08 takes 1.5 times as long'],
    [1.8, '; a step of ABP ε 0.08 takes twice as long'],
    [2.2, '; a step of ABP ε 0.08 takes twice as long'],
    [3, '; a step of ABP ε 0.08 takes 3 times as long'],
    [8.04, '; a step of ABP ε 0.08 takes 8 times as long'],
  ])('in time, for %f times the time of a plain step, is “%s”', (cost, words) => {
    expect(priceOf(plain, withCost(abp, cost))).toBe(
      `On clean digits, ABP ε 0.08 misclassifies 2.40 % after 3 epochs and Plain 2.80 %, no clear difference${words}. This is one seed; another may give other numbers.`,
    );
  });

  it('in time is left out where the runs share one device', () => {
    const rows = listResultRows([plain, abp], [], 0.08, true);
    expect(judgeOutcome(rows, true)!.price).not.toContain('as long');
  });

  it('in clean errors comes with what more units and epochs make of it', () => {
    const errors = { clean: 0.034, fgsm: 0.14, pgd: 0.15 };
    const make = (changes: object) =>
      withCost(makeRun('ABP ε 0.08', errors, { method: 'adversarial', ...changes }), 1);
    const head =
      'On clean digits, ABP ε 0.08 misclassifies 3.40 % after 3 epochs and Plain 2.80 %.';
    const { reproduced } = firstScreen;
    const [adversarial, standard] = [reproduced.adversarial, reproduced.plain].map((error) =>
      (100 * error).toFixed(2),
    );
    const tail = `ABP makes fewer errors than plain: ${adversarial} % against ${standard} %.`;
    const outlookOf = (run: JudgedRun) => judge(plain, run)!.outlook;
    expect(priceOf(plain, make({}))).toBe(
      `${head} This is one seed; another may give other numbers.`,
    );
    expect(outlookOf(make({}))).toBe(`With a larger network (2 × 400) and 50 epochs, ${tail}`);
    expect(outlookOf(make({ hiddenLayers: [400, 400] }))).toBe(
      `With this network (2 × 400) and 50 epochs, ${tail}`,
    );
    for (const other of [{ method: 'pgd' }, { permutationSeed: 1 }]) {
      expect(outlookOf(make(other))).toBeUndefined();
    }
  });

  it('names the epochs of both runs when they differ', () => {
    const one = makeRun(
      'ABP ε 0.08',
      { fgsm: 0.14, pgd: 0.15 },
      { method: 'adversarial', epochs: 1 },
    );
    const at = { step: 300, epoch: 1 };
    const short = {
      ...one,
      measurements: [read('fgsm', 0.14, at), read('margin-pgd', 0.15, at)],
      history: { losses: [], evaluations: [] },
    };
    expect(priceOf(plain, withCost(short, 1))).toBe(
      'On clean digits, ABP ε 0.08 misclassifies 2.00 % after 1 epoch and Plain 2.80 % after 3 epochs. This is one seed; another may give other numbers.',
    );
  });

  it('needs a plain run to compare with', () => {
    expect(judge(dropout, abp)).toMatchObject({ price: '', shortPrice: '' });
  });
});
