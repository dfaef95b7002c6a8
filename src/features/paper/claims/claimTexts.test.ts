import { describe, expect, it } from 'vitest';
import { countOutcomes, sortClaims, splitFound } from './claimTexts.ts';

describe('splitFound', () => {
  it('puts the first figure beside the claim and keeps all the rest', () => {
    expect(splitFound('0.89 % with ABP, 1.50 % with plain; a gain of +0.60 points; rest')).toEqual({
      figure: '0.89 % with ABP, 1.50 % with plain',
      rest: 'A gain of +0.60 points; rest.',
    });
    expect(splitFound('0.89 %')).toEqual({ figure: '0.89 %', rest: '' });
    expect(splitFound('')).toEqual({ figure: '', rest: '' });
  });
});

describe('sortClaims', () => {
  it('keeps claims without runs apart, in their order', () => {
    const outcomes = ['not run yet', 'met', 'not run yet', 'not decided', 'missed'] as const;
    const claims = outcomes.map((outcome, index) => ({ claim: `${index}`, outcome, found: '' }));
    const { judged, notRun } = sortClaims(claims);
    expect(judged.map(({ claim }) => claim)).toEqual(['1', '3', '4']);
    expect(notRun.map(({ claim }) => claim)).toEqual(['0', '2']);
  });
});

it('counts outcomes', () => {
  const outcomes = ['met', 'missed', 'met', 'not decided', 'met'] as const;
  const claims = outcomes.map((outcome, index) => ({ claim: `${index}`, outcome, found: '' }));
  expect(countOutcomes(claims)).toBe('3 met, 1 missed, 1 not decided');
});
