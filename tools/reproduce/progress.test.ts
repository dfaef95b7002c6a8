import { describe, expect, it } from 'vitest';
import { ProgressReporter, describeDuration } from './progress.ts';
import { allTestJobs } from './jobs.ts';
import { fullPlan } from './plans/plan.ts';
import { firstRecipes, resultOf } from './testing/syntheticResults.ts';

const jobs = allTestJobs(fullPlan, firstRecipes());
/** Three runs with the same amount of work. */
const [first, second, third] = jobs.filter(({ entry }) => entry === 'relu-plain');

describe('ProgressReporter', () => {
  it('estimates the time left from the work done', () => {
    let now = 0;
    const lines: string[] = [];
    const write = (text: string) => void lines.push(text);
    const progress = new ProgressReporter(write, {
      isTerminal: false,
      parallel: 2,
      now: () => now,
    });
    progress.begin([first!, second!, third!], [first!, second!, third!]);
    expect(progress.secondsLeft()).toBeNull();
    progress.started(first!);
    progress.started(second!);
    progress.progressed(first!.id, 0.1);
    progress.progressed(second!.id, 0.1);
    // Two runs, half of each in 100 s: 50 + 50 of 100 s each are left, and a third run of 200 s.
    now = 100_000;
    progress.progressed(first!.id, 25);
    progress.progressed(second!.id, 25);
    expect(progress.secondsLeft()).toBeCloseTo((100 + 100 + 200) / 2, 3);
    now = 200_000;
    progress.finished(resultOf(first!, 123));
    progress.progressed(second!.id, 50);
    progress.finished(resultOf(second!, 123));
    progress.started(third!);
    expect(progress.secondsLeft()).toBeCloseTo(200, 3);
    expect(lines[0]).toBe('3 runs\n');
    expect(lines.join('')).toContain(
      'relu-plain-seed1: test error 1.23 %, FGSM 0.08 10.00 %, FGSM 0.1 20.00 %',
    );
    expect(lines.join('')).toContain('1 of 3 done · relu-plain-seed2 25/50 · about 3 min left');
  });

  it('counts only the work of this process for a resumed run', () => {
    let now = 0;
    const progress = new ProgressReporter(() => undefined, {
      isTerminal: true,
      parallel: 1,
      now: () => now,
    });
    progress.begin([first!], [first!]);
    progress.started(first!);
    progress.progressed(first!.id, 40.2);
    now = 10_000;
    progress.progressed(first!.id, 45);
    expect(progress.secondsLeft()).toBeCloseTo(10, 3);
  });

  it('formats durations in words', () => {
    expect([0, 42, 89, 90, 3600, 5400, 9000].map(describeDuration)).toEqual(
      '1 s,42 s,89 s,2 min,60 min,1 h 30 min,2 h 30 min'.split(','),
    );
  });
});
