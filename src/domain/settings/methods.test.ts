import { expect, it } from 'vitest';
import { comparisonOf, findNewMethod, trainingMethods } from './methods.ts';

it('compares every method with plain and ABP, each once, in the order of the table', () => {
  expect(comparisonOf('plain')).toEqual(['plain', 'adversarial']);
  expect(comparisonOf('adversarial')).toEqual(['plain', 'adversarial']);
  expect(comparisonOf('dropout')).toEqual(['plain', 'dropout', 'adversarial']);
  expect(comparisonOf('pgd')).toEqual(['plain', 'adversarial', 'pgd']);
});

it('adds a method that the runs lack, the simple ones first', () => {
  expect(findNewMethod([])).toBe('plain');
  expect(findNewMethod(['plain'])).toBe('adversarial');
  expect(findNewMethod(['plain', 'dropout', 'adversarial'])).toBe('noise');
  expect(findNewMethod(trainingMethods.filter((method) => method !== 'mixed'))).toBe('mixed');
});
