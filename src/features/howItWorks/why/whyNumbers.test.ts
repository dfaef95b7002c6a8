import { describe, expect, it } from 'vitest';
import type { DirectionMeasures } from '../../../domain/analysis/directionMeasures.ts';
import {
  describeLimits,
  describeLinearity,
  describeNoise,
  isBeyondChance,
  isFiniteMeasures,
  predictRises,
} from './whyNumbers.ts';

const measures: DirectionMeasures = {
  step: 10,
  epsilon: 0.1,
  count: 48,
  gradientSum: 2,
  gradientLength: 0.1,
  riseAtTenth: 0.021,
  logitFalls: { half: 5, whole: 10 },
  losses: { clean: 0.1, random: 0.11, fgsm: 3.1, pgd: 3.5, fgsmTriple: 9 },
  errorRates: { clean: 0.02, random: 0.03, fgsm: 0.5, pgd: 0.75, fgsmTriple: 0.9 },
};

describe('what the numbers say about the claims', () => {
  it('predicts the rise of the loss from the tangent', () =>
    expect(predictRises(measures)).toEqual({ adversarial: 0.2, random: 0.1 * 0.1 }));

  it('describes linearity', () => {
    expect(describeLinearity(measures)).toBe(
      'Here ‖∂J/∂x‖₁ is 20.0 times ‖∂J/∂x‖₂ (28 = √784 at most), so the linear approximation predicts a rise of 0.200 along the sign, and about ± 0.0100 for random signs. ' +
        'A tenth of the step raises the loss by 0.0210 (predicted: 0.0200); the whole step by 3.00. ' +
        'The correct class’s output falls by 5.00 halfway and by 10.0 over the full step: nearly linear. The loss is more curved than the network.',
    );
    const bent = { ...measures, logitFalls: { half: 9, whole: 10 } };
    expect(describeLinearity(bent)).toMatch(/by 10\.0 over the full step\.$/);
    expect(describeLinearity({ ...measures, gradientSum: 0 })).toContain('no direction to follow');
  });

  it('describes the effect of noise', () =>
    expect(describeNoise(measures, 'digit')).toBe(
      'On 48 test digits, random signs change the mean loss from 0.100 to 0.110, the gradient’s signs to 3.10, a rise about 300 times as large. Errors: 3.00 % against 50.00 %.',
    ));

  it('describes the limits and warns of a masked gradient', () => {
    expect(describeLimits(measures)).toBe(
      'Unclipped, PGD causes more errors than FGSM: 75.00 % against 50.00 %. With three times the ε (0.30), the error under FGSM is 90.00 %.',
    );
    const against = (random: number, fgsm: number) => ({
      ...measures,
      errorRates: { ...measures.errorRates, random, fgsm },
    });
    expect(describeLimits(against(0.2, 1 / 48))).toContain('Random signs fool it more often');
    // Two errors under one of eight patterns are not significant.
    expect(describeLimits(against(1 / 48 + 2 / (8 * 48), 1 / 48))).not.toContain('masked');
    expect(describeLimits(against(3 / 48, 1 / 48))).not.toContain('masked');
    const weak = (pgd: number) => ({ ...measures, errorRates: { ...measures.errorRates, pgd } });
    expect(describeLimits(weak(0.4))).toContain('One step fools it more often than many');
    expect(describeLimits(weak(0.5 - 1 / 48))).not.toContain('masked');
  });

  it('attributes a difference to chance like McNemar’s test', () => {
    // Five digits that one attack alone fools: 2⁻⁵ is the first power below 5 %.
    expect(isBeyondChance(4 / 48, 0, 48)).toBe(false);
    expect(isBeyondChance(5 / 48, 0, 48)).toBe(true);
    expect(isBeyondChance(0, 5 / 48, 48)).toBe(false);
    // 30 against 20 of 48: 9 > 1.645 · √46 is false; with 4,800 digits at the same rates it is true.
    expect(isBeyondChance(30 / 48, 20 / 48, 48)).toBe(false);
    expect(isBeyondChance(30 / 48, 20 / 48, 4800)).toBe(true);
    // If both fool nearly all digits, only few can be fooled by one alone.
    expect(isBeyondChance(1, 43 / 48, 48)).toBe(true);
    expect(isBeyondChance(1, 44 / 48, 48)).toBe(false);
  });

  it('rejects the numbers of a network that diverged', () => {
    expect(isFiniteMeasures(measures)).toBe(true);
    const losses = { ...measures.losses, pgd: Number.NaN };
    expect(isFiniteMeasures({ ...measures, losses })).toBe(false);
  });
});
