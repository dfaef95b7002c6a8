import { describe, expect, it } from 'vitest';
import type { InspectedStep } from '../../experiment/inspection/inspectionState.ts';
import { defaultConfig } from '../../domain/settings/config.ts';
import { stageAt, nextPosition, previousPosition, shownPart } from './stages/stages.ts';
import {
  compareMethods,
  describeRatio,
  describeSource,
  formatLevel,
  isFiniteStep,
  summarizePixels,
} from './numbers.ts';

function makeStep(): InspectedStep {
  const outcome = (loss: number) => ({ loss, probabilities: new Float32Array(10) });
  const method = (loss: number, norms: number[], cleanAfter: number, movedAfter: number) => ({
    input: Float32Array.of(-0.1, 1.1, 0.5, 0.4),
    pass: { ...outcome(loss), hidden: [] },
    gradientNorms: norms,
    after: { clean: outcome(cleanAfter), adversarial: outcome(movedAfter) },
  });
  return {
    step: 4,
    epsilon: 0.1,
    label: 1,
    image: Float32Array.of(0, 1, 0.5, 0.5),
    clean: { ...outcome(0.02), hidden: [] },
    inputGradient: Float32Array.of(-0.5, 0.25, 0, -0.125),
    methods: {
      adversarial: method(2, [3, 4], 0.03, 1.5),
      plain: method(0.02, [0.1, 0], 0.01, 2.1),
      dropout: method(0.5, [1, 1], 0.02, 1.9),
    },
    hasOptimizerMemory: true,
  } as unknown as InspectedStep;
}

describe('numbers of a step', () => {
  it('summarizes the pixels', () => {
    expect(summarizePixels(makeStep())).toEqual({
      largest: 0.5,
      largestAt: 0,
      sum: 0.875,
      positive: 1,
      negative: 2,
      zero: 1,
      darkest: Math.fround(-0.1),
      brightest: Math.fround(1.1),
    });
  });

  it('recognizes a step of a diverged network by its non-finite numbers', () => {
    const step = makeStep();
    expect(isFiniteStep(step)).toBe(true);
    const clean = { ...step.clean, loss: Number.NaN };
    expect(isFiniteStep({ ...step, clean })).toBe(false);
    expect(isFiniteStep({ ...step, inputGradient: Float32Array.of(0, Infinity) })).toBe(false);
  });

  it('says which weights the numbers belong to', () => {
    const config = { ...defaultConfig, hiddenLayers: [12, 8] };
    const step = { ...makeStep(), networkName: 'ABP ε 0.1', config };
    expect(describeSource({ ...step, step: 1 })).toBe(
      'Weights of ABP ε 0.1 (784-12-8-10 ReLU) after 1 training step.',
    );
    expect(describeSource({ ...step, step: 1200 })).toMatch(/ after 1,200 training steps\.$/);
  });

  it('compares the methods in words', () => {
    expect(compareMethods(makeStep())).toEqual([
      'The loss on x is 0.0200, on x̃ 2.00.',
      'The adversarial step’s weight gradient is about 50 times as large as plain back-propagation’s.',
      'After its update, the loss on x̃ falls to 1.50; after the plain update it rises to 2.10.',
    ]);
  });

  it.each([
    [1.05, 'about as large'],
    [3.21, 'about 3.2 times as large'],
    [0.025, 'about 1/40 as large'],
    [12345, 'about 12,000 times as large'],
  ])('describes a ratio of %f as "%s"', (ratio, text) => expect(describeRatio(ratio)).toBe(text));

  it('writes gray levels with three decimals', () => expect(formatLevel(-0.0801)).toBe('−0.080'));
});

describe('positions', () => {
  it('belong to stages, and whole numbers are the ends of stages', () => {
    expect(stageAt(0)).toEqual({ number: 1, fraction: 0 });
    expect(stageAt(1)).toEqual({ number: 1, fraction: 1 });
    expect(stageAt(1.25)).toEqual({ number: 2, fraction: 0.25 });
    expect(stageAt(5)).toEqual({ number: 5, fraction: 1 });
  });

  it('move forward and back by whole stages', () => {
    expect([0, 1, 1.4, 4.9, 5].map(nextPosition)).toEqual([1, 2, 2, 5, 5]);
    expect([0, 1, 1.4, 2, 5].map(previousPosition)).toEqual([1, 1, 1, 1, 4]);
  });

  it('show how much of each stage is visible', () => {
    expect([1, 2, 3].map((n) => shownPart(1.5, n as 1 | 2 | 3))).toEqual([1, 0.5, 0]);
  });
});
