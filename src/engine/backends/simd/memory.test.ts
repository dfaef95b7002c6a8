import { afterEach, describe, expect, it, vi } from 'vitest';
import { KernelMemory } from './memory.ts';

afterEach(() => vi.restoreAllMocks());

/** Refuses memory that may grow beyond this many MiB, as phones do. */
function limitMemory(mebibytes: number): void {
  const { Memory } = WebAssembly;
  vi.spyOn(WebAssembly, 'Memory').mockImplementation(function (descriptor) {
    if (descriptor.maximum! > mebibytes * 16) throw new RangeError('Out of memory');
    return new Memory(descriptor);
  });
}

describe('KernelMemory', () => {
  it.each([512, 256])('makes do with %i MiB', (mebibytes) => {
    limitMemory(mebibytes);
    const memory = new KernelMemory();
    const most = mebibytes * 2 ** 20 - 65_536;
    expect(() => memory.allocate(most + 64)).toThrow('more than it can get');
    expect(memory.allocate(1000)).toBeGreaterThan(0);
  });

  it('says so when less than 256 MiB are granted', () => {
    limitMemory(255);
    expect(() => new KernelMemory()).toThrow('refused shared WebAssembly memory');
  });

  it('never allocates memory that is in use', () => {
    const memory = new KernelMemory();
    const used = new Map<number, number>();
    let seed = 1;
    const random = (below: number) => (seed = (seed * 48_271) % 0x7fffffff) % below;
    for (let round = 0; round < 5000; round++) {
      const isFull = used.size > 40;
      if (!isFull && (used.size === 0 || random(2) === 0)) {
        const bytes = [64, 100, 4096, 70_000][random(4)]!;
        const address = memory.allocate(bytes);
        for (const [other, size] of used) {
          expect(address >= other + size || address + bytes <= other).toBe(true);
        }
        used.set(address, bytes);
      } else {
        const [address, bytes] = [...used][random(used.size)]!;
        used.delete(address);
        memory.release(address, bytes);
      }
    }
    for (const [address, bytes] of used) memory.release(address, bytes);
    expect(memory.usedBytes).toBe(0);
  });

  it('does not grow with each former network while another one stays', () => {
    const memory = new KernelMemory();
    memory.allocate(1000);
    const sizeAfter = (bytes: number): number => {
      const blocks = [bytes, 2 * bytes, bytes].map(
        (size) => [memory.allocate(size), size] as const,
      );
      for (const [address, size] of blocks) memory.release(address, size);
      return memory.memory.buffer.byteLength;
    };
    const first = sizeAfter(4_000_000);
    for (let bytes = 3_900_000; bytes > 3_000_000; bytes -= 64_000) {
      expect(sizeAfter(bytes)).toBe(first);
    }
  });
});
