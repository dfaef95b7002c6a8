import { describe, expect, it } from 'vitest';
import { shallow } from 'zustand/shallow';
import { createListMemory } from './useLabList.ts';

describe('createListMemory', () => {
  it('returns the same object until one of its values changes', () => {
    const reuse = createListMemory<{ id: string; paletteIndex: number }>();
    const before = reuse([
      { id: 'a', paletteIndex: 0 },
      { id: 'b', paletteIndex: 1 },
    ]);
    const same = reuse([
      { id: 'a', paletteIndex: 0 },
      { id: 'b', paletteIndex: 1 },
    ]);
    expect(shallow(same, before)).toBe(true);
    const other = reuse([
      { id: 'a', paletteIndex: 0 },
      { id: 'b', paletteIndex: 2 },
      { id: 'c', paletteIndex: 3 },
    ]);
    expect(other[0]).toBe(before[0]);
    expect(other.slice(1)).toEqual([
      { id: 'b', paletteIndex: 2 },
      { id: 'c', paletteIndex: 3 },
    ]);
  });
});
