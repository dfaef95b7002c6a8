/**
 * What can be measured: our two engines, simd without skipping any zero, and the libraries that one would use instead.
 */
export const contenderNames = ['simd', 'simd-dense', 'tfjs-wasm', 'jax-js', 'webgl'] as const;
export type ContenderName = (typeof contenderNames)[number];

export const methods = ['adversarial', 'plain'] as const;
export type BenchMethod = (typeof methods)[number];

export interface Entry {
  readonly name: ContenderName;
  /** Null for a graphics processor. */
  readonly threads: number | null;
}

/**
 * The entries to measure, on one thread and on several. Our engine on one thread comes first, because the others are
 * compared with it.
 */
export function entriesOf(only: readonly ContenderName[], threads: number): Entry[] {
  const counts = threads === 1 ? [1] : [1, threads];
  return only.flatMap((name): Entry[] =>
    name === 'webgl'
      ? [{ name, threads: null }]
      : counts.map((count) => ({ name, threads: count })),
  );
}

export function labelOf({ name, threads }: Entry): string {
  return threads === null ? name : `${name} ${threads} thread${threads === 1 ? '' : 's'}`;
}
