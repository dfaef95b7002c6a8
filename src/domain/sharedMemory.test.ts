import { afterEach, describe, expect, it, vi } from 'vitest';
import { canShareMemory } from './sharedMemory.ts';

afterEach(() => vi.unstubAllGlobals());

describe('canShareMemory', () => {
  it.each([
    ['isolated, with SharedArrayBuffer', true, SharedArrayBuffer, true],
    ['isolated, without SharedArrayBuffer', true, undefined, false],
    ['not isolated', false, SharedArrayBuffer, false],
  ])('%s', (_, isIsolated, constructor, expected) => {
    vi.stubGlobal('crossOriginIsolated', isIsolated);
    vi.stubGlobal('SharedArrayBuffer', constructor);
    expect(canShareMemory()).toBe(expected);
  });
});
