import { describe, expect, it } from 'vitest';
import { makeAttack } from '../../../experiment/runs/measurements.ts';
import {
  describeAgreement,
  describeAttack,
  describeSearch,
  formatPercent,
} from './describePredictions.ts';

const predict = (digit: number) => ({ digit, confidence: 0.9 });

describe('describeAgreement', () => {
  it('says which networks agree', () => {
    const [plain, dropout, abp] = ['Plain', 'Dropout', 'ABP'];
    const named = (name: string, digit: number) => ({ name, prediction: predict(digit) });
    expect(describeAgreement([])).toBe('');
    expect(describeAgreement([named(plain, 8)])).toBe('Plain reads an 8.');
    expect(describeAgreement([named(plain, 3), named(abp, 3)])).toBe('Both networks read a 3.');
    expect(describeAgreement([named(plain, 3), named(dropout, 3), named(abp, 3)])).toBe(
      'All 3 networks read a 3.',
    );
    expect(describeAgreement([named(plain, 3), named(dropout, 8), named(abp, 3)])).toBe(
      'The networks disagree: Plain and ABP read a 3; Dropout reads an 8.',
    );
  });
});

describe('describeAttack', () => {
  const attacked = (name: string, before: number, after: number) => ({
    name,
    before: predict(before),
    after: predict(after),
  });

  it('says which networks are fooled and which are not', () => {
    expect(describeAttack([attacked('Plain', 3, 8), attacked('ABP', 3, 3)], null)).toBe(
      'The attack fools Plain, but not ABP.',
    );
    expect(describeAttack([attacked('Plain', 3, 8), attacked('ABP', 3, 5)], null)).toBe(
      'The attack fools both networks.',
    );
    expect(describeAttack([attacked('Plain', 3, 3)], null)).toBe('The attack fools no network.');
  });

  it('counts only predictions of the target and leaves out networks that predict it anyway', () => {
    expect(describeAttack([attacked('Plain', 3, 8), attacked('ABP', 3, 5)], 5)).toBe(
      'The attack makes ABP predict a 5, but not Plain.',
    );
    expect(describeAttack([attacked('Plain', 5, 5)], 5)).toBe(
      'Every network predicts a 5 without an attack.',
    );
  });
});

describe('describeSearch', () => {
  const networks = ['Plain', 'ABP'].map((name) => ({ id: name, name }));
  const result = (epsilon: number | null) => ({
    found:
      epsilon === null
        ? null
        : {
            epsilon,
            attack: makeAttack('pgd', epsilon),
            prediction: predict(8),
            image: new Float32Array(784),
          },
    failedEpsilon: 0.5,
    provenEpsilon: 0,
    trials: 9,
    before: predict(3),
    step: null,
  });

  it('says which network’s prediction needs the smallest change and which the largest', () => {
    const results = { Plain: result(0.05), ABP: result(0.2) };
    expect(describeSearch({ target: null, results }, networks)).toBe(
      'Plain is fooled at ε 0.050, ABP at 0.200, 4.0 times as much.',
    );
    expect(describeSearch({ target: 8, results: { ABP: result(0.2) } }, networks)).toBe(
      'Target an 8: ABP is fooled at ε 0.200.',
    );
  });

  it('says that no prediction was changed', () => {
    const results = { Plain: result(null), ABP: result(null) };
    expect(describeSearch({ target: null, results }, networks)).toBe('No network was fooled.');
    expect(describeSearch({ target: null, results: {} }, networks)).toBe('');
  });
});

describe('formatPercent', () => {
  it('never rounds to 0 or 100 percent', () => {
    expect([0, 0.001, 0.5, 0.995, 1].map(formatPercent)).toEqual([
      '0 %',
      '< 1 %',
      '50 %',
      '> 99 %',
      '100 %',
    ]);
  });
});
