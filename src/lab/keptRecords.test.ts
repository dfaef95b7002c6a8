import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../shared/checkpoint.ts';
import {
  readCheckpoint,
  readStart,
  recordOfCheckpoint,
  recordOfRun,
  sizeOf,
} from './keptRecords.ts';
import { makeCheckpoint, makeSavedRun } from './testing/savedRaces.ts';

const { config } = makeSavedRun('a', 130);
const change = (layer: Partial<Checkpoint['layers'][number]>, rest: Partial<Checkpoint> = {}) => {
  const checkpoint = makeCheckpoint(130);
  const [first, second] = checkpoint.layers;
  return { ...checkpoint, layers: [first!, { ...second!, ...layer }], ...rest };
};
const numbers = (last: number) => Float32Array.from({ length: 40 }, (_, i) => (i < 39 ? 1 : last));

describe('readCheckpoint', () => {
  it('gives back what was recorded', () => {
    const record = recordOfCheckpoint('race', 'a', makeCheckpoint(130));
    expect(readCheckpoint(record, config, 130)).toEqual(makeCheckpoint(130));
  });

  it.each([
    ['weights', change({ parameters: numbers(NaN) }), 'NaN in its weights'],
    ['an overflow', change({ states: [numbers(Infinity)] }), 'NaN in its optimizer state'],
    ['losses', change({}, { scores: new Float32Array(4).fill(NaN) }), 'NaN in its losses'],
    ['a length', change({ parameters: new Float32Array(7) }), 'found something else'],
    [
      'a layer',
      change({}, { layers: makeCheckpoint(130).layers.slice(1) }),
      'expected 2 layers, found 1',
    ],
    ['losses of others', change({}, { scores: new Float32Array(8) }), 'of 2 images, found 4'],
    ['another step', makeCheckpoint(90), 'expected it at step 130, found it at step 90'],
  ])('says what it found: %s', (_, checkpoint, says) => {
    const record = recordOfCheckpoint('race', 'a', checkpoint);
    expect(readCheckpoint(record, config, 130)).toContain(says);
  });

  it('says that it found nothing', () => {
    expect(readCheckpoint(undefined, config, 130)).toBe('expected it at step 130, found nothing');
  });
});

describe('what is damaged', () => {
  it('still tells when it began and what it takes, where that is whole', () => {
    expect(readStart({ id: 'a', startedAt: 1000, runIds: 'all' })).toBe(1000);
    expect(readStart({ id: 'a', startedAt: 'today' })).toBeNull();
    const record = recordOfRun('race', makeSavedRun('a', 130));
    expect(sizeOf({ ...record, config: {} })).toBe(record.bytes);
    expect(sizeOf({ bytes: -1 })).toBe(0);
  });
});
