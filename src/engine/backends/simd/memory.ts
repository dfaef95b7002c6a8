import { LabError } from '../../../domain/errors.ts';

const pageBytes = 65_536;
/** Must match the kernels' --maximumMemory (tools/build/kernels.ts). */
const maximumPages = 16_384;
/** Phones refuse to reserve much address space; with less of it networks just cannot be as large. */
const offeredPages = [maximumPages, maximumPages / 2, maximumPages / 4] as const;
/** Most bytes that the kernels can use. */
export const maximumBytes = maximumPages * pageBytes;
/** The kernels' own constants are below this address. */
const heapStart = pageBytes;
/** The size of a cache line: no two matrices share one, so threads never write to the same line. */
const alignment = 64;

/**
 * The kernels' memory: shared WebAssembly memory that grows, with a free list for each size. Training allocates the
 * same sizes in every step, so blocks are not split or merged. Only free blocks at the end of the memory are given
 * back for all sizes, so that former networks leave nothing behind.
 */
export class KernelMemory {
  readonly memory: WebAssembly.Memory;
  /** Addresses of free blocks by size. The last one freed, which may still be in the cache, is used first. */
  readonly #free = new Map<number, number[]>();
  /** Sizes of free blocks by the address where they end. */
  readonly #freeByEnd = new Map<number, number>();
  #end = heapStart;
  #usedBytes = 0;
  #floats: Float32Array;
  #bytes: Uint8Array;

  /** @throws LabError 'engine-unavailable' if the browser refuses the memory */
  constructor() {
    this.memory = reserve();
    this.#floats = new Float32Array(this.memory.buffer);
    this.#bytes = new Uint8Array(this.memory.buffer);
  }

  /** Bytes that are allocated. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** The whole memory as floats, as a view that is valid until the next allocation. */
  get floats(): Float32Array {
    return this.#floats;
  }

  /** The whole memory as bytes, as a view that is valid until the next allocation. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /**
   * Allocates uninitialized memory.
   *
   * @returns a byte address
   * @throws LabError 'memory-exhausted'; earlier allocations stay valid
   */
  allocate(bytes: number): number {
    const size = Math.ceil(bytes / alignment) * alignment;
    let address = this.#free.get(size)?.pop();
    if (address !== undefined) {
      this.#freeByEnd.delete(address + size);
    } else {
      address = this.#end;
      this.#grow(address + size);
      this.#end = address + size;
    }
    this.#usedBytes += size;
    return address;
  }

  /** Frees memory that `allocate` returned for the same number of bytes. */
  release(address: number, bytes: number): void {
    const size = Math.ceil(bytes / alignment) * alignment;
    this.#usedBytes -= size;
    const list = this.#free.get(size);
    if (list) list.push(address);
    else this.#free.set(size, [address]);
    this.#freeByEnd.set(address + size, size);
    for (
      let freedSize = this.#freeByEnd.get(this.#end);
      freedSize;
      freedSize = this.#freeByEnd.get(this.#end)
    ) {
      this.#freeByEnd.delete(this.#end);
      this.#end -= freedSize;
      const freed = this.#free.get(freedSize)!;
      freed.splice(freed.lastIndexOf(this.#end), 1);
    }
  }

  #grow(end: number): void {
    const missing = end - this.memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.memory.grow(Math.ceil(missing / pageBytes));
    } catch {
      throw new LabError(
        'memory-exhausted',
        `The engine would need ${Math.ceil(end / 2 ** 20)} MiB, more than it can get.`,
        'Start over with smaller layers or a smaller batch.',
      );
    }
    this.#floats = new Float32Array(this.memory.buffer);
    this.#bytes = new Uint8Array(this.memory.buffer);
  }
}

/** The largest memory that the browser grants. */
function reserve(): WebAssembly.Memory {
  let problem: unknown;
  for (const maximum of offeredPages) {
    try {
      return new WebAssembly.Memory({ initial: 16, maximum, shared: true });
    } catch (error) {
      problem = error;
    }
  }
  throw new LabError(
    'engine-unavailable',
    `The browser refused shared WebAssembly memory: ${String(problem)}.`,
    'Close other tabs and reload, or choose the WebGL engine.',
  );
}
