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

export function labelOf({ name, threads }: Entry): string {
  return threads === null ? name : `${name} ${threads} thread${threads === 1 ? '' : 's'}`;
}
