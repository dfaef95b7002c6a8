import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../domain/settings/config.ts';
import { draftOf, readDraft, trainAlike } from './settingsDraft.ts';

const draft = draftOf(defaultConfig);

describe('readDraft', () => {
  it('returns the config that a draft was made from', () => {
    expect(readDraft(draft)).toEqual({ draft, errors: {}, config: defaultConfig });
    const linear = { ...defaultConfig, hiddenLayers: [] };
    expect(readDraft(draftOf(linear)).config).toEqual(linear);
  });

  it.each([
    [{ trainingSetSize: '50' }, 5000, 'from 100 to 5000.'],
    [{ trainingSetSize: '5001' }, 5000, 'from 100 to 5000.'],
    [{ trainingSetSize: '400000' }, 5000, 'from 100 to 5000.'],
    [{ trainingSetSize: 'all' }, 5000, 'from 100 to 5000. “all” is not a number.'],
    [{ trainingSetSize: '' }, 240_000, 'from 100 to 240000. The field is empty.'],
    [{ trainingSetSize: '123' }, 123, 'With 24 validation images held out, 99 training images'],
    [{ trainingSetSize: '124' }, 124, 'With 24 validation images held out, at most 100 training'],
  ])(
    'refuses %j of %i training images, naming the size of the data set',
    (change, count, message) => {
      const dataSet = {
        shape: 'grey-28',
        trainingCount: count,
        testCount: 100,
        fingerprint: 'a'.repeat(64),
      } as const;
      const holdOutValidation = count < 1000;
      const { errors } = readDraft({ ...draft, dataSet, holdOutValidation, ...change });
      expect(errors.trainingSetSize).toContain(message);
    },
  );

  it.each([
    [{ hiddenLayers: '0' }, 'hiddenLayers', 'whole number of units from 1 to 2048'],
    [{ hiddenLayers: '4o0' }, 'hiddenLayers', '“4o0” is not a number'],
    [{ hiddenLayers: ' ' }, 'hiddenLayers', 'Write the units of each layer'],
    [{ trainingEpsilon: '9' }, 'trainingEpsilon', 'Training ε must be a number from 0 to 1'],
    [{ batchSize: '0' }, 'batchSize', 'Batch size must be a whole number from 1 to 1024'],
    [{ batchSize: '1.5' }, 'batchSize', 'whole number'],
    [{ epochs: 'abc' }, 'epochs', '“abc” is not a number'],
    [{ seed: '' }, 'seed', 'The field is empty'],
  ] as const)('refuses %j at its field', (change, field, message) => {
    const { errors, config, draft: kept } = readDraft({ ...draft, ...change });
    expect(config).toBeNull();
    expect(Object.keys(errors)).toEqual([field]);
    expect(errors[field]).toContain(message);
    expect(kept).toMatchObject(change);
  });

  it('reads numbers in common spellings', () => {
    const typed = { trainingEpsilon: ' 8/255 ', learningRate: '0,01', learningRateDecay: '.9' };
    const { config } = readDraft({ ...draft, ...typed, hiddenLayers: '64-32' });
    expect(config).toEqual({
      ...defaultConfig,
      trainingEpsilon: 8 / 255,
      learningRate: 0.01,
      learningRateDecay: 0.9,
      hiddenLayers: [64, 32],
    });
  });

  it.each([
    [{ epochs: '1,000' }, 'epochs', '“1,000” could mean 1000 or 1'],
    [{ trainingSetSize: '60.000' }, 'trainingSetSize', '“60.000” could mean 60000 or 60'],
    [{ learningRate: '1,000' }, 'learningRate', '“1,000” could mean 1000 or 1'],
    [{ hiddenLayers: '1,024' }, 'hiddenLayers', '“1,024” could mean one layer or two'],
  ] as const)('refuses %j, which is ambiguous', (change, field, message) => {
    const { errors, config } = readDraft({ ...draft, ...change });
    expect(config).toBeNull();
    expect(errors[field]).toMatch(/ must be | needs /); // what was expected
    expect(errors[field]).toContain(message);
  });

  it('does not refuse a field that the method does not use', () => {
    const settings = readDraft({ ...draft, method: 'plain', trainingEpsilon: 'abc' });
    expect(settings.errors).toEqual({});
    expect(settings.config?.trainingEpsilon).toBe(defaultConfig.trainingEpsilon);
    expect(settings.draft.trainingEpsilon).toBe('abc');
  });
});

describe('trainAlike', () => {
  it('ignores fields that neither config uses', () => {
    const plain = { ...defaultConfig, method: 'plain' } as const;
    expect(trainAlike(plain, { ...plain, trainingEpsilon: 0.5, maxoutPieces: 5 })).toBe(true);
    expect(trainAlike(plain, { ...plain, seed: 2 })).toBe(false);
    expect(trainAlike(defaultConfig, { ...defaultConfig, trainingEpsilon: 0.5 })).toBe(false);
  });
});
