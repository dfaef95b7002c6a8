import { describe, expect, it } from 'vitest';
import {
  makeEvaluation,
  makeSavedExperiment,
  makeSavedRun,
} from '../../experiment/storage/testing/savedExperiments.ts';
import {
  describeAttack,
  describeDetails,
  describeNumbers,
  describeStorage,
  formatBytes,
  nameExperiment,
  titleOf,
} from './describeExperiment.ts';

describe('describeNumbers', () => {
  it('shows the last full evaluation, and before it the number of images of the newest one', () => {
    const run = makeSavedRun('a', 130);
    expect(describeNumbers(run)).toEqual({
      epochs: '1.3 of 5',
      clean: '10.00 %',
      attacked: '30.00 %',
      note: 'on 1,000 images',
    });
    const full = {
      ...makeEvaluation(100),
      sampleCount: 10_000,
      clean: { loss: 1, errorRate: 0.5 },
    };
    const evaluations = [full, makeEvaluation(130)];
    const numbers = describeNumbers({ ...run, history: { losses: [], evaluations } });
    expect(numbers).toMatchObject({ clean: '50.00 %', note: '' });
  });

  it('shows dashes for a run without measurements', () => {
    expect(describeNumbers(makeSavedRun('a', 0))).toMatchObject({
      epochs: '0 of 5',
      clean: '–',
    });
  });
});

describe('describeAttack', () => {
  it('lists each ε once, and nothing before the first evaluation', () => {
    const [run, fresh] = [makeSavedRun('a', 130), makeSavedRun('b', 0)];
    expect(describeAttack([run, run, fresh])).toBe('attack ε 0.08');
    const attack = { kind: 'fgsm', epsilon: 0.3, clip: true } as const;
    const evaluations = [{ ...makeEvaluation(130), attack }];
    const other = { ...run, history: { losses: [], evaluations } };
    expect(describeAttack([run, other])).toBe('attack ε 0.08 and 0.30');
    expect(describeAttack([fresh])).toBe('');
  });
});

describe('sizes', () => {
  it.each([
    [900, '1 kB'],
    [123_456, '0.1 MB'],
    [12_345_678, '12.3 MB'],
    [1_234_567_890, '1.23 GB'],
  ])('are formatted for %i bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('are added up', () => {
    expect(describeStorage(1, 1e6)).toBe('1 experiment, 1.0 MB');
    expect(describeStorage(2, 3e6)).toBe('2 experiments, 3.0 MB');
  });
});

describe('an experiment', () => {
  const experiment = {
    ...makeSavedExperiment('a', 130, new Date(2001, 4, 3, 14, 5).getTime()),
    bytes: 2e6,
    seedCount: 1,
  };

  it('is named by what it compared and when', () => {
    expect(titleOf(experiment.runs)).toBe('ABP a-1 vs. ABP a-2');
    expect(nameExperiment(experiment)).toMatch(/^ABP a-1 vs\. ABP a-2, 3 May 2001.*14:05$/);
    expect(nameExperiment({ id: 'b', startedAt: null, bytes: 0 })).toBe(
      'the damaged experiment, unknown time',
    );
  });

  it('is distinguished from others of its name by time, network, attack and size', () => {
    expect(describeDetails(experiment).slice(1)).toEqual([
      '784-3-10 ReLU',
      'attack ε 0.08',
      '2.0 MB',
    ]);
    expect(describeDetails({ ...experiment, seedCount: 3 })).toContain('3 seeds');
    expect(describeDetails({ id: 'b', startedAt: null, bytes: 0 })).toEqual(['unknown time']);
  });
});
