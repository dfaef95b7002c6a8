import { describe, expect, it } from 'vitest';
import { makeAttack } from '../../../experiment/runs/measurements.ts';
import type { CurveRun } from './curveSeries.ts';
import { describeBands, hasMeanLosses } from './drawnCurves.ts';
import { makeCurveRun, makeEvaluation } from './testRuns.ts';

/** A run with other seeds, whose errors under attack were measured at this ε. */
function withSeeds(name: string, count: number, epsilon = 0.08): CurveRun {
  const evaluations = [makeEvaluation(100, { attack: makeAttack('fgsm', epsilon) })];
  const repeats = Array.from({ length: count - 1 }, (_, index) => ({
    ...makeCurveRun(`${name} ${index}`, { evaluations }).run,
  }));
  const drawn = makeCurveRun(name, { evaluations: [makeEvaluation(100)] });
  return { ...drawn, run: { ...drawn.run, repeats } };
}

describe('describeBands', () => {
  it('is about means and intervals once there are three seeds', () => {
    expect(describeBands([withSeeds('a', 1)], 0, false)).toBeNull();
    expect(describeBands([withSeeds('a', 2)], 0, true)).toBe('Means and bands follow with seed 3.');
    expect(describeBands([withSeeds('a', 5), withSeeds('b', 5)], 0, false)).toBe(
      'Means of 5 seeds. Bands: 95 % intervals.',
    );
    expect(describeBands([withSeeds('a', 5)], 0.5, false)).toBe(
      'Means of 5 seeds. No intervals while lines are smoothed.',
    );
  });

  it('says that one chart shows the first seed alone, since the others met another ε', () => {
    expect(describeBands([withSeeds('a', 5, 0.2)], 0, false)).toBe(
      'On clean images: means of 5 seeds. Under attack: first seed only. Bands: 95 % intervals.',
    );
  });

  it('does not call a line of one seed a mean because another run has more', () => {
    const reference = { ...withSeeds('Saved', 5), isReference: true };
    expect(describeBands([withSeeds('a', 1), reference], 0, false)).toBe(
      'Means of 5 seeds of Saved, one seed of the others. Bands: 95 % intervals.',
    );
  });

  it('says which seeds diverged', () => {
    const one = withSeeds('a', 5);
    const repeats = one.run.repeats!.map((seed, index) =>
      index < 2 ? { ...seed, failure: 'diverged' as const } : seed,
    );
    const drawn = [{ ...one, run: { ...one.run, repeats } }];
    expect(describeBands(drawn, 0, false)).toBe(
      'Means of 3 seeds. Bands: 95 % intervals. 2 of 5 seeds of a diverged.',
    );
  });
});

describe('hasMeanLosses', () => {
  const losses = [{ step: 50, epoch: 0.5, loss: 0.1 }];
  const seed = makeCurveRun('a', { losses }).run;
  const old = makeCurveRun('a').run;
  const failed = { ...seed, failure: 'diverged' as const };
  const haveMeans = (...repeats: readonly (typeof seed)[]) =>
    hasMeanLosses([{ ...makeCurveRun('a'), run: { ...seed, repeats } }]);

  it('needs the losses of three seeds', () => {
    expect(haveMeans(seed)).toBe(false);
    expect(haveMeans(seed, seed)).toBe(true);
  });

  it('ignores seeds that failed', () => {
    expect(haveMeans(seed, failed)).toBe(false);
    expect(haveMeans(seed, seed, failed)).toBe(true);
  });

  it('is false if an older seed was saved without its losses', () => {
    expect(haveMeans(old, seed, seed, seed)).toBe(false);
  });
});
