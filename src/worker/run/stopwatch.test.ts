import { describe, expect, it } from 'vitest';
import { Stopwatch } from './stopwatch.ts';

describe('Stopwatch', () => {
  it('measures training apart from evaluations and pauses', () => {
    let now = 0;
    const watch = new Stopwatch(() => now);
    expect(watch.samplesPerSecond).toBe(0);
    expect(watch.secondsFor(10)).toBeNull();

    now += 1000;
    for (let i = 0; i < 10; i++) watch.addStep(64);
    watch.lap();
    expect(watch.samplesPerSecond).toBeCloseTo(640);
    expect(watch.secondsFor(20)).toBeCloseTo(2);

    now += 500;
    watch.addEvaluation();
    expect(watch.samplesPerSecond).toBeCloseTo(640);
    expect(watch.secondsFor(20)).toBeCloseTo(3); // half a second of evaluation for each of training

    now += 60_000;
    watch.lap({ discard: true });
    now += 1000;
    for (let i = 0; i < 10; i++) watch.addStep(64);
    watch.lap();
    expect(watch.samplesPerSecond).toBeCloseTo(640);
  });
});
