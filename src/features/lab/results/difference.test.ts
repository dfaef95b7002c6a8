import { describe, expect, it } from 'vitest';
import { packMistakes } from '../../../domain/mistakes.ts';
import { averageSeeds, compare, describeFailedSeeds, formatP, judgeError } from './difference.ts';
import { listResultRows } from './resultRows.ts';
import { makeRun, read } from './testRuns.ts';

/** A run that misclassifies these of 200 images. */
function runOf(isWrong: (image: number) => boolean) {
  const flags = Uint8Array.from({ length: 200 }, (_, image) => Number(isWrong(image)));
  const mistakes = { clean: packMistakes(flags), adversarial: packMistakes(flags) };
  const measurements = [read('margin-pgd', 0.1, { sampleCount: 200, mistakes })];
  return listResultRows([{ ...makeRun('Run', null), measurements }], [], 0.08)[0]!;
}

describe('two networks on the same images', () => {
  it('differ if p < 0.05 by McNemar’s exact test, however many images both misclassify', () => {
    const common = (image: number) => image >= 100;
    const first = runOf((image) => common(image) || image < 9);
    const second = runOf((image) => common(image) || image === 50);
    expect(compare(first, second, 'pgd')).toEqual({
      basis: 'images',
      isClear: true,
      onlyFirst: 9,
      onlySecond: 1,
      p: expect.closeTo(22 / 1024, 12) as number,
    });
    expect(compare(second, first, 'pgd')).toMatchObject({ onlyFirst: 1, onlySecond: 9 });
    const closer = runOf((image) => common(image) || (image >= 50 && image < 52));
    expect(compare(first, closer, 'pgd')).toMatchObject({
      isClear: false,
      p: expect.closeTo((2 * 67) / 2048, 12) as number,
    });
  });

  it('are not compared on different images, or if only their number is known', () => {
    const [row] = listResultRows([makeRun('Run', { fgsm: 0.1, pgd: 0.1 })], [], 0.08);
    expect(
      compare(
        row!,
        runOf(() => true),
        'pgd',
      ),
    ).toBeNull();
    const unknown = { ...row!, pgd: { ...row!.pgd!, mistakes: null } };
    expect(compare(row!, unknown, 'pgd')).toBeNull();
    expect(compare(row!, { ...row!, pgd: null }, 'pgd')).toBeNull();
  });
});

/** Rows of runs whose PGD errors are these, seed by seed; the clean error is a tenth. */
function rowsOfSeeds(...runs: readonly (readonly number[])[]) {
  const seedOf = (place: number) =>
    runs.map((errors, index) =>
      makeRun(`Run ${index}`, { clean: errors[place]! / 10, fgsm: 0.1, pgd: errors[place]! }),
    );
  const [first, ...others] = runs[0]!.map((_, place) => seedOf(place));
  return listResultRows(first!, [], 0.08, false, others);
}

describe('two methods over several seeds', () => {
  const noisy = [0.5, 0.52, 0.48, 0.55, 0.45];

  it('differ if the interval of the paired differences does not contain 0', () => {
    // Differences 0.010, 0.014, 0.006, 0.012, 0.008: mean 0.01, s = √(4e-5 / 4), t 2.776445 for 4 degrees of freedom.
    const shifts = [0.01, 0.014, 0.006, 0.012, 0.008];
    const [a, b] = rowsOfSeeds(
      noisy.map((error, seed) => error + shifts[seed]!),
      noisy,
    );
    const found = compare(a!, b!, 'pgd');
    expect(found).toMatchObject({ basis: 'seeds', isClear: true, count: 5 });
    if (found?.basis !== 'seeds') throw new Error('Not compared over seeds.');
    expect(found.mean).toBeCloseTo(0.01, 12);
    expect(found.reach).toBeCloseTo((2.776445 * Math.sqrt(1e-5)) / Math.sqrt(5), 8);
    // Unpaired, the seeds' own spread would hide it.
    expect(averageSeeds(a!, 'pgd')!.reach).toBeGreaterThan(0.04);
    expect(compare(b!, a!, 'pgd')).toMatchObject({ isClear: true });
  });

  it('do not differ if it contains 0, however different the first seed’s networks are', () => {
    const [a, b] = rowsOfSeeds([0.9, 0.4, 0.4, 0.4, 0.6], [0.3, 0.5, 0.5, 0.5, 0.5]);
    expect(compare(a!, b!, 'pgd')).toMatchObject({ basis: 'seeds', isClear: false });
  });

  it('need three seeds, and each of them measured for both', () => {
    const [a, b] = rowsOfSeeds([0.5, 0.6], [0.1, 0.2]);
    expect(compare(a!, b!, 'pgd')).toMatchObject({ basis: 'images' });
    expect(averageSeeds(a!, 'pgd')).toBeNull();
    expect(judgeError(a!, 'pgd')).toBe(0.5);
    const [c, d] = rowsOfSeeds(noisy, noisy);
    const diverged = { ...d!, repeats: d!.repeats.map((one) => ({ ...one, pgd: null })) };
    expect(compare(c!, diverged, 'pgd')).toMatchObject({ basis: 'images' });
    const missing = { ...d!, repeats: [{ ...d!.repeats[0]!, pgd: null }, ...d!.repeats.slice(1)] };
    expect(compare(c!, missing, 'pgd')).toMatchObject({ basis: 'seeds', count: 4 });
  });
});

describe('seeds that have failed', () => {
  const errors = [0.5, 0.51, 0.49, 0.5, 0.5];
  const [clear, low] = rowsOfSeeds(errors, [0.1, 0.12, 0.11, 0.1, 0.1]);
  const withFailed = (row: typeof clear, count: number, failure: 'diverged' | 'failed') => ({
    ...row!,
    repeats: row!.repeats.map((one, place) => (place < count ? { ...one, failure } : one)),
  });

  it('leave no difference to be called, however clear it is among the others', () => {
    expect(compare(clear!, low!, 'pgd')).toMatchObject({ basis: 'seeds', isClear: true });
    const two = withFailed(low, 2, 'diverged');
    expect(compare(clear!, two, 'pgd')).toMatchObject({
      basis: 'seeds',
      isClear: false,
      count: 3,
    });
    expect(averageSeeds(two, 'pgd')!.count).toBe(3);
    // Nor on the first seed alone.
    const four = withFailed(low, 4, 'diverged');
    expect(compare(clear!, four, 'pgd')).toMatchObject({ basis: 'images', isClear: false });
    expect(averageSeeds(four, 'pgd')).toBeNull();
  });

  it('are counted in words', () => {
    expect(describeFailedSeeds([clear!, low!])).toBe('');
    const rows = [withFailed(clear, 1, 'failed'), withFailed(low, 2, 'diverged')];
    expect(describeFailedSeeds(rows)).toBe(
      '1 of 5 seeds of Run 0 failed and 2 of 5 seeds of Run 1 diverged',
    );
  });
});

it('writes p with as many digits as it needs', () => {
  expect(
    [0, 0.00099, 0.001, 0.0234, 0.0497, 0.04999, 0.05, 0.0502, 0.0994, 0.0996, 0.234, 1].map(
      formatP,
    ),
  ).toEqual([
    'p < 0.001',
    'p < 0.001',
    'p = 0.001',
    'p = 0.023',
    'p = 0.0497',
    'p = 0.04999',
    'p = 0.050',
    'p = 0.0502',
    'p = 0.099',
    'p = 0.10',
    'p = 0.23',
    'p = 1.00',
  ]);
});
