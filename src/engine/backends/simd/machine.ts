import { LabError } from '../../../shared/errors.ts';
import type { Matrix } from '../backend.ts';
import { MatrixScope } from '../matrixScope.ts';
import {
  type CompiledKernels,
  instantiateKernels,
  type Kernel,
  type KernelName,
} from './kernels.ts';
import { own, roundUp, SimdMatrix, tileColumns, tileRows } from './matrix.ts';
import { KernelMemory } from './memory.ts';
import { type StartThread, ThreadPool } from './threads.ts';

/** Depth of a block of a product, as in kernels/gemm.ts. */
const blockDepth = 256;

/** The kernels, the memory that they work in, and the threads that run them. */
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
   * @param startThread null: there are no other threads
   * @param shareAll share even work that is not worth it, for tests
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

  /** Matrices that are not freed. */
  get matrices(): number {
    return this.#scope.count;
  }

  /** Results do not depend on the number of threads: it may change between any two calls. */
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

  /** Runs a kernel, in all threads if the work is worth it. */
  run(isWorthSharing: boolean, name: KernelName, ...args: number[]): void {
    const pool = this.#pool;
    if (!pool || !(isWorthSharing || this.#shareAll)) this.#kernels[name](0, 1, ...args);
    else pool.call(name, args, () => this.#kernels[name](0, pool.parts, ...args));
  }

  /** A matrix whose numbers are whatever was there before. */
  make(rows: number, columns: number): SimdMatrix {
    const address = this.memory.allocate(SimdMatrix.bytesFor(rows, columns));
    return this.#scope.add(new SimdMatrix(address, rows, columns));
  }

  /** The floats of a matrix and its padding; a view that must not be kept. */
  floatsOf({ address, bytes }: SimdMatrix): Float32Array {
    return this.memory.floats.subarray(address / 4, (address + bytes) / 4);
  }

  /**
   * Scratch for a product of `rows` × `depth` with anything: a packed panel and the packed block, for
   * each thread. @returns its address and the bytes of one thread
   */
  scratchFor(rows: number, depth: number): [number, number] {
    const block = roundUp(rows, tileRows) * Math.min(depth, blockDepth);
    const bytesEach = (blockDepth * tileColumns + block) * 4;
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
    for (const matrix of matrices) this.#scope.free(own(matrix));
    if (this.#scope.count === 0) this.#releaseScratch(); // the last network is gone
  }

  /** See `scope` of a backend. */
  scope<T>(compute: (keep: <M extends Matrix>(matrix: M) => M) => T): T {
    return this.#scope.run((keep) =>
      compute((matrix) => {
        keep(own(matrix));
        return matrix;
      }),
    );
  }

  /** Ends the threads; the garbage collector frees the memory. */
  dispose(): void {
    this.#pool?.dispose();
  }
}
