import { describe, expect, it } from 'vitest';
import { makeAttack } from '../../../experiment/runs/measurements.ts';
import { findSegments, markSegments } from './epsilonSegments.ts';
import { makeEvaluation } from './testRuns.ts';

const at = (step: number, epsilon: number) =>
  makeEvaluation(step, { attack: makeAttack('fgsm', epsilon) });

describe('findSegments', () => {
  it('puts the border halfway between two evaluations', () => {
    expect(findSegments([at(0, 0.08), at(100, 0.08), at(200, 0.2), at(300, 0.2)])).toEqual([
      { epsilon: 0.08, start: 0, end: 1.5 },
      { epsilon: 0.2, start: 1.5, end: 3 },
    ]);
  });
});

describe('markSegments', () => {
  it('marks nothing while ε does not change', () => {
    expect(markSegments([{ evaluations: [at(0, 0.1), at(100, 0.1)] }])).toEqual([]);
  });

  it('labels every segment, the first one without a line', () => {
    const evaluations = [at(0, 0.1), at(100, 0.2), at(200, 0.1)];
    const marks = markSegments([{ evaluations: evaluations.slice(0, 2) }, { evaluations }]);
    expect(marks.map(({ x, text, hasLine }) => [x, text, hasLine])).toEqual([
      [0, 'ε 0.10', false],
      [0.5, 'ε 0.20', true],
      [1.5, 'ε 0.10', true],
    ]);
  });

  it('labels only the longest segments when there are many', () => {
    const evaluations = Array.from({ length: 40 }, (_, index) => at(index * 10, index / 100));
    const texts = markSegments([{ evaluations }]).map(({ text }) => text);
    expect(texts.length).toBe(40);
    expect(texts.filter((text) => text !== '').length).toBe(8);
  });
});
