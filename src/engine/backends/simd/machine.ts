import { LabError } from '../../../domain/errors.ts';
import type { Matrix } from '../backend.ts';
import { MatrixScope } from '../matrixScope.ts';
import {
  type CompiledKernels,
  instantiateKernels,
  type Kernel,
  type KernelName,
} from './kernels.ts';
import { asSimd, roundUp, SimdMatrix, tileColumns, tileRows } from './matrix.ts';
import { KernelMemory } from './memory.ts';
import { type StartThread, ThreadPool } from './threads.ts';

/** Depth of a block of the matrix product; must match KC in kernels/gemm.ts. */
const blockDepth = 256;

/** Scratch memory of a product that skips zeros; must match kernels/sparse.ts. */
const listBytes = 256 * 96 + 96 + 512 * 4 + 16_384 * 8;

/** The kernels, their memory, and the threads that run them. */
export class SimdMachine {
  /** Resolves when a thread has died. */
  readonly lost: Promise<LabError>;
  readonly memory = new KernelMemory();
  readonly #compiled: CompiledKernels;
  readonly #kernels: Readonly<Record<KernelName, Kernel>>;
  readonly #startThread: StartThread | null;
  readonly #shareAll: boolean;
  readonly #scope = new MatrixScope<SimdMatrix>((matrix) =>
    this.memory.release(matrix.address, matrix.bytes),
  );
  #scratch = { address: 0, bytes: 0 };
  #pool: ThreadPool | null = null;
  #lose!: (error: LabError) => void;

  /**
   * @param startThread null if there can be no other threads
   * @param shareAll share all work among the threads, however small, for tests
   */
  constructor(compiled: CompiledKernels, startThread: StartThread | null, shareAll: boolean) {
    this.#compiled = compiled;
    this.#startThread = startThread;
    this.#shareAll = shareAll;
    this.lost = new Promise((resolve) => (this.#lose = resolve));
    this.#kernels = instantiateKernels(compiled.module, this.memory.memory);
  }

  /** Threads that compute, the caller included. */
  get threads(): number {
    return this.#pool?.parts ?? 1;
  }

  /** Number of matrices not yet freed. */
  get matrices(): number {
    return this.#scope.count;
  }

  /** Sets the number of threads. Results do not depend on it, so it may change between any two calls. */
  async useThreads(threads: number): Promise<void> {
    if (threads === this.threads) return;
    const { module } = this.#compiled;
    const pool =
      threads > 1 && this.#startThread
        ? await ThreadPool.start(threads, module, this.memory.memory, this.#startThread)
        : null;
    this.#pool?.dispose();
    this.#pool = pool;
    void pool?.broken.then((error) => {
      if (this.#pool === pool) this.#lose(error);
    });
  }

  /** Runs a kernel, on all threads if the work is large enough to share. */
  run(isShared: boolean, name: KernelName, ...args: number[]): void {
    const pool = this.#pool;
    if (!pool || !(isShared || this.#shareAll)) this.#kernels[name](0, 1, ...args);
    else pool.call(name, args, () => this.#kernels[name](0, pool.parts, ...args));
  }

  /** Makes a matrix with uninitialized values. */
  make(rows: number, columns: number): SimdMatrix {
    const address = this.memory.allocate(SimdMatrix.bytesFor(rows, columns));
    return this.#scope.add(new SimdMatrix(address, rows, columns));
  }

  /** The floats of a matrix with its padding, as a view that is valid until the next allocation. */
  floatsOf({ address, bytes }: SimdMatrix): Float32Array {
    return this.memory.floats.subarray(address / 4, (address + bytes) / 4);
  }

  /**
   * Scratch memory for a product with a left side of `rows` × `depth`: per thread, a packed panel and
   * a packed block, or the lists of what is not zero.
   *
   * @returns its address, and the number of bytes per thread
   */
  scratchFor(rows: number, depth: number): [number, number] {
    const block = roundUp(rows, tileRows) * Math.min(depth, blockDepth);
    const bytesEach = Math.max((blockDepth * tileColumns + block) * 4, listBytes);
    const bytes = bytesEach * this.threads;
    if (this.#scratch.bytes < bytes) {
      this.#releaseScratch();
      this.#scratch = { address: this.memory.allocate(bytes), bytes };
    }
    return [this.#scratch.address, bytesEach];
  }

  #releaseScratch(): void {
    const { address, bytes } = this.#scratch;
    this.#scratch = { address: 0, bytes: 0 };
    if (bytes > 0) this.memory.release(address, bytes);
  }

  free(matrices: readonly Matrix[]): void {
    for (const matrix of matrices) this.#scope.free(asSimd(matrix));
    if (this.#scope.count === 0) this.#releaseScratch(); // no network is left
  }

  /** See `Backend.scope`. */
  scope<T>(compute: (keep: <M extends Matrix>(matrix: M) => M) => T): T {
    return this.#scope.run((keep) =>
      compute((matrix) => {
        keep(asSimd(matrix));
        return matrix;
      }),
    );
  }

  /** Stops the threads; the garbage collector frees the memory. */
  dispose(): void {
    this.#pool?.dispose();
  }
}
