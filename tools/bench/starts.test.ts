import { describe, expect, it } from 'vitest';
import { describeBytes } from './starts.ts';

describe('describeBytes', () => {
  it('adds up the files of each phase by type, the largest type first', () => {
    const transfers = [
      { atMs: 100, type: 'document', bytes: 2000 },
      { atMs: 200, type: 'script', bytes: 200_000 },
      { atMs: 300, type: 'script', bytes: 24_000 },
      { atMs: 900, type: 'fetch', bytes: 1_500_000 },
    ];
    const start = { paintedMs: 250, shownMs: 400, answeredMs: 1000, layoutShift: 0, transfers };
    expect(describeBytes(start)).toBe(
      'Bytes until the page answers: 226 kB (script 224, document 2); ' +
        'then until the networks answer: 1500 kB (fetch 1500); and when the page is quiet: 0 kB',
    );
  });
});
