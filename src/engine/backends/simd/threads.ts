import { LabError } from '../../../domain/errors.ts';
import { instantiateKernels, type KernelName, kernelNames } from './kernels.ts';

/** Indices into the control block, 32-bit integers shared by all threads. */
const controlIndices = {
  /** Incremented for each call; threads wait for it to change. */
  call: 0,
  /** Number of threads that have done their part of the current call. */
  done: 1,
  /** Number of threads that are ready. */
  ready: 2,
  /** The kernel to run, as an index into kernelNames, or `stop`. */
  kernel: 3,
  argumentCount: 4,
} as const;
const stop = -1;
/** Byte offset of the arguments, which are float64. */
const argumentsOffset = 64;
const maxArguments = 24;

/**
 * How long a thread polls the control block before it sleeps. Waking up takes about 50 µs, and the calls of a step
 * follow each other closely: the longest gap is the gathering of a batch.
 */
const spinMs = 0.2;
/** Polls between two reads of the clock. */
const pollsPerClockRead = 500;
const startTimeoutMs = 5_000;
const callTimeoutMs = 20_000;

/** Everything a thread needs; it can be cloned (structuredClone). */
export interface ThreadSetup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  /** This thread's part of every call, 1 to parts − 1; the caller does part 0. */
  readonly part: number;
  readonly parts: number;
}

/**
 * Starts a thread that calls `serveThread` with the setup.
 *
 * @param onError called if the thread does not load or throws
 * @returns a function that stops it
 */
export type StartThread = (setup: ThreadSetup, onError: (why: string) => void) => () => void;

/** Polls an element of the control block until it differs from `value`. @returns whether it changed in time */
function spinUntilChanged(state: Int32Array, index: number, value: number): boolean {
  const deadline = performance.now() + spinMs;
  do {
    for (let polls = 0; polls < pollsPerClockRead; polls++) {
      if (Atomics.load(state, index) !== value) return true;
    }
  } while (performance.now() < deadline);
  return false;
}

/** The main loop of a thread: does its part of every call. Blocks until it receives `stop`. */
export function serveThread({ module, memory, control, part, parts }: ThreadSetup): void {
  const kernels = instantiateKernels(module, memory);
  const state = new Int32Array(control);
  const values = new Float64Array(control, argumentsOffset, maxArguments);
  let lastCall = Atomics.load(state, controlIndices.call);
  Atomics.add(state, controlIndices.ready, 1);
  for (;;) {
    if (!spinUntilChanged(state, controlIndices.call, lastCall)) {
      while (Atomics.load(state, controlIndices.call) === lastCall)
        Atomics.wait(state, controlIndices.call, lastCall);
    }
    lastCall = Atomics.load(state, controlIndices.call);
    const kernel = Atomics.load(state, controlIndices.kernel);
    if (kernel === stop) return;
    const count = Atomics.load(state, controlIndices.argumentCount);
    kernels[kernelNames[kernel]!](part, parts, ...values.subarray(0, count));
    Atomics.add(state, controlIndices.done, 1);
    Atomics.notify(state, controlIndices.done);
  }
}

/** Threads that share the work of kernel calls with the caller. Results do not depend on their number. */
export class ThreadPool {
  /** Threads that compute, the caller included. */
  readonly parts: number;
  readonly #state: Int32Array;
  readonly #values: Float64Array;
  readonly #ends: (() => void)[] = [];

  /** Resolves with the error when a thread dies or stops responding. */
  readonly broken: Promise<LabError>;
  #break!: (error: LabError) => void;
  #failure: LabError | null = null;

  private constructor(parts: number, control: SharedArrayBuffer) {
    this.parts = parts;
    this.#state = new Int32Array(control);
    this.#values = new Float64Array(control, argumentsOffset, maxArguments);
    this.broken = new Promise((resolve) => (this.#break = resolve));
  }

  /**
   * Starts parts − 1 threads and waits until they are ready.
   *
   * @returns null if they do not start, for any reason; one thread gives the same results
   */
  static async start(
    parts: number,
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    startThread: StartThread,
  ): Promise<ThreadPool | null> {
    if (typeof SharedArrayBuffer !== 'function') return null;
    const control = new SharedArrayBuffer(argumentsOffset + maxArguments * 8);
    const pool = new ThreadPool(parts, control);
    const onError = (why: string) => pool.#fail(why);
    try {
      for (let part = 1; part < parts; part++) {
        pool.#ends.push(startThread({ module, memory, control, part, parts }, onError));
      }
    } catch {
      pool.dispose();
      return null;
    }
    const deadline = performance.now() + startTimeoutMs;
    while (Atomics.load(pool.#state, controlIndices.ready) < parts - 1) {
      if (pool.#failure || performance.now() > deadline) {
        pool.dispose();
        return null;
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return pool;
  }

  #fail(why: string): LabError {
    this.#failure ??= new LabError(
      'engine-failed',
      `A SIMD thread ${why}`,
      'What was learned so far stays on this page. Restart the engine and train again.',
    );
    this.#break(this.#failure);
    return this.#failure;
  }

  /** Runs a kernel on all threads, while `doOwnPart` does the caller's part. Returns when all are done. */
  call(name: KernelName, args: readonly number[], doOwnPart: () => void): void {
    if (this.#failure) throw this.#failure;
    const state = this.#state;
    this.#values.set(args);
    Atomics.store(state, controlIndices.argumentCount, args.length);
    Atomics.store(state, controlIndices.kernel, kernelNames.indexOf(name));
    Atomics.store(state, controlIndices.done, 0);
    Atomics.add(state, controlIndices.call, 1);
    Atomics.notify(state, controlIndices.call);
    doOwnPart();
    const others = this.parts - 1;
    for (let done = 0; spinUntilChanged(state, controlIndices.done, done);) {
      done = Atomics.load(state, controlIndices.done);
      if (done === others) return;
    }
    // Another program has the thread's core. Sleep, rather than use a second core for polling.
    const deadline = performance.now() + callTimeoutMs;
    for (;;) {
      const done = Atomics.load(state, controlIndices.done);
      if (done === others) return;
      Atomics.wait(state, controlIndices.done, done, 1000);
      if (Atomics.load(state, controlIndices.done) === others) return;
      if (performance.now() > deadline) throw this.#fail('stopped responding.');
    }
  }

  dispose(): void {
    Atomics.store(this.#state, controlIndices.kernel, stop);
    Atomics.add(this.#state, controlIndices.call, 1);
    Atomics.notify(this.#state, controlIndices.call);
    for (const end of this.#ends) end();
  }
}
