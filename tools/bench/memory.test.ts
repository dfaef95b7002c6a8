import { describe, expect, it } from 'vitest';
import { describeMemory } from './memory.ts';

describe('describeMemory', () => {
  it('compares what is kept with the first measurement', () => {
    const kept = [
      { when: 'after epoch 2', megabytes: 200 },
      { when: 'after epoch 8', megabytes: 199 },
      { when: 'at the end', megabytes: 210 },
    ];
    expect(describeMemory({ kept, most: 322.4 })).toBe(
      'after epoch 2 200 MB, after epoch 8 199 MB (−0.5 %), at the end 210 MB (+5.0 %); at most 322 MB before a garbage collection',
    );
  });
});
