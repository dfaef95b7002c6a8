import { describe, expect, it } from 'vitest';
import { EvaluationSchedule } from './evaluationSchedule.ts';

function dueSteps(batchSize: number, stepsPerEpoch: number, epochs: number) {
  const total = stepsPerEpoch * epochs;
  const schedule = new EvaluationSchedule(batchSize, stepsPerEpoch, total);
  const steps = { quick: [] as number[], full: [] as number[] };
  for (let step = 1; step <= total; step++) {
    const due = schedule.due(step);
    if (due !== null) steps[due.kind].push(step);
  }
  return steps;
}

describe('EvaluationSchedule', () => {
  it('evaluates fully at the end of each epoch of full MNIST', () => {
    expect(dueSteps(64, 938, 3).full).toEqual([938, 1876, 2814]);
  });

  it('evaluates after ten steps, then at growing distances up to 5,000 images', () => {
    const { quick } = dueSteps(64, 938, 1);
    expect(quick.slice(0, 2)).toEqual([10, 20]);
    const distances = quick.map((step, i) => (step - (quick[i - 1] ?? 0)) * 64);
    expect(Math.max(...distances)).toBeLessThanOrEqual(5000 + 64);
    expect(quick.length).toBeLessThan(30);
  });

  it('does not evaluate fully after every short epoch, but always at the end', () => {
    const { full } = dueSteps(50, 2, 250);
    expect(full.at(-1)).toBe(500);
    expect(full).toEqual([200, 400, 500]);
  });

  it('returns the same for a step, whichever steps were queried before', () => {
    const [batchSize, stepsPerEpoch, total] = [64, 938, 2814];
    const inOrder = new EvaluationSchedule(batchSize, stepsPerEpoch, total);
    for (let step = 1; step <= total; step += 7) {
      const fresh = new EvaluationSchedule(batchSize, stepsPerEpoch, total);
      expect(fresh.due(step)).toEqual(inOrder.due(step));
    }
    expect(inOrder.due(10)).toEqual({ step: 10, kind: 'quick' }); // backward too
    expect(inOrder.due(11)).toBeNull();
  });

  it('records the training loss about every 2,000 images, at evaluations and at ends of epochs', () => {
    const schedule = new EvaluationSchedule(64, 938, 1876);
    const steps = Array.from({ length: 1876 }, (_, i) => i + 1);
    const due = steps.filter((step) => schedule.isLossDue(step));
    const distances = due.map((step, i) => (step - (due[i - 1] ?? 0)) * 64);
    expect(Math.max(...distances)).toBeLessThanOrEqual(2000 + 64);
    expect(due).toEqual(expect.arrayContaining([10, 938, 1876]));
    expect(steps.filter((step) => schedule.due(step) && !schedule.isLossDue(step))).toEqual([]);
  });
});
