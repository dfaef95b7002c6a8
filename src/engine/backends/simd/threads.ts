import { LabError } from '../../../shared/errors.ts';
import { instantiateKernels, type KernelName, kernelNames } from './kernels.ts';

/** Places in the control block, 32-bit integers shared by all threads. */
const places = {
  /** Raised for each call; threads wait for it to change. */
  call: 0,
  /** Threads that have done their part of the present call. */
  done: 1,
  /** Threads that are set up. */
  ready: 2,
  /** Which kernel: an index of kernelNames, or `stop`. */
  kernel: 3,
  argumentCount: 4,
} as const;
const stop = -1;
/** Where the arguments start, as float64, in bytes. */
const argumentsAt = 64;
const maxArguments = 24;

/**
 * How long a thread looks at the control block before it sleeps. To wake takes some 50 µs, and the
 * calls of a step follow one another closely: the longest gap is a batch being gathered.
 */
const spinMs = 0.2;
/** Looks between two at the clock. */
const looksAtOnce = 500;
const startTimeoutMs = 5_000;
const callTimeoutMs = 20_000;

/** All that a thread needs; structured-clonable. */
export interface ThreadSetup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  /** Which share of every call is this thread's, 1 to parts − 1; the caller does share 0. */
  readonly part: number;
  readonly parts: number;
}

/**
 * Starts a thread that calls `serveThread` with the setup, and returns how to end it.
 * `onError` hears of a thread that does not load or throws.
 */
export type StartThread = (setup: ThreadSetup, onError: (why: string) => void) => () => void;

/** Looks at a place until it no longer holds the value. @returns whether it changed in time */
function changes(state: Int32Array, place: number, value: number): boolean {
  const deadline = performance.now() + spinMs;
  do {
    for (let looks = 0; looks < looksAtOnce; looks++) {
      if (Atomics.load(state, place) !== value) return true;
    }
  } while (performance.now() < deadline);
  return false;
}

/** What a thread does all its life: its part of every call. Blocks; returns when it is told to stop. */
export function serveThread({ module, memory, control, part, parts }: ThreadSetup): void {
  const kernels = instantiateKernels(module, memory);
  const state = new Int32Array(control);
  const values = new Float64Array(control, argumentsAt, maxArguments);
  let seen = Atomics.load(state, places.call);
  Atomics.add(state, places.ready, 1);
  for (;;) {
    if (!changes(state, places.call, seen)) {
      while (Atomics.load(state, places.call) === seen) Atomics.wait(state, places.call, seen);
    }
    seen = Atomics.load(state, places.call);
    const kernel = Atomics.load(state, places.kernel);
    if (kernel === stop) return;
    const count = Atomics.load(state, places.argumentCount);
    kernels[kernelNames[kernel]!](part, parts, ...values.subarray(0, count));
    Atomics.add(state, places.done, 1);
    Atomics.notify(state, places.done);
  }
}

/** Threads that share the work of kernel calls with the caller; results never depend on their number. */
export class ThreadPool {
  /** Threads that compute, the caller included. */
  readonly parts: number;
  readonly #state: Int32Array;
  readonly #values: Float64Array;
  readonly #ends: (() => void)[] = [];

  /** Resolves with the error when a thread dies or stops answering. */
  readonly broken: Promise<LabError>;
  #break!: (error: LabError) => void;
  #failure: LabError | null = null;

  private constructor(
    parts: number,
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    startThread: StartThread,
  ) {
    const control = new SharedArrayBuffer(argumentsAt + maxArguments * 8);
    this.parts = parts;
    this.#state = new Int32Array(control);
    this.#values = new Float64Array(control, argumentsAt, maxArguments);
    this.broken = new Promise((resolve) => (this.#break = resolve));
    const onError = (why: string) => this.#fail(why);
    for (let part = 1; part < parts; part++) {
      this.#ends.push(startThread({ module, memory, control, part, parts }, onError));
    }
  }

  /**
   * Starts parts − 1 threads and waits until they serve. Null when they do not: one thread gives the
   * same results.
   */
  static async start(
    parts: number,
    module: WebAssembly.Module,
    memory: WebAssembly.Memory,
    startThread: StartThread,
  ): Promise<ThreadPool | null> {
    const pool = new ThreadPool(parts, module, memory, startThread);
    const deadline = performance.now() + startTimeoutMs;
    while (Atomics.load(pool.#state, places.ready) < parts - 1) {
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
      'What was learnt so far stays on this page. Restart the engine and train again.',
    );
    this.#break(this.#failure);
    return this.#failure;
  }

  /** Runs a kernel in all threads; `own` does the caller's part meanwhile. Returns when all are done. */
  call(name: KernelName, args: readonly number[], own: () => void): void {
    if (this.#failure) throw this.#failure;
    const state = this.#state;
    this.#values.set(args);
    Atomics.store(state, places.argumentCount, args.length);
    Atomics.store(state, places.kernel, kernelNames.indexOf(name));
    Atomics.store(state, places.done, 0);
    Atomics.add(state, places.call, 1);
    Atomics.notify(state, places.call);
    own();
    const others = this.parts - 1;
    for (let done = 0; changes(state, places.done, done);) {
      done = Atomics.load(state, places.done);
      if (done === others) return;
    }
    // A busy machine gave another program the core; sleep rather than take a second one.
    const deadline = performance.now() + callTimeoutMs;
    for (;;) {
      const done = Atomics.load(state, places.done);
      if (done === others) return;
      Atomics.wait(state, places.done, done, 1000);
      if (Atomics.load(state, places.done) === others) return;
      if (performance.now() > deadline) throw this.#fail('stopped answering.');
    }
  }

  dispose(): void {
    Atomics.store(this.#state, places.kernel, stop);
    Atomics.add(this.#state, places.call, 1);
    Atomics.notify(this.#state, places.call);
    for (const end of this.#ends) end();
  }
}
