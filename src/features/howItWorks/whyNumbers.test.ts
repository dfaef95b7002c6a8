import { describe, expect, it } from 'vitest';
import type { DirectionMeasures } from '../../shared/directionMeasures.ts';
import {
  describeLimits,
  describeLinearity,
  describeNoise,
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

describe('what the numbers say to the claims', () => {
  it('predicts by the tangent', () =>
    expect(predictRises(measures)).toEqual({ adversarial: 0.2, random: 0.1 * 0.1 }));

  it('on linearity', () => {
    expect(describeLinearity(measures)).toBe(
      'Here ‖∂J/∂x‖₁ is 20.0 times ‖∂J/∂x‖₂ (28 = √784 at most), so a tangent promises a rise of 0.200 along the sign, and about ± 0.0100 for random signs. ' +
        'A tenth of the step raises the loss by 0.0210 (promised: 0.0200); the whole step by 3.00. ' +
        'The label’s output falls by 5.00 on half the way and by 10.0 on all of it: nearly in proportion. The loss bends more than the network does.',
    );
    const bent = { ...measures, logitFalls: { half: 9, whole: 10 } };
    expect(describeLinearity(bent)).toMatch(/by 10\.0 on all of it\.$/);
    expect(describeLinearity({ ...measures, gradientSum: 0 })).toContain('nothing to follow');
  });

  it('on noise', () =>
    expect(describeNoise(measures)).toBe(
      'On 48 test digits random signs change the mean loss from 0.100 to 0.110, the gradient’s signs to 3.10, a rise about 300 times as large. Errors: 3.00 % against 50.00 %.',
    ));

  it('on limits, and on a masked gradient', () => {
    expect(describeLimits(measures)).toBe(
      'Unclipped, PGD finds more errors than FGSM: 75.00 % against 50.00 %. With three times the ε (0.30) FGSM’s are 90.00 %.',
    );
    const masked = { ...measures, errorRates: { ...measures.errorRates, random: 0.6 } };
    expect(describeLimits(masked)).toContain('masked');
    const weak = (pgd: number) => ({ ...measures, errorRates: { ...measures.errorRates, pgd } });
    expect(describeLimits(weak(0.4))).toContain('One step fools it more often than many');
    expect(describeLimits(weak(0.5 - 1 / 48))).not.toContain('masked');
  });

  it('not, of a network that diverged', () => {
    expect(isFiniteMeasures(measures)).toBe(true);
    const losses = { ...measures.losses, pgd: Number.NaN };
    expect(isFiniteMeasures({ ...measures, losses })).toBe(false);
  });
});
