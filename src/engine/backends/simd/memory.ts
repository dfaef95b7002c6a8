import { LabError } from '../../../shared/errors.ts';

const pageBytes = 65_536;
/** Must match the kernels' --maximumMemory (scripts/kernels.ts). */
const maximumPages = 16_384;
/** Bytes that the kernels can use in all. */
export const maximumBytes = maximumPages * pageBytes;
/** The kernels' own constants lie below. */
const heapStart = pageBytes;
/** Cache lines: no two matrices share one, so threads never write to the same. */
const alignment = 64;

/**
 * The kernels' memory: shared WebAssembly memory that grows, and a free list for each size. Training
 * asks for the same sizes in every step, so nothing is split or merged; but what is free at the end of
 * the memory is open to all sizes again, so that former networks leave nothing behind.
 */
export class KernelMemory {
  readonly memory: WebAssembly.Memory;
  /** Addresses of free blocks, by their size; the last one freed is the next one used, and still cached. */
  readonly #free = new Map<number, number[]>();
  /** Sizes of free blocks, by the address where they end. */
  readonly #freeByEnd = new Map<number, number>();
  #end = heapStart;
  #usedBytes = 0;
  #floats: Float32Array;
  #bytes: Uint8Array;

  /** @throws LabError 'engine-unavailable' when the browser refuses the memory */
  constructor() {
    try {
      this.memory = new WebAssembly.Memory({ initial: 16, maximum: maximumPages, shared: true });
    } catch (error) {
      throw new LabError(
        'engine-unavailable',
        `The browser refused shared WebAssembly memory: ${String(error)}.`,
        'Close other tabs and reload, or choose the WebGL engine.',
      );
    }
    this.#floats = new Float32Array(this.memory.buffer);
    this.#bytes = new Uint8Array(this.memory.buffer);
  }

  /** Bytes that are handed out. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** All of memory as floats; a view that must not be kept across allocations. */
  get floats(): Float32Array {
    return this.#floats;
  }

  /** All of memory as bytes; the same holds for it. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /**
   * Reserves bytes; what is there is whatever was there before.
   *
   * @returns a byte address
   * @throws LabError 'memory-exhausted'; what was reserved before stays usable
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

  /** Gives back what `allocate` reserved for the same number of bytes. */
  release(address: number, bytes: number): void {
    const size = Math.ceil(bytes / alignment) * alignment;
    this.#usedBytes -= size;
    const list = this.#free.get(size);
    if (list) list.push(address);
    else this.#free.set(size, [address]);
    this.#freeByEnd.set(address + size, size);
    for (let top = this.#freeByEnd.get(this.#end); top; top = this.#freeByEnd.get(this.#end)) {
      this.#freeByEnd.delete(this.#end);
      this.#end -= top;
      const freed = this.#free.get(top)!;
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
        'Reset, and train with smaller layers or a smaller batch.',
      );
    }
    this.#floats = new Float32Array(this.memory.buffer);
    this.#bytes = new Uint8Array(this.memory.buffer);
  }
}
