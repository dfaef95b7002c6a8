import { describe, expect, it } from 'vitest';
import { presetOf, setupOfPreset } from './presets.ts';
import { changeEntry, changeShared, findSharedEpsilon } from './setup.ts';

const setup = setupOfPreset(presetOf('quick'));
const abp = setup.entries[2]!.key;
const namesOf = ({ entries }: typeof setup): string[] => entries.map(({ name }) => name);

describe('names of runs', () => {
  it('keep the last valid value while a field has an error', () => {
    const changed = changeEntry(setup, abp, { trainingEpsilon: '0.2' });
    expect(namesOf(changed)).toEqual(['Plain', 'Dropout', 'ABP ε 0.2']);
    const wrong = changeEntry(changed, abp, { trainingEpsilon: 'abc' });
    expect(wrong.entries[2]!.settings.errors.trainingEpsilon).toContain('abc');
    expect(namesOf(wrong)).toEqual(namesOf(changed));
    expect(namesOf(changeShared(wrong, { epochs: 'none' }))).toEqual(namesOf(changed));
    expect(namesOf(changeEntry(wrong, abp, { trainingEpsilon: '0.3' }))[2]).toBe('ABP ε 0.3');
  });
});

describe('findSharedEpsilon', () => {
  it('is what all runs that use a training ε have, as it was typed', () => {
    expect(findSharedEpsilon(setup)).toBe('0.08');
    const two = changeEntry(setup, setup.entries[0]!.key, { method: 'noise' });
    expect(findSharedEpsilon(two)).toBe('0.08');
    expect(findSharedEpsilon(changeEntry(two, abp, { trainingEpsilon: 'x' }))).toBeNull();
    expect(findSharedEpsilon({ entries: [setup.entries[0]!] })).toBeNull();
  });
});
