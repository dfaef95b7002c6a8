/** What can be measured: our two engines and the libraries that people would take instead. */
export const contenderNames = ['simd', 'tfjs-wasm', 'jax-js', 'webgl'] as const;
export type ContenderName = (typeof contenderNames)[number];

/** WebGL has the graphics processor's threads, which nobody chooses. */
export const hasThreads = (name: ContenderName): boolean => name !== 'webgl';

export const methods = ['adversarial', 'plain'] as const;
export type BenchMethod = (typeof methods)[number];

/** A contender with so many threads. */
export interface Entry {
  readonly name: ContenderName;
  /** Threads that compute; null where they are the graphics processor's. */
  readonly threads: number | null;
}

export function labelOf({ name, threads }: Entry): string {
  return threads === null ? name : `${name} ${threads} thread${threads === 1 ? '' : 's'}`;
}
